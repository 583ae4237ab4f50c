package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One change of an offering user in Waldur, before it is made.
 *
 * @param username to give, for {@link Action#NAME} only
 * @param comment  what he reads, for {@link Action#LINK} only
 * @param url      where he goes, for {@link Action#LINK} only; may be empty
 */
public record OfferingUserChange(OfferingUser user, Action action, String username, String comment, String url, String reason) {

    /** Names of the API, and the state that each leads to. */
    public enum Action {
        /** Ask the site, whose answer is not known before. It writes nothing by itself. */
        ASK("", "", "ask for a username of"),
        BEGIN("begin_creating", OfferingUser.CREATING, "begin to create"),
        NAME("", OfferingUser.OK, "give a username to"),
        CONFIRM("set_ok", OfferingUser.OK, "set OK"),
        VALIDATE("set_validation_complete", OfferingUser.OK, "end the validation of"),
        LINK("set_pending_account_linking", OfferingUser.LINKING, "ask for the linking of"),
        FAIL("set_error_creating", OfferingUser.ERROR_CREATING, "set as failed"),
        BEGIN_DELETION("set_deleting", OfferingUser.DELETING, "begin to delete"),
        END_DELETION("set_deleted", OfferingUser.DELETED, "set as deleted");

        private final String path;
        private final String to;
        private final String words;

        Action(String path, String to, String words) {
            this.path = path;
            this.to = to;
            this.words = words;
        }
    }

    static OfferingUserChange of(OfferingUser user, Action action, String reason) {
        return new OfferingUserChange(user, action, "", "", "", reason);
    }

    /** What it concerns, see {@code plan.Change}. */
    public SortedSet<String> orders() {
        return new TreeSet<>(List.of(user.concern()));
    }

    /** In one line. */
    public String what() {
        return action.words + " offering user " + user.uuid() + (username.isEmpty() ? "" : ": " + username);
    }

    public List<String> facts() {
        return List.of("state: " + (user.state().isEmpty() ? "none" : user.state()) + ", username: " + (user.username().isEmpty() ? "none" : user.username()));
    }

    /** {@code METHOD path}, beneath Waldur's API. */
    public String request() {
        String one = "marketplace-offering-users/" + user.uuid() + "/";
        return action == Action.NAME ? "PATCH " + one : "POST " + one + action.path + "/";
    }

    /** As JSON. */
    public String body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (action == Action.NAME) {
            body.put("username", username);
        }
        if (action == Action.LINK) {
            body.put("comment", comment);
        }
        if (!url.isEmpty()) {
            body.put("comment_url", url);
        }
        return body.toString();
    }

    /** How Waldur has him once it is made. */
    OfferingUser after() {
        boolean stateless = user.state().isEmpty();
        OfferingUser named = action == Action.NAME ? user.named(username) : user;
        return stateless || action == Action.ASK ? named : named.in(action.to);
    }
}
