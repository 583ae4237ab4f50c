package org.waldur.siteagent.membership;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.MembershipChange;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.waldur.Text;

/** Why a user is in an account or is not, by what Waldur and the cluster say at this moment: a pure function of a plan and its facts. */
public final class MemberExplanation {
    private final Facts facts;
    private final Plan plan;
    private final Cluster cluster;

    private MemberExplanation(Facts facts) {
        this.facts = facts;
        this.plan = MembershipPlanner.plan(facts).plan();
        this.cluster = facts.cluster();
    }

    /**
     * A user in an account.
     *
     * @param verdict in a few words, like "is in it, and is going to be removed"
     * @param reasons each with its source in brackets
     */
    public record Member(String account, String user, String verdict, List<String> reasons) {
    }

    /** All about an account, or all accounts of a user; none if neither the cluster nor a team knows the name. */
    public static List<Member> of(Facts facts, String name) {
        return new MemberExplanation(facts).explain(name.toLowerCase(Locale.ROOT));
    }

    private List<Member> explain(String name) {
        List<Member> members = new ArrayList<>();
        for (Allocation allocation : facts.allocations()) {
            String account = allocation.resource().backendId();
            SortedSet<String> users = new TreeSet<>(cluster.users(account));
            Team team = facts.teams().getOrDefault(allocation.team(), new Team.Unknown("it was not asked for, because the resource is " + allocation.resource().state()));
            if (team instanceof Team.Known known) {
                known.members().forEach(m -> users.addAll(m.names().isEmpty() ? Set.of(label(m)) : m.names()));
            }
            if (facts.others() instanceof OtherAccounts.Known others) {
                users.addAll(others.staying(allocation.project().uuid()));
            }
            users.stream().filter(user -> account.equals(name) || user.equals(name)).forEach(user -> members.add(member(allocation, account, user, team)));
        }
        return members;
    }

    /** Who has no username is called by what Waldur calls him. */
    private static String label(TeamMember member) {
        return "(" + (member.fullName().isBlank() ? "person " + member.user() : Text.oneLine(member.fullName(), 60)) + ")";
    }

    private Member member(Allocation allocation, String account, String user, Team team) {
        List<String> reasons = new ArrayList<>();
        boolean in = cluster.users(account).contains(user);
        reasons.add((cluster.exists(account) ? in ? "he is in the account" : "he is not in the account" : "the account does not exist")
                + " on cluster " + cluster.name() + " [sacctmgr show association]");
        if (in && cluster.knowsDefaults() && cluster.defaultAccount(user).filter(account::equals).isPresent()) {
            reasons.add("it is his default account [sacctmgr show association OnlyDefaults]");
        }
        reasons.addAll(ofTeam(allocation, user, team));
        if (facts.others() instanceof OtherAccounts.Known others && others.staying(allocation.project().uuid()).contains(user)) {
            reasons.add("he is a service or course account of the project" + (others.wanted(allocation.project().uuid()).contains(user) ? "" : ", whose making has failed")
                    + " [list_project_service_accounts, list_course_accounts]");
        } else if (facts.others() instanceof OtherAccounts.Unknown unknown) {
            reasons.add("whether he is a service or course account is Unknown: " + unknown.why());
        }
        if (allocation.restricted().orElse(false)) {
            reasons.add("Waldur restricts the access of members of this resource; here that means: "
                    + facts.offering().backend().membership().restriction().name().toLowerCase(Locale.ROOT) + " [marketplace-provider-resources, backend_settings]");
        }
        if (facts.strangers().contains(user)) {
            reasons.add("this machine does not know him [getent passwd]");
        }
        Optional<Change> planned = plan.changes().stream().filter(c -> concerns(c, account, user)).findFirst();
        planned.ifPresent(c -> reasons.add("the next cycle is to " + c.what() + ", because " + c.reason() + " [plan " + plan.checksum() + "]"));
        return new Member(account, user, verdict(in, planned), List.copyOf(reasons));
    }

    private static String verdict(boolean in, Optional<Change> planned) {
        return planned.map(c -> c instanceof MembershipChange.RemoveUsers ? "is in it, and is going to be removed"
                : c instanceof MembershipChange.HoldRemoval ? "is in it, and stays until you release his removal"
                : c instanceof MembershipChange.WaitForUsers ? "is not in it, and waits" : "is not in it, and is going to be added").orElse(in ? "is in it, and stays" : "is not in it");
    }

    private static boolean concerns(Change change, String account, String user) {
        return change instanceof Change.AddUsers c && c.account().equals(account) && c.users().contains(user)
                || change instanceof MembershipChange.RemoveUsers r && r.account().equals(account) && r.users().contains(user)
                || change instanceof MembershipChange.HoldRemoval h && h.account().equals(account) && h.users().contains(user)
                || change instanceof MembershipChange.WaitForUsers w && w.account().equals(account) && w.users().contains(user);
    }

    private static List<String> ofTeam(Allocation allocation, String user, Team team) {
        String source = " [marketplace-provider-resources/" + allocation.uuid() + "/team]";
        if (team instanceof Team.Unknown unknown) {
            return List.of("the team is Unknown: " + unknown.why() + source);
        }
        Team.Known known = (Team.Known) team;
        List<String> reasons = new ArrayList<>();
        List<TeamMember> his = known.members().stream().filter(m -> m.names().contains(user) || m.names().isEmpty() && label(m).equals(user)).toList();
        if (his.isEmpty()) {
            reasons.add("nobody of this username is among the " + known.members().size() + " members of the team of project '" + Text.oneLine(allocation.project().name(), 60) + "'" + source);
        }
        his.forEach(m -> {
            reasons.add("he is on the team of project '" + Text.oneLine(allocation.project().name(), 60) + "'" + (m.role().isEmpty() ? "" : " as " + m.role()) + source);
            reasons.add(switch (m.standing()) {
                case MAY_COMPUTE -> "his offering user has the username '" + m.username() + "'" + state(m) + ", so he may compute";
                case WAITS -> m.username().isEmpty() ? "his offering user has no username that Slurm could have" + state(m)
                        : "his offering user" + state(m) + " is not OK: he is not added, and not removed";
                case LEAVES -> "his offering user is restricted or being deleted" + state(m) + ", so he has to go";
                case NAMELESS -> "Waldur does not say how he is called here; while that is so, nobody is removed from this account";
            } + " [marketplace-offering-users]");
        });
        return reasons;
    }

    private static String state(TeamMember member) {
        return member.state().isEmpty() ? "" : " in state " + member.state();
    }
}
