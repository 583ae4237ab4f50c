package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.waldur.siteagent.account.AccountName;
import org.waldur.siteagent.waldur.Uuid;

/** Service and course accounts: users of a project who are on no team. */
public sealed interface OtherAccounts {

    /**
     * @param wanted by project; those that are OK
     * @param staying by project; those, the ones whose making has failed, and what could not be given to sacctmgr. Of which project an
     *                account or an allocation is, Waldur may not say: then the account is wanted nowhere, and stays wherever it is
     */
    record Known(Map<String, SortedSet<String>> wanted, Map<String, SortedSet<String>> staying) implements OtherAccounts {
        SortedSet<String> wanted(String project) {
            return project.isEmpty() ? Collections.emptySortedSet() : wanted.getOrDefault(project, Collections.emptySortedSet());
        }

        SortedSet<String> staying(String project) {
            SortedSet<String> stay = new TreeSet<>();
            staying.forEach((of, names) -> stay.addAll(project.isEmpty() || of.isEmpty() || of.equals(project) ? names : Collections.emptySortedSet()));
            return stay;
        }
    }

    /** A list that there should be, and that could not be read. @param why in one line */
    record Unknown(String why) implements OtherAccounts {
    }

    /** A server that has no such accounts. */
    Known NONE = new Known(Map.of(), Map.of());

    /** @param rows of {@code list_project_service_accounts/} and {@code list_course_accounts/}; a closed one is no longer wanted */
    static Known of(List<JsonNode> rows) {
        Map<String, SortedSet<String>> wanted = new HashMap<>();
        Map<String, SortedSet<String>> staying = new HashMap<>();
        for (JsonNode row : rows) {
            String username = row.path("username").asText("").strip().toLowerCase(Locale.ROOT);
            String state = row.path("state").asText("");
            String project = Uuid.optional(row.path("project_uuid").asText("")).orElse("");
            if (row.path("username").isTextual() && !username.isEmpty() && !state.equals("Closed")) {
                staying.computeIfAbsent(project, p -> new TreeSet<>()).add(username);
                if (state.equals("OK") && AccountName.isUser(username)) {
                    wanted.computeIfAbsent(project, p -> new TreeSet<>()).add(username);
                }
            }
        }
        return new Known(wanted, staying);
    }
}
