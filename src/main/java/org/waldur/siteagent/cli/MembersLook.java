package org.waldur.siteagent.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.membership.Facts;
import picocli.CommandLine;

/**
 * All that a dry run of membership_sync finds, for commands that say something of it.
 *
 * @param facts of each offering that has live resources
 * @param whole whether everything could be read
 */
record MembersLook(Settings settings, List<Facts> facts, boolean whole) {

    /** Looks at Waldur and at the cluster. Throws {@link WrongConfig} if no offering has the mode. */
    static MembersLook take(ConfigOptions options, CommandLine command) throws Exception {
        Settings settings = options.load(command, Set.of(), true, true);
        settings.needOfferings(Set.of(Mode.MEMBERSHIP_SYNC));
        List<Facts> facts = new ArrayList<>();
        int code = options.agent(settings, text -> { }).onFacts(facts::add).once(Mode.MEMBERSHIP_SYNC.job());
        return new MembersLook(settings, facts, code != ExitCode.FAILED);
    }
}
