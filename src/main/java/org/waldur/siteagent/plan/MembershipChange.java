package org.waldur.siteagent.plan;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.waldur.siteagent.slurm.TresLimits;

/** A change of an account of ours that no order asks for, but the state of Waldur: who is on a team, and what may be done there. */
public sealed interface MembershipChange extends Change {
    /** In lower case. */
    String account();

    /** What such a change concerns, for {@link Change#orders()}. */
    static SortedSet<String> concern(String account) {
        return new TreeSet<>(List.of("account " + account));
    }

    @Override
    default SortedSet<String> orders() {
        return concern(account());
    }

    /** Put a project's account beneath another customer's. */
    record MoveAccount(String account, String from, String parent, String reason, List<String> facts) implements MembershipChange {
        @Override
        public String what() {
            return "move account " + account + " from " + from + " to " + parent;
        }
    }

    /**
     * Set the QoS of an account.
     *
     * @param qos        all that it is to have; none: those of the account above
     * @param defaultQos empty: that of the account above
     */
    record SetQos(String account, SortedSet<String> qos, String defaultQos, String reason, List<String> facts) implements MembershipChange {
        /** As an argument of sacctmgr; empty means to inherit them. */
        public String list() {
            return String.join(",", qos);
        }

        @Override
        public String what() {
            return "set QoS of account " + account + " to " + (qos.isEmpty() ? "what it inherits" : list()) + (defaultQos.isEmpty() ? "" : ", by default " + defaultQos);
        }
    }

    /**
     * Set how many jobs an account may have submitted.
     *
     * @param jobs 0: nobody can submit; empty: any number
     */
    record SetSubmitLimit(String account, OptionalLong jobs, String reason, List<String> facts) implements MembershipChange {
        /** As an argument of sacctmgr. */
        public long limit() {
            return jobs.orElse(TresLimits.CLEAR);
        }

        @Override
        public String what() {
            return jobs.isPresent() ? "set GrpSubmitJobs " + jobs.getAsLong() + " on account " + account : "allow submission to account " + account;
        }
    }

    /** Set limits of a user within an account: TRES-minutes, {@link TresLimits#CLEAR} for unlimited. Only what differs is named. */
    record SetUserLimits(String account, String user, Map<String, Long> grpTresMins, String reason, List<String> facts) implements MembershipChange {
        public String limits() {
            return TresLimits.format(grpTresMins);
        }

        @Override
        public String what() {
            return "set GrpTRESMins " + limits() + " of user " + user + " in account " + account;
        }
    }

    /** Cancel the jobs that users have in an account, and remove them from it. */
    record RemoveUsers(String account, SortedSet<String> users, String reason, List<String> facts) implements MembershipChange {
        @Override
        public String what() {
            return "remove " + String.join(", ", users) + " from account " + account;
        }
    }

    /** No change: removals that are not made unless an operator says so, see {@code waldur-site-agent apply}. */
    record HoldRemoval(String account, SortedSet<String> users, String reason, List<String> facts) implements MembershipChange {
        /** What is made of it once it is released. */
        public RemoveUsers released() {
            return new RemoveUsers(account, users, "an operator has released it", facts);
        }

        @Override
        public String what() {
            return "do not remove " + String.join(", ", users) + " from account " + account;
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

    /** No change: users who are to be added as soon as the machine knows them. */
    record WaitForUsers(String account, SortedSet<String> users, String reason) implements MembershipChange {
        @Override
        public String what() {
            return "do not add " + String.join(", ", users) + " to account " + account + " yet";
        }

        @Override
        public boolean isHeld() {
            return true;
        }
    }

    /**
     * No change: something about an account is left as it is.
     *
     * @param operator whether an operator has to do something about it
     */
    record LeaveAccount(String account, boolean operator, String reason, List<String> facts) implements MembershipChange {
        @Override
        public String what() {
            return "leave account " + account + " as it is";
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

    /** Tell Waldur what a resource is like on the cluster. @param metadata a JSON object, which takes the place of what is there */
    record SetMetadata(String account, String resource, String metadata, String reason) implements MembershipChange {
        @Override
        public String what() {
            return "set backend metadata of resource " + resource + " to " + metadata;
        }
    }
}
