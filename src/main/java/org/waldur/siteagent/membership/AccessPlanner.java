package org.waldur.siteagent.membership;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.waldur.siteagent.config.MembershipSettings;
import org.waldur.siteagent.config.MembershipSettings.PauseBy;
import org.waldur.siteagent.config.MembershipSettings.Restriction;
import org.waldur.siteagent.plan.MembershipChange;
import org.waldur.siteagent.plan.MembershipChange.LeaveAccount;
import org.waldur.siteagent.plan.MembershipChange.SetQos;
import org.waldur.siteagent.plan.MembershipChange.SetSubmitLimit;
import org.waldur.siteagent.slurm.Association;

/** What a paused, downscaled or restricted allocation may do, and how it gets back what it had. */
final class AccessPlanner {
    private final MembershipSettings settings;
    private final SortedSet<String> ours = new TreeSet<>();

    AccessPlanner(MembershipSettings settings) {
        this.settings = settings;
        Stream.of(settings.qosPaused(), settings.qosDownscaled()).flatMap(Optional::stream).map(String::toLowerCase).forEach(ours::add);
    }

    /** @param before what the account had before we changed it */
    List<MembershipChange> plan(Allocation allocation, Association found, Before before) {
        List<MembershipChange> changes = new ArrayList<>();
        if (allocation.paused().isPresent() && allocation.downscaled().isPresent()) {
            qos(allocation, found, before).ifPresent(changes::add);
        }
        if (allocation.paused().isPresent() || allocation.restricted().isPresent()) {
            submit(allocation, found, before).ifPresent(changes::add);
        }
        return changes;
    }

    private Optional<MembershipChange> qos(Allocation allocation, Association found, Before before) {
        boolean paused = allocation.paused().orElse(false) && settings.pauseBy() == PauseBy.QOS;
        boolean downscaled = allocation.downscaled().orElse(false) && !allocation.paused().orElse(false);
        if (downscaled && settings.qosDownscaled().isEmpty()) {
            return Optional.of(new LeaveAccount(found.account(), true, "Waldur says that it is downscaled, and the config does not say how: set backend_settings.qos_downscaled",
                    List.of()));
        }
        Optional<String> special = (paused ? settings.qosPaused() : downscaled ? settings.qosDownscaled() : Optional.<String>empty()).map(String::toLowerCase);
        SortedSet<String> others = minus(found.qos(), ours);
        SortedSet<String> wanted = new TreeSet<>();
        String byDefault;
        String why;
        if (special.isPresent()) {
            // what somebody has given it since is his business
            wanted.addAll(before.qos().map(had -> minus(others, had.names())).orElseGet(TreeSet::new));
            wanted.add(special.get());
            byDefault = special.get();
            why = "Waldur says that it is " + (paused ? "paused" : "downscaled");
        } else if (Collections.disjoint(found.qos(), ours)) {
            return Optional.empty();
        } else {
            wanted.addAll(others);
            wanted.addAll(before.qos().map(Before.Qos::names).orElseGet(() -> others.isEmpty() ? usual() : new TreeSet<>()));
            byDefault = before.qos().map(Before.Qos::byDefault).filter(wanted::contains).orElse("");
            why = "Waldur says that it is neither paused nor downscaled any more" + (before.qos().isPresent() ? "" : ", and nobody remembers what it had");
        }
        return wanted.equals(found.qos()) && byDefault.equals(found.defaultQos()) ? Optional.empty()
                : Optional.of(new SetQos(found.account(), wanted, byDefault, why, List.of("found " + (found.qos().isEmpty() ? "what it inherits" : found.qos())
                + (found.defaultQos().isEmpty() ? "" : ", by default " + found.defaultQos()))));
    }

    private SortedSet<String> usual() {
        SortedSet<String> usual = new TreeSet<>();
        settings.qosDefault().map(String::toLowerCase).ifPresent(usual::add);
        return usual;
    }

    private Optional<MembershipChange> submit(Allocation allocation, Association found, Before before) {
        boolean paused = allocation.paused().orElse(false) && settings.pauseBy() == PauseBy.SUBMIT_LIMIT;
        boolean restricted = allocation.restricted().orElse(false) && settings.restriction() == Restriction.BLOCK;
        boolean blocked = found.grpSubmitJobs().orElse(-1) == 0;
        List<String> facts = List.of("found GrpSubmitJobs " + (found.grpSubmitJobs().isPresent() ? found.grpSubmitJobs().getAsLong() : "unlimited"));
        if (paused || restricted) {
            return blocked ? Optional.empty() : Optional.of(new SetSubmitLimit(found.account(), OptionalLong.of(0),
                    paused ? "Waldur says that it is paused" : "Waldur restricts the access of its members", facts));
        }
        return blocked && before.submit().isPresent() ? Optional.of(new SetSubmitLimit(found.account(), before.submit().get(),
                "Waldur says that it is neither paused nor restricted any more", facts)) : Optional.empty();
    }

    /** What is to be remembered of an account while these changes are made, and until they are undone. */
    Before remembering(Association found, Before before, List<? extends MembershipChange> changes) {
        Optional<Before.Qos> qos = before.qos().filter(had -> !Collections.disjoint(found.qos(), ours));
        Optional<OptionalLong> submit = before.submit().filter(had -> found.grpSubmitJobs().orElse(-1) == 0);
        for (MembershipChange change : changes) {
            if (change instanceof SetQos set && !Collections.disjoint(set.qos(), ours) && qos.isEmpty() && Collections.disjoint(found.qos(), ours)) {
                qos = Optional.of(new Before.Qos(found.qos(), found.defaultQos()));
            } else if (change instanceof SetSubmitLimit set && set.jobs().orElse(-1) == 0) {
                submit = Optional.of(found.grpSubmitJobs());
            }
        }
        return new Before(before.account(), qos, submit, before.userLimits());
    }

    private static SortedSet<String> minus(SortedSet<String> some, SortedSet<String> others) {
        SortedSet<String> rest = new TreeSet<>(some);
        rest.removeAll(others);
        return rest;
    }
}
