package org.waldur.siteagent.plan;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What makes an account that is there already the account of a resource of Waldur, or why it is not made so. */
public sealed interface ImportChange extends Change {
    /** In lower case; empty if no account is meant. */
    String account();

    @Override
    default SortedSet<String> orders() {
        return new TreeSet<>(List.of("import of account " + account()));
    }

    /** Write into the description of an account whose it is. @param description all of it, with the marker; what was there before it stays */
    record MarkAccount(String account, String resource, String description, String reason, List<String> facts) implements ImportChange {
        @Override
        public String what() {
            return "mark account " + account + " as that of resource " + resource + ", by the description '" + description + "'";
        }
    }

    /** Tell Waldur which account a resource has. */
    record TellAccount(String account, String resource, String reason, List<String> facts) implements ImportChange {
        /** As the route {@code waldur-set-backend-id} asks for it. */
        public String backendId() {
            return account;
        }

        @Override
        public String what() {
            return "tell Waldur account " + account + " as backend_id of resource " + resource;
        }
    }

    /** No change: a resource and what may be its account are not brought together, because it is not certain. @param account empty if there is none */
    record HoldImport(String account, String resource, String reason, List<String> facts) implements ImportChange {
        @Override
        public SortedSet<String> orders() {
            return new TreeSet<>(List.of("import for resource " + resource));
        }

        @Override
        public String what() {
            return "give resource " + resource + " no account" + (account.isEmpty() ? "" : ", not even " + account);
        }

        @Override
        public boolean isHeld() {
            return true;
        }

        @Override
        public boolean needsOperator() {
            return true;
        }
    }

    /** No change: an account that looks like ours, and is nobody's. */
    record LeaveUnmatched(String account, String reason, List<String> facts) implements ImportChange {
        @Override
        public String what() {
            return "leave account " + account + ", which matches no resource";
        }

        @Override
        public boolean isHeld() {
            return true;
        }
    }
}
