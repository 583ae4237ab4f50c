package org.waldur.siteagent.cli;

import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "load-components", mixinStandardHelpOptions = true,
        description = {"Create and update the components of the offerings from the config.",
            "Shows the difference first. Prices, and what the config does not name, stay as they are."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:good", "1:something failed", "2:there is a difference (dry run)"})
final class LoadComponents implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Option(names = "--dry-run", description = "Only show the difference. Exit code 2 if there is one.")
    private boolean dryRun;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = options.load(spec.commandLine(), Set.of(), true, dryRun);
        PrintWriter out = spec.commandLine().getOut();
        return options.agent(settings, out::print).once("load-components");
    }
}
