package org.waldur.siteagent.cli;

import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "check", mixinStandardHelpOptions = true,
        description = "Load config and routes without starting anything, and say every mistake. Do this before a restart.")
final class Check implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = options.load(spec.commandLine(), Set.of(), true, true);
        Agent.buildRoutes(settings);
        boolean root = Boolean.parseBoolean(settings.properties().getProperty("agent.root"));
        settings.homedirUnit(options.clock()).warnings(settings.homedirOfferings(), root).forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
        spec.commandLine().getOut().println("good: " + settings.config().file() + " with " + settings.offerings().size() + " offering(s), and "
                + settings.routes());
        return ExitCode.GOOD;
    }
}
