package org.waldur.siteagent.membership;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.plan.NotAsPlanned;
import org.waldur.siteagent.record.StateFile;

/**
 * The unit of root that makes home directories ({@code systemd-conf/homedirs}). It watches a folder in the state directory, where a
 * file with a user's name has the umask of his home in it, and nothing else. Bean {@code homedirUnit}.
 */
public final class HomedirUnit {
    /** What an operator can do where nobody makes home directories. */
    public static final String INSTALL = "Nobody makes home directories: we are not root, and waldur-agent-homedirs.path is not enabled. Install it"
            + " (README, Install), or set enable_user_homedir_account_creation: false";
    static final String NOBODY = "nobody";
    private static final Logger LOG = LoggerFactory.getLogger("homes");
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final String SAFE = "00[2367]{2}";

    private final Path folder;
    private final List<Path> enabled;
    private final Clock clock;
    private final AtomicBoolean saidThatNobodyMakesThem = new AtomicBoolean();
    private final AtomicBoolean saidThatNobodyTakesThem = new AtomicBoolean();

    /** @param enabled paths with commas between: if there is anything at one of them, the unit is enabled */
    public HomedirUnit(Path stateDir, String enabled, Clock clock) {
        this.clock = clock;
        this.folder = stateDir.resolve("homedirs");
        this.enabled = List.of(enabled.split(",")).stream().map(Path::of).toList();
    }

    /** Who makes home directories: {@code root}, which we are ourselves, the {@code unit}, or {@code nobody}. */
    public String maker(boolean root) {
        return root ? "root" : enabled.stream().anyMatch(Files::exists) ? "unit" : NOBODY;
    }

    /** Said in the log, once in a process. */
    public void sayThatNobodyMakesThem() {
        if (!saidThatNobodyMakesThem.getAndSet(true)) {
            LOG.warn(INSTALL);
        }
    }

    /** The same as a failure. */
    public void refuse() {
        throw new NotAsPlanned(INSTALL);
    }

    /**
     * Asks the unit for the home directory of a user. Throws {@link NotAsPlanned} for an umask that the unit refuses, and
     * {@link java.io.UncheckedIOException}.
     */
    public void handOver(String user, Offering offering) {
        String umask = offering.backend().homedirUmask();
        if (!accepts(umask)) {
            throw new NotAsPlanned(refusal(umask));
        }
        Path file = folder.resolve(user);
        Optional<Instant> asked = asked(file, umask);
        if (asked.isEmpty()) {
            StateFile.write(file, umask.getBytes(StandardCharsets.US_ASCII));
            LOG.info("Root is asked for the home directory of {}", user);
        } else if (asked.get().isBefore(clock.instant().minus(LONG)) && !saidThatNobodyTakesThem.getAndSet(true)) {
            LOG.warn("{} stands there since {}. Does waldur-agent-homedirs.path run, and does it watch that folder?", file, asked.get().truncatedTo(ChronoUnit.SECONDS));
        }
    }

    /** Since when the unit is asked for just this; empty if it is not. */
    private static Optional<Instant> asked(Path file, String umask) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).equals(umask) ? Optional.of(Files.getLastModifiedTime(file).toInstant()) : Optional.empty();
        } catch (IOException e) {
            // the usual one: there is none, or not any more
            return Optional.empty();
        }
    }

    private static boolean accepts(String umask) {
        return umask.matches(SAFE);
    }

    private static String refusal(String umask) {
        return "default_homedir_umask " + umask + " lets others write into a home directory, and waldur-agent-homedirs.service makes none such; use \"0022\" or more";
    }

    /** What an operator should know before the service runs; empty: nothing. */
    public List<String> warnings(List<Offering> wanting, boolean root) {
        return switch (wanting.isEmpty() ? "" : maker(root)) {
            case NOBODY -> List.of(INSTALL);
            case "unit" -> wanting.stream().map(offering -> offering.backend().homedirUmask()).filter(umask -> !accepts(umask)).distinct().map(HomedirUnit::refusal).toList();
            default -> List.of();
        };
    }
}
