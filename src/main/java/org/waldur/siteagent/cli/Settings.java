package org.waldur.siteagent.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.waldur.siteagent.config.AgentConfig;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.config.Secret;
import org.waldur.siteagent.membership.HomedirUnit;

/**
 * What a run is made of: the config, the routes, and what the command line adds to them.
 *
 * @param offerings the offerings to serve, all of the config or some
 * @param modes     whose timers run; empty: none, as for {@code check} and {@code --once}
 * @param overrides properties that differ from the usual ones; the demo puts the programs of its simulators there
 * @param once      one cycle by hand: nothing backs off
 */
record Settings(AgentConfig config, Path routes, List<Offering> offerings, Set<Mode> modes, boolean once, boolean dryRun,
        Map<String, String> overrides) {
    /** Where systemctl(1) puts the link when the unit is enabled; the second, if its WantedBy= was changed. */
    private static final String HOMEDIRS_UNIT = "/etc/systemd/system/paths.target.wants/waldur-agent-homedirs.path,"
            + "/etc/systemd/system/multi-user.target.wants/waldur-agent-homedirs.path";
    private static final Duration TICK = Duration.ofMinutes(1);
    /** How old a look at the cluster may be that another mode or offering has taken: less than any period or second look, more than their timers differ. */
    private static final Duration SNAPSHOT = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /** The offerings that have this mode. */
    List<Offering> offerings(Mode mode) {
        return offerings.stream().filter(offering -> offering.serves(mode)).toList();
    }

    /** The modes that any offering has. */
    Set<Mode> servedModes() {
        return Arrays.stream(Mode.values()).filter(mode -> !offerings(mode).isEmpty()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** How often these modes have a cycle. */
    Map<Mode, Duration> periods(Set<Mode> some) {
        Map<Mode, Duration> periods = new EnumMap<>(Map.of(Mode.ORDER_PROCESS, config.orderProcessPeriod(), Mode.REPORT, config.reportPeriod(),
                Mode.MEMBERSHIP_SYNC, config.membershipSyncPeriod()));
        periods.keySet().retainAll(some);
        return periods;
    }

    /** The offerings that have accounts on a cluster. */
    List<Offering> accountOfferings() {
        return offerings.stream().filter(offering -> offering.serves(Mode.ORDER_PROCESS) || offering.serves(Mode.MEMBERSHIP_SYNC)).toList();
    }

    /** The offerings whose users get home directories: those that add any users, unless they say that they make none. */
    List<Offering> homedirOfferings() {
        return offerings.stream().filter(offering -> offering.backend().createHomedirs())
                .filter(offering -> offering.serves(Mode.ORDER_PROCESS) || offering.serves(Mode.MEMBERSHIP_SYNC)).toList();
    }

    /** The unit of root that makes home directories, whether it is there or not. */
    HomedirUnit homedirUnit(Clock clock) {
        return new HomedirUnit(config.stateDir(), properties().getProperty("host.homedirs_unit"), clock);
    }

    /** Throws {@link WrongConfig} if there is nothing to do for one of the modes. */
    void needOfferings(Set<Mode> wanted) {
        String idle = wanted.stream().filter(mode -> offerings(mode).isEmpty()).map(mode -> config.file() + ": offerings: no offering is left for the mode "
                + mode.key() + "; right would be: " + mode.backendKey() + ": slurm in one offering at least").collect(Collectors.joining("\n"));
        if (!idle.isEmpty()) {
            throw new WrongConfig(idle);
        }
    }

    /** The same with other properties. */
    Settings with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(overrides);
        all.putAll(more);
        return new Settings(config, routes, offerings, modes, once, dryRun, Map.copyOf(all));
    }

    /** The same for these offerings only. */
    Settings serving(List<Offering> some) {
        return new Settings(config, routes, some, modes, once, dryRun, overrides);
    }

    /** The same with this token for every offering. */
    Settings as(Secret token) {
        return new Settings(config, routes, offerings.stream().map(offering -> offering.as(token)).toList(), modes, once, dryRun, overrides);
    }

    /** The properties that the routes may name. */
    Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("agent.dry_run", String.valueOf(dryRun));
        properties.setProperty("agent.reviewed", "");
        properties.setProperty("agent.only", "");
        properties.setProperty("agent.listen", "");
        properties.setProperty("agent.user", user());
        properties.setProperty("agent.root", String.valueOf(user().equals("root")));
        properties.setProperty("order_process.enabled", String.valueOf(modes.contains(Mode.ORDER_PROCESS)));
        properties.setProperty("order_process.period", String.valueOf(config.orderProcessPeriod().toMillis()));
        properties.setProperty("order_process.refusal", "");
        properties.setProperty("order_process.looks_after_approval", "10");
        properties.setProperty("order_process.looks_after_cancel", "10");
        properties.setProperty("membership_sync.enabled", String.valueOf(modes.contains(Mode.MEMBERSHIP_SYNC)));
        properties.setProperty("membership_sync.period", String.valueOf(config.membershipSyncPeriod().toMillis()));
        properties.setProperty("membership_sync.second", String.valueOf(LOOK_AGAIN.toMillis()));
        properties.setProperty("membership_sync.recreate", "false");
        properties.setProperty("usernames.seconds_in_a_cycle", "300");
        properties.setProperty("report.enabled", String.valueOf(modes.contains(Mode.REPORT)));
        properties.setProperty("report.period", String.valueOf(config.reportPeriod().toMillis()));
        properties.setProperty("report.tick", String.valueOf(Math.min(TICK.toMillis(), config.reportPeriod().toMillis())));
        properties.setProperty("report.minutes_before_month_end", "10");
        properties.setProperty("report.months", String.valueOf(config.reportingPeriods()));
        properties.setProperty("report.release", "");
        properties.setProperty("report.released_by", "waldur-site-agent -m report --once");
        properties.setProperty("report.subject", "usage");
        properties.setProperty("report.audit", "false");
        properties.setProperty("report.compares_limits", "true");
        properties.setProperty("report.account", "");
        properties.setProperty("report.remembers", "true");
        properties.setProperty("report.window_days", "1");
        properties.setProperty("report.full_pass_hours", "24");
        properties.setProperty("report.minutes_after_time_limit", "60");
        properties.setProperty("waldur.look_again_after", String.valueOf(LOOK_AGAIN.toMillis()));
        properties.setProperty("waldur.retries", "3");
        properties.setProperty("waldur.retry_delay", "1000");
        properties.setProperty("waldur.given_up_after", "3");
        properties.setProperty("slurm.lock_file", config.stateDir().resolve("slurm.lock").toString());
        properties.setProperty("slurm.lock_wait", "120");
        properties.setProperty("slurm.read_timeout", "120000");
        properties.setProperty("slurm.snapshot", String.valueOf(SNAPSHOT.toMillis()));
        properties.setProperty("slurm.usage_timeout", "600000");
        properties.setProperty("slurm.write_timeout", "300000");
        properties.setProperty("slurm.load_from", "4");
        // slurmdbd itself is told, so that not even a mistake in a route could write
        properties.setProperty("slurm.readonly", dryRun ? "--readonly" : "");
        properties.setProperty("host.flock", "/usr/bin/flock");
        properties.setProperty("host.setsid", "/usr/bin/setsid");
        properties.setProperty("host.getent", "/usr/bin/getent");
        properties.setProperty("host.mkhomedir_helper", "/sbin/mkhomedir_helper");
        properties.setProperty("host.systemd_notify", "/usr/bin/systemd-notify");
        properties.setProperty("host.notify_socket", System.getenv().getOrDefault("NOTIFY_SOCKET", ""));
        properties.setProperty("host.homedirs_unit", HOMEDIRS_UNIT);
        properties.putAll(overrides);
        return properties;
    }

    /** Our user, and who has become him by sudo(8), which says it in {@code SUDO_USER}. */
    static String who() {
        String behind = System.getenv().getOrDefault("SUDO_USER", "");
        return user() + (behind.matches("[A-Za-z0-9._-]{1,64}") ? " (" + behind + ")" : "");
    }

    /** The operating system's user that we run as. */
    static String user() {
        return System.getProperty("user.name");
    }
}
