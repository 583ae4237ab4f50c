package org.waldur.siteagent.cli;

import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "create-homedirs", mixinStandardHelpOptions = true,
        description = {"Make the home directories that are missing, of all users of the offerings: those whose offering user is OK and not restricted.",
            "Shows first what is missing. Whom this machine does not know gets none, and that is no failure. What is there stays as it is."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:good", "1:something failed", "2:some are missing (dry run)"})
final class CreateHomedirs implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Option(names = "--dry-run", description = "Only show what is missing. Exit code 2 if there is anything.")
    private boolean dryRun;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = options.load(spec.commandLine(), Set.of(), true, dryRun);
        PrintWriter out = spec.commandLine().getOut();
        settings.offerings().stream().filter(offering -> !settings.homedirOfferings().contains(offering)).forEach(offering -> out.println("Home directories of offering "
                + offering.name() + ": none are made, because " + (offering.backend().createHomedirs() ? "it has neither orders nor members here"
                        : "enable_user_homedir_account_creation is false")));
        return options.agent(settings, out::print).once("create-homedirs");
    }
}
