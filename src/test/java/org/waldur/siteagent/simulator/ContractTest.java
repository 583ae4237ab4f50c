package org.waldur.siteagent.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class ContractTest {
    private static final String UUID = "644262394c16591190c5370254f10dfc";
    private final Contract contract = Contract.read();

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "GET; marketplace-orders/?state=executing&state=pending-provider&offering_uuid=644262394c16591190c5370254f10dfc; ; 0",
        "GET; marketplace-orders/?state=DONE; ; 400",
        "GET; marketplace-orders/?o=nonsense; ; 400",
        "GET; marketplace-orders/?offering_uuid=nonsense; ; 400",
        "GET; no-such-list/; ; 404",
        "PATCH; marketplace-orders/644262394c16591190c5370254f10dfc/; {}; 405",
        "POST; marketplace-provider-resources/644262394c16591190c5370254f10dfc/set_backend_id/; {\"backend_id\": 7}; 400",
        "POST; marketplace-provider-resources/644262394c16591190c5370254f10dfc/set_backend_id/; []; 400",
        "POST; marketplace-provider-resources/644262394c16591190c5370254f10dfc/set_backend_id/; {\"backend_id\": \"hpc_a\"}; 0",
        "POST; marketplace-provider-offerings/644262394c16591190c5370254f10dfc/create_offering_component/; {\"type\": \"bad type!\"}; 400",
        "POST; marketplace-component-usages/set_usage/; {\"usages\": [{\"type\": \"cpu\", \"amount\": \"1.234\"}]}; 400",
        "POST; marketplace-component-usages/set_usage/; {\"usages\": [{\"type\": \"cpu\", \"amount\": \"1.23\"}]}; 0"})
    void whatARealServerRefusesIsRefused(String method, String path, String body, int code) throws IOException {
        assertThat(contract.refusal(request(method, path), json(body)).map(Reply::code).orElse(0)).isEqualTo(code);
    }

    @Test
    void whatARealServerWouldIgnoreIsTold() throws IOException {
        assertThat(contract.ignored(request("GET", "marketplace-orders/?no_such_filter=1&field=uuid&field=nonsense&page=1&page_size=100"), null))
                .containsExactly("field=nonsense", "no_such_filter");
        assertThat(contract.ignored(request("POST", "marketplace-orders/" + UUID + "/set_state_erred/"),
                json("{\"error_message\": \"a\", \"error_traceback\": \"b\", \"why\": \"c\"}"))).containsExactly("body.why");
    }

    @Test
    void anAnswerThatWaldurWouldNotGiveIsTold() {
        WaldurRequest request = request("GET", "marketplace-orders/" + UUID + "/");
        assertThat(contract.mistakes(request, Reply.of(200, Map.of("uuid", UUID, "state", "executing", "limits", Map.of("cpu", 20.5))))).isEmpty();
        assertThat(contract.mistakes(request, Reply.of(200, Map.of("state", "nonsense")))).hasSize(1);
        assertThat(contract.mistakes(request, Reply.of(200, Map.of("colour", "red")))).containsExactly("field colour");
        assertThat(contract.mistakes(request, Reply.of(201, Map.of()))).containsExactly("code 201");
    }

    private static WaldurRequest request(String method, String pathAndQuery) {
        String[] parts = pathAndQuery.split("\\?", 2);
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : parts.length < 2 ? new String[0] : parts[1].split("&")) {
            query.computeIfAbsent(pair.split("=")[0], n -> new ArrayList<>()).add(pair.split("=")[1]);
        }
        return new WaldurRequest(method, parts[0], query, "", Map.of(), 0);
    }

    private static JsonNode json(String body) throws IOException {
        return body == null ? null : new ObjectMapper().readTree(body);
    }
}
