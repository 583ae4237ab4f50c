package org.waldur.siteagent.cli;

import java.util.concurrent.Callable;
import org.waldur.siteagent.config.ConfigSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "config-schema", mixinStandardHelpOptions = true,
        description = {"Print the JSON schema of the config, with which an editor completes and checks it.",
            "The first line of the example names the schema of the installation. What depends on several keys, on the environment or on other files only `check` can say."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = "0:printed")
final class SchemaCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(ConfigSchema.text());
        spec.commandLine().getOut().flush();
        return ExitCode.GOOD;
    }
}
