package org.waldur.siteagent.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.waldur.siteagent.cli.Main;
import org.waldur.siteagent.config.ConfigSchema;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Writes what a distribution has besides the program: manual pages, completion for shells, and the schema of the config. */
public final class Manual {
    private static final String COMMAND = "waldur-site-agent";

    private Manual() {
    }

    /** @param args the folder; the date of the pages, which may go on with a time */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        String date = args[1].substring(0, "YYYY-MM-DD".length());
        CommandLine command = new CommandLine(new Main());
        for (var page : CommandPage.pages(command, date).entrySet()) {
            write(folder.resolve("man").resolve(page.getKey()), page.getValue());
        }
        write(folder.resolve("man").resolve(ConfigPage.fileName()), ConfigPage.text(date, command.getCommandSpec().version()[0]));
        String completion = AutoComplete.bash(COMMAND, command);
        write(folder.resolve("completion/bash").resolve(COMMAND), completion);
        write(folder.resolve("completion/zsh").resolve("_" + COMMAND), zsh(completion));
        write(folder.resolve("waldur-site-agent-config.schema.json"), ConfigSchema.text());
    }

    /** zsh reads the file when it is needed first, and wants an answer at once; bashcompinit gives it from then on. It has no compopt. */
    private static String zsh(String completion) {
        return "#compdef " + COMMAND + "\nautoload -U +X bashcompinit && bashcompinit\n" + completion.replaceAll("(?m)^( *)compopt ", "$1: ")
                + "\n_bash_complete -o default -F _complete_" + COMMAND + "\n";
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
