package org.waldur.siteagent.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.waldur.siteagent.slurm.TresLimits;

/**
 * One change of the world, in Slurm or in Waldur, before it is made. Every change says for which orders it is, why, and what it
 * was concluded from, so that an operator can follow it before it happens and afterwards.
 */
public sealed interface Change permits Change.ApproveOrder, Change.CreateAccount, Change.SetLimits, Change.AllowSubmission, Change.RemoveAllocation,
        Change.RemoveParent, Change.ReportBackendId, Change.FinishOrder, Change.RejectOrder, Change.FailOrder, Change.HoldOrder, Change.PopulateAccount,
        Change.AddUsers, Change.SetDefaultAccount, UsageChange, MembershipChange, ImportChange {
    /**
     * What needs this change: uuids of orders, or {@code account NAME} where no order asks for it. It is not made any more when all of them
     * have failed.
     */
    SortedSet<String> orders();

    /** One line for people. */
    String reason();

    /** What will be done, in one line. */
    String what();

    /** What sort of change it is, like {@code add-users}. */
    default String kind() {
        return kind(getClass());
    }

    private static String kind(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** All kinds that there are. */
    static SortedSet<String> kinds() {
        return Arrays.stream(Change.class.getPermittedSubclasses())
                .flatMap(type -> type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()) : Stream.of(type))
                .map(Change::kind).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether nothing is written, and it only says what waits. */
    default boolean isHeld() {
        return false;
    }

    /** Whether it is held, and an operator has to do something about it. */
    default boolean needsOperator() {
        return false;
    }

    /** Facts it was concluded from, each in one line. */
    default List<String> facts() {
        return List.of();
    }

    /** Accept an order that waits for the provider. */
    record ApproveOrder(SortedSet<String> orders, String order, String reason) implements Change {
        @Override
        public String what() {
            return "approve order " + order;
        }
    }

    /**
     * Create an account.
     *
     * @param level 0 customer, 1 project, 2 allocation: parents come first
     * @param grpTresMins TRES-minutes; may be empty
     */
    record CreateAccount(SortedSet<String> orders, int level, String name, String parent, String description, String organization,
            Map<String, Long> grpTresMins, String marker, String reason, List<String> facts) implements Change {
        /** The limits as an argument of sacctmgr; empty for none. */
        public String limits() {
            return TresLimits.format(grpTresMins);
        }

        /** The limits as the end of a line of a file for {@code sacctmgr load}; empty for none. */
        public String limitsToLoad() {
            return grpTresMins.isEmpty() ? "" : ":GrpTRESMins=" + limits();
        }

        @Override
        public String what() {
            return "create account " + name + " beneath " + parent + (grpTresMins.isEmpty() ? "" : " with GrpTRESMins " + limits());
        }
    }

    /** Set limits of an account: TRES-minutes, {@link TresLimits#CLEAR} for unlimited. Only what differs is named. */
    record SetLimits(SortedSet<String> orders, String account, Map<String, Long> grpTresMins, String reason, List<String> facts)
            implements Change {
        public String limits() {
            return TresLimits.format(grpTresMins);
        }

        @Override
        public String what() {
            return "set GrpTRESMins " + limits() + " on account " + account;
        }
    }

    /** Let an account submit again, after it was blocked and is not to be removed after all. */
    record AllowSubmission(SortedSet<String> orders, String account, String reason) implements Change {
        @Override
        public String what() {
            return "allow submission to account " + account;
        }
    }

    /**
     * Empty an allocation's account and remove it: block submission, cancel its jobs, remove its users, remove the account. Whose
     * default account it was gets another one of his, if he has any.
     */
    record RemoveAllocation(SortedSet<String> orders, String account, SortedSet<String> users, String reason, List<String> facts)
            implements Change {
        @Override
        public String what() {
            return "remove account " + account + (users.isEmpty() ? "" : " and its users " + String.join(", ", users));
        }
    }

    /** Remove a project's or customer's account of ours, if nothing is beneath it any more. */
    record RemoveParent(SortedSet<String> orders, int level, String account, String reason) implements Change {
        @Override
        public String what() {
            return "remove account " + account + " if nothing is left beneath it";
        }
    }

    /** Tell Waldur which account a resource has. */
    record ReportBackendId(SortedSet<String> orders, String resource, String backendId, String reason) implements Change {
        @Override
        public String what() {
            return "report account " + backendId + " as backend_id of resource " + resource;
        }
    }

    /**
     * End an order well.
     *
     * @param type    of the order: {@code CREATE}, {@code UPDATE}, {@code TERMINATE} or {@code RESTORE}
     * @param account empty if a terminated allocation had none
     */
    record FinishOrder(SortedSet<String> orders, String order, String type, String resource, String account, String reason)
            implements Change {
        /** A Waldur 7 needs the plugin's allocation set ok, as long as it lives. */
        public boolean allocationOk() {
            return !type.equals("TERMINATE");
        }

        /** Whether there is an account now that was not there before. */
        public boolean creates() {
            return type.equals("CREATE") || type.equals("RESTORE");
        }

        @Override
        public String what() {
            return "finish order " + order;
        }
    }

    /** Refuse an order that waits for the provider, with a message for the customer. */
    record RejectOrder(SortedSet<String> orders, String order, String message, String reason) implements Change {
        @Override
        public String what() {
            return "refuse order " + order + ": " + message;
        }
    }

    /**
     * End an order as erred, with a message.
     *
     * @param forCustomer somebody of the site has written it for the customer, so he reads it whatever else he may read
     */
    record FailOrder(SortedSet<String> orders, String order, String message, boolean forCustomer, String reason) implements Change {
        @Override
        public String what() {
            return "end order " + order + " as erred: " + message;
        }
    }

    /**
     * No change: an order that waits, and for what.
     *
     * @param operator whether an operator has to do something about it; else it only waits for its time
     */
    record HoldOrder(SortedSet<String> orders, String order, boolean operator, String reason, List<String> facts) implements Change {
        @Override
        public String what() {
            return "hold order " + order;
        }

        @Override
        public boolean isHeld() {
            return true;
        }

        @Override
        public boolean needsOperator() {
            return operator;
        }
    }

    /** Add the members of its team to a new account, once the order has ended. Who they are is asked then. */
    record PopulateAccount(SortedSet<String> orders, String order, String resource, String account, String reason) implements Change {
        @Override
        public String what() {
            return "add the team's members to account " + account;
        }
    }

    /** Add users to an account. */
    record AddUsers(SortedSet<String> orders, String account, SortedSet<String> users, String reason, List<String> facts)
            implements Change {
        @Override
        public String what() {
            return "add " + String.join(", ", users) + " to account " + account;
        }

        /** The same for those of them who are among these. */
        public AddUsers only(Set<String> some) {
            SortedSet<String> rest = new TreeSet<>(users);
            rest.retainAll(some);
            return new AddUsers(orders, account, rest, reason, facts);
        }
    }

    /** Set a user's default account, where he has none and already is in that account. */
    record SetDefaultAccount(SortedSet<String> orders, String user, String account, String reason) implements Change {
        @Override
        public String what() {
            return "make " + account + " the default account of " + user;
        }
    }
}
