package org.waldur.siteagent.cli;

import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "check", mixinStandardHelpOptions = true,
        description = {"Load config and routes without starting anything, and say every mistake.",
            "Each has file, line, what is wrong, and what would be right. Nothing is asked of Waldur or the cluster. Do this before a restart."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:good", "78:there are mistakes"},
        footerHeading = "%nExamples:%n",
        footer = {"  waldur-site-agent check -c /etc/waldur/waldur-site-agent-config.yaml --routes /etc/waldur/routes"})
final class Check implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = options.load(spec.commandLine(), Set.of(), true, true);
        CheckedRoutes.build(settings);
        boolean root = Boolean.parseBoolean(settings.properties().getProperty("agent.root"));
        settings.homedirUnit(options.clock()).warnings(settings.homedirOfferings(), root).forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
        spec.commandLine().getOut().println("good: " + settings.config().file() + " with " + settings.offerings().size() + " offering(s), and "
                + settings.routes());
        return ExitCode.GOOD;
    }
}
