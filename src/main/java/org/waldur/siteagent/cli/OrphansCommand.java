package org.waldur.siteagent.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.membership.Orphans;
import org.waldur.siteagent.membership.Orphans.Orphan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "orphans", mixinStandardHelpOptions = true,
        description = {"Accounts of the cluster that look like ours, by their prefix or the marker in their description, and that no live resource of Waldur knows,"
                + " for you to adopt or to remove.",
            "Nothing is changed. Ask for all offerings of a cluster at once, or the accounts of the others look like orphans."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:there are none", "1:something could not be read", "2:there are some"})
final class OrphansCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        MembersLook look = MembersLook.take(options, spec.commandLine());
        if (!look.whole()) {
            spec.commandLine().getErr().println("waldur-site-agent: not everything could be read, so nothing is said about orphans; see the log");
            return ExitCode.FAILED;
        }
        look.settings().offerings(Mode.MEMBERSHIP_SYNC).stream().filter(offering -> look.facts().stream().noneMatch(f -> f.offering().uuid().equals(offering.uuid())))
                .forEach(offering -> spec.commandLine().getErr().println("waldur-site-agent: Waldur shows no live resource of offering " + offering.name()
                        + ", so nothing is said about accounts that look like its own"));
        List<Orphan> orphans = Orphans.of(look.facts());
        orphans.forEach(orphan -> spec.commandLine().getOut().println(orphan.account() + "  beneath " + orphan.parent() + " on cluster " + orphan.cluster() + ", users: "
                + (orphan.users().isEmpty() ? "none" : String.join(", ", orphan.users())) + "\n    " + orphan.why()));
        return orphans.isEmpty() ? ExitCode.GOOD : ExitCode.CHANGES;
    }
}
