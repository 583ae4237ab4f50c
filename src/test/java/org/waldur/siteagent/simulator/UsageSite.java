package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A simulated Waldur with one offering and two resources on 23 November 2026, and a client of it that says nothing by itself. */
final class UsageSite implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    final WaldurSimulator waldur;
    final String offering;
    /** Orders that made the resources hpc_a and hpc_b. */
    final String a;
    final String b;
    private String token;

    private UsageSite(WaldurSimulator waldur) throws Exception {
        this.waldur = waldur.now(Instant.parse("2026-11-23T10:00:00Z"));
        token = waldur.token();
        offering = waldur.addOffering("slurm", "");
        component("cpu", "usage", Map.of("name", "CPU", "measured_unit", "k-Hours"));
        component("mem", "usage", Map.of());
        component("storage", "limit", Map.of());
        component("gpu", "one", Map.of());
        component("seat", "fixed", Map.of());
        a = resource("a");
        b = resource("b");
    }

    static UsageSite today() throws Exception {
        return new UsageSite(WaldurSimulator.start());
    }

    static UsageSite old() throws Exception {
        return new UsageSite(WaldurSimulator.startOld(0));
    }

    void component(String type, String billing, Map<String, Object> more) {
        Map<String, Object> fields = new LinkedHashMap<>(Map.of("type", type, "name", type, "billing_type", billing, "measured_unit", "h"));
        fields.putAll(more);
        waldur.addComponent(offering, fields);
    }

    private String resource(String name) throws Exception {
        String order = waldur.create(offering, name, "proj-1", "cust", Map.of("cpu", 10));
        done(order);
        assertThat(post("marketplace-provider-resources/" + uuid(order) + "/set_backend_id/", "{\"backend_id\": \"hpc_" + name + "\"}").statusCode()).isEqualTo(200);
        return order;
    }

    void done(String order) throws Exception {
        post("marketplace-orders/" + order + "/approve_by_provider/", "{}");
        waldur.work();
        post("marketplace-orders/" + order + "/set_state_done/", "");
        assertThat(waldur.order(order)).containsEntry("state", "done");
    }

    /** Of the resource of an order. */
    String uuid(String order) {
        return (String) waldur.resource(order).get("uuid");
    }

    UsageSite asStaff() {
        token = waldur.staffToken();
        return this;
    }

    /** Reports {@code cpu=1.00 mem=2.00} for the resource of an order. Gives the answer. */
    HttpResponse<String> report(String order, String amounts) throws Exception {
        return report(order, amounts, "");
    }

    HttpResponse<String> report(String order, String amounts, String date) throws Exception {
        List<String> usages = Arrays.stream(amounts.split(" ")).map(each -> "{\"type\": \"" + each.split("=")[0] + "\", \"amount\": \""
                + each.split("=")[1] + "\"}").toList();
        return post("marketplace-component-usages/set_usage/", "{\"resource\": \"" + uuid(order) + "\", \"usages\": [" + String.join(", ", usages) + "]"
                + (date.isEmpty() ? "" : ", \"date\": \"" + date + "\"") + "}");
    }

    /** The first row of a component's usage. */
    String usageOf(String order, String type) throws Exception {
        return rows("marketplace-component-usages/?resource_uuid=" + uuid(order) + "&type=" + type).get(0).get("uuid").asText();
    }

    HttpResponse<String> reportUsers(String usage, String users) throws Exception {
        List<String> usages = Arrays.stream(users.split(" ")).map(each -> "{\"username\": \"" + each.split("=")[0] + "\", \"usage\": \""
                + each.split("=")[1] + "\"}").toList();
        return post("marketplace-component-usages/" + usage + "/set_user_usages/", "{\"usages\": [" + String.join(", ", usages) + "]}");
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send("POST", path, body, token);
    }

    HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "", token);
    }

    JsonNode rows(String path) throws Exception {
        return JSON.readTree(get(path).body());
    }

    /** A field of each row of a list. */
    List<String> column(String path, String field) throws Exception {
        return rows(path).findValuesAsText(field);
    }

    HttpResponse<String> send(String method, String path, String body, String as) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher = body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        return CLIENT.send(HttpRequest.newBuilder(URI.create(waldur.apiUrl() + path)).header("Authorization", "Token " + as)
                .header("Content-Type", "application/json").method(method, publisher).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        waldur.close();
    }
}
