package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TeamTest {
    private static final String USER = "0123456789abcdef0123456789abcdef";

    private static List<JsonNode> rows(String json) throws Exception {
        List<JsonNode> rows = new ArrayList<>();
        new ObjectMapper().readTree(json).forEach(rows::add);
        return rows;
    }

    /** A member of the team, and what the list of offering users has of him. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            "offering_user_username": "a"                                    | -                                                      | a
            "offering_user_username": "a", "offering_user_state": "OK"       | -                                                      | a
            "offering_user_username": "a", "offering_user_state": "Deleting" | -                                                      | -
            "offering_user_username": null, "offering_user_state": null      | -                                                      | -
            "email": "x"                                                     | -                                                      | -
            "email": "x"                                                     | "username": "Alice", "state": "OK"                     | alice
            "email": "x"                                                     | "username": "alice"                                    | alice
            "offering_user_username": "a"                                    | "username": "alice", "state": "OK"                     | alice
            "offering_user_username": "a"                                    | "username": "a", "state": "OK", "is_restricted": true  | -
            "offering_user_username": "a"                                    | "username": "a", "state": "Error creating"             | -
            "offering_user_username": "a"                                    | "username": "", "state": "OK"                          | -
            "offering_user_username": "a"                                    | "username": null, "state": "OK"                        | -
            "email": "x"                                                     | "username": "a,root", "state": "OK"                    | -
            "email": "x"                                                     | "username": "-rf", "state": "OK"                       | -
            """)
    void whoMayCompute(String member, String offeringUser, String username) throws Exception {
        String team = "[{\"uuid\": \"01234567-89ab-cdef-0123-456789abcdef\", " + member + "}, {\"uuid\": \"nonsense\"}]";
        String users = offeringUser == null ? "[]" : "[{\"user_uuid\": \"" + USER + "\", " + offeringUser + "}]";
        assertThat(Team.of(rows(team), rows(users)).wanted()).isEqualTo(username == null ? java.util.Set.of() : java.util.Set.of(username));
    }
}
