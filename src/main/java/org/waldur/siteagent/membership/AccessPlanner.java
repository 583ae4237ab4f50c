package org.waldur.siteagent.membership;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
        Stream.of(settings.qosPaused(), settings.qosDownscaled()).flatMap(Optional::stream).map(name -> name.toLowerCase(Locale.ROOT)).forEach(ours::add);
    }

    /** @param before what the account had before we changed it */
    List<MembershipChange> plan(Allocation allocation, Association found, Before before) {
        List<MembershipChange> changes = new ArrayList<>();
        if (allocation.paused().isPresent() && allocation.downscaled().isPresent()) {
            qos(allocation, found, before).ifPresent(changes::add);
        }
        submit(allocation, found, before).ifPresent(changes::add);
        return changes;
    }

    private boolean isPausedByQos(Allocation allocation) {
        return allocation.paused().orElse(false) && settings.pauseBy() == PauseBy.QOS;
    }

    private boolean isDownscaled(Allocation allocation) {
        return allocation.downscaled().orElse(false) && !isPausedByQos(allocation);
    }

    /** The only QoS that it is to have. */
    private Optional<String> special(Allocation allocation) {
        return (isPausedByQos(allocation) ? settings.qosPaused() : isDownscaled(allocation) ? settings.qosDownscaled() : Optional.<String>empty())
                .map(name -> name.toLowerCase(Locale.ROOT));
    }

    /** Whether an account is as we make one that is paused or downscaled. A site may let others choose such a QoS, too. */
    private boolean isSpecial(Association found) {
        return ours.contains(found.defaultQos()) || !found.qos().isEmpty() && ours.containsAll(found.qos());
    }

    /** What a special account had. The list and its default are two commands, and between them, or if the agent died there, there is no default. */
    private Optional<Before.Qos> had(Association found, Before before) {
        return before.qos().filter(had -> isSpecial(found) || found.defaultQos().isEmpty() && found.qos().stream().anyMatch(name -> ours.contains(name) && !had.names().contains(name)));
    }

    /** The default that it had, where it has its list back and not that. */
    private static Optional<String> lacking(Association found, Before before) {
        return before.qos().filter(had -> found.defaultQos().isEmpty() && found.qos().containsAll(had.names()) && found.qos().contains(had.byDefault())).map(Before.Qos::byDefault);
    }

    private Optional<MembershipChange> qos(Allocation allocation, Association found, Before before) {
        Optional<String> special = special(allocation);
        if (isDownscaled(allocation) && special.isEmpty()) {
            return Optional.of(new LeaveAccount(found.account(), true, "Waldur says that it is downscaled, and the config does not say how: set backend_settings.qos_downscaled",
                    List.of()));
        }
        Optional<Before.Qos> had = had(found, before);
        SortedSet<String> others = minus(found.qos(), ours);
        SortedSet<String> wanted = new TreeSet<>();
        String byDefault;
        String why;
        if (special.isPresent()) {
            // what somebody has given it since is his business
            wanted.addAll(had.map(qos -> minus(others, qos.names())).orElseGet(TreeSet::new));
            wanted.add(special.get());
            byDefault = special.get();
            why = "Waldur says that it is " + (isPausedByQos(allocation) ? "paused" : "downscaled");
        } else if (had.isEmpty() && !isSpecial(found)) {
            wanted.addAll(found.qos());
            byDefault = lacking(found, before).orElse(found.defaultQos());
            why = "it had this default before it was paused or downscaled";
        } else {
            wanted.addAll(others);
            wanted.addAll(had.map(Before.Qos::names).orElseGet(() -> others.isEmpty() ? usual() : new TreeSet<>()));
            byDefault = had.map(Before.Qos::byDefault).filter(wanted::contains).orElse("");
            why = "Waldur says that it is neither paused nor downscaled any more" + (had.isPresent() ? "" : ", and nobody remembers what it had");
        }
        return wanted.equals(found.qos()) && byDefault.equals(found.defaultQos()) ? Optional.empty()
                : Optional.of(new SetQos(found.account(), wanted, byDefault, why, List.of("found " + (found.qos().isEmpty() ? "what it inherits" : found.qos())
                + (found.defaultQos().isEmpty() ? "" : ", by default " + found.defaultQos()))));
    }

    private SortedSet<String> usual() {
        SortedSet<String> usual = new TreeSet<>();
        settings.qosDefault().map(name -> name.toLowerCase(Locale.ROOT)).ifPresent(usual::add);
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
        if (!blocked || allocation.paused().isEmpty() || allocation.restricted().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(before.submit().<MembershipChange>map(had -> new SetSubmitLimit(found.account(), had, "Waldur says that it is neither paused nor restricted any more", facts))
                .orElseGet(() -> new LeaveAccount(found.account(), false, "nobody can submit to it, though Waldur does not say so, and nobody remembers that it was us", facts)));
    }

    /** What is to be remembered of an account while these changes are made, and until they are undone. */
    Before remembering(Allocation allocation, Association found, Before before, List<? extends MembershipChange> changes) {
        Optional<Before.Qos> qos = before.qos();
        if (allocation.paused().isPresent() && allocation.downscaled().isPresent()) {
            boolean special = special(allocation).isPresent();
            qos = had(found, before).or(() -> special ? worthRemembering(found, before) : before.qos().filter(had -> lacking(found, before).isPresent()));
        }
        Optional<OptionalLong> submit = before.submit().filter(had -> found.grpSubmitJobs().orElse(-1) == 0);
        if (changes.stream().anyMatch(c -> c instanceof SetSubmitLimit set && set.jobs().orElse(-1) == 0)) {
            submit = Optional.of(found.grpSubmitJobs());
        }
        return new Before(before.account(), qos, submit, before.userLimits());
    }

    /** Where nobody remembers what a special account had, it is at least what is there besides. */
    private Optional<Before.Qos> worthRemembering(Association found, Before before) {
        SortedSet<String> others = minus(found.qos(), ours);
        return !isSpecial(found) ? Optional.of(new Before.Qos(found.qos(), lacking(found, before).orElse(found.defaultQos())))
                : Optional.of(others).filter(names -> !names.isEmpty()).map(names -> new Before.Qos(names, names.contains(found.defaultQos()) ? found.defaultQos() : ""));
    }

    private static SortedSet<String> minus(SortedSet<String> some, SortedSet<String> others) {
        SortedSet<String> rest = new TreeSet<>(some);
        rest.removeAll(others);
        return rest;
    }
}
