package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import org.waldur.siteagent.waldur.Text;

/**
 * What Waldur is told of each member of a team, see {@code POST marketplace-provider-resources/UUID/set_membership_sync_statuses/}.
 *
 * @param body all members at once, because they take the place of what was told before
 */
public record SyncStatuses(String resource, String account, String body) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 200;

    /**
     * @param in        users who are in the account by now
     * @param strangers whom the machine does not know
     * @param left      account to why it was left in this cycle
     */
    static SyncStatuses of(Allocation allocation, String account, Team.Known team, Set<String> in, Set<String> strangers, Map<String, String> left) {
        ArrayNode statuses = JSON.createArrayNode();
        for (TeamMember member : team.members()) {
            if (member.user().isBlank() || member.role().isBlank()) {
                continue;
            }
            ObjectNode status = JSON.createObjectNode().put("scope_type", "resource").put("role_name", member.role()).put("user_uuid", member.user());
            switch (member.standing()) {
                case MAY_COMPUTE -> {
                    boolean synced = in.contains(member.username());
                    String why = synced ? "" : strangers.contains(member.username()) ? "the cluster's machine does not know the username yet"
                            : left.getOrDefault("account " + account, "");
                    status.put("state", synced ? "synced" : left.containsKey("account " + account) ? "error" : "pending");
                    message(status, why);
                }
                case WAITS -> message(status.put("state", "pending"), "the offering user is not OK" + (member.state().isEmpty() ? "" : " but " + member.state()));
                case LEAVES -> message(status.put("state", "pending"), "restricted, or being deleted");
                case NAMELESS -> message(status.put("state", "missing_in_idp"), "no username is known");
            }
            statuses.add(status);
        }
        return new SyncStatuses(allocation.uuid(), account, JSON.createObjectNode().set("statuses", statuses).toString());
    }

    private static void message(ObjectNode status, String text) {
        if (!text.isEmpty()) {
            status.put("message", Text.oneLine(text, LONGEST));
        }
    }
}
