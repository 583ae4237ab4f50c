package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.waldur.siteagent.account.AccountName;
import org.waldur.siteagent.waldur.Uuid;

/** Who is on a team and may compute: members with a username that Slurm can have, whose offering user is OK and not restricted. */
final class Team {
    private Team() {
    }

    /**
     * Usernames in lower case, as slurmdbd keeps them.
     *
     * @param team          {@code GET marketplace-provider-resources/UUID/team/}
     * @param offeringUsers {@code GET marketplace-offering-users/}, restricted ones included. A Waldur 7 may hide them all; then the
     *                      team itself says the usernames
     */
    static SortedSet<String> usernames(List<JsonNode> team, List<JsonNode> offeringUsers) {
        Map<String, JsonNode> byUser = new HashMap<>();
        offeringUsers.forEach(user -> byUser.put(uuid(user.path("user_uuid").asText("")), user));
        SortedSet<String> usernames = new TreeSet<>();
        for (JsonNode member : team) {
            JsonNode user = byUser.get(uuid(member.path("uuid").asText("")));
            String username = user == null ? username(member, "offering_user_username", "offering_user_state")
                    : user.path("is_restricted").asBoolean(false) ? "" : username(user, "username", "state");
            if (AccountName.isUser(username)) {
                usernames.add(username.toLowerCase(Locale.ROOT));
            }
        }
        return usernames;
    }

    /** Empty unless the state is OK; old servers know none. */
    private static String username(JsonNode row, String name, String state) {
        return row.path(state).asText("OK").equals("OK") && row.path(name).isTextual() ? row.path(name).textValue().strip() : "";
    }

    private static String uuid(String text) {
        try {
            return Uuid.hex(text);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
