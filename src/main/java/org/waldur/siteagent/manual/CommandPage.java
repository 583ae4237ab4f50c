package org.waldur.siteagent.manual;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.waldur.siteagent.config.Key;
import org.waldur.siteagent.config.Keys;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of a command, made of the same texts as its {@code --help}. */
final class CommandPage {
    private static final int SECTION = 1;
    /** From here on exit codes are those of sysexits(3), which every command has. */
    private static final int SYSEXITS = 64;

    private final CommandSpec spec;
    private final ManPage page;

    private CommandPage(CommandLine command, String date) {
        this.spec = command.getCommandSpec();
        CommandSpec root = spec.root();
        String summary = summary(spec);
        this.page = new ManPage(name(spec), SECTION, date, root.version()[0], summary.substring(0, 1).toLowerCase(Locale.ROOT) + summary.substring(1));
        page.heading("Synopsis").paragraph(command.getHelp().synopsis(0).replaceFirst("^" + spec.qualifiedName(" "), "`" + spec.qualifiedName(" ") + "`"));
        page.heading("Description");
        paragraphs(spec.usageMessage().description()).forEach(page::paragraph);
        arguments();
        commands();
        exitCodes();
        footer();
        if (spec == root) {
            environment();
        }
        seeAlso();
    }

    /** The page of a command and those of its subcommands, by file name. */
    static Map<String, String> pages(CommandLine command, String date) {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put(name(command.getCommandSpec()) + "." + SECTION, new CommandPage(command, date).page.toString());
        new LinkedHashSet<>(command.getSubcommands().values()).forEach(each -> pages.putAll(pages(each, date)));
        return pages;
    }

    private static String name(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    /** The beginning of the description, up to its first stop. */
    private static String summary(CommandSpec spec) {
        return texts(spec.usageMessage().description()).get(0).replaceFirst("[.:;](\\s.*)?$", "");
    }

    private static List<String> texts(String[] lines) {
        return List.of(lines).stream().map(line -> Ansi.OFF.string(String.format(line)).strip()).filter(line -> !line.isEmpty()).toList();
    }

    /** A help text breaks its lines where it likes; here a sentence stays together. */
    private static List<String> paragraphs(String[] lines) {
        return List.of(String.join("\n", texts(lines)).split("(?<=\\.)\n"));
    }

    private void arguments() {
        if (!spec.positionalParameters().isEmpty()) {
            page.heading("Arguments");
            spec.positionalParameters().forEach(this::positional);
        }
        page.heading("Options");
        spec.options().forEach(this::option);
    }

    private void positional(PositionalParamSpec positional) {
        page.item("", positional.paramLabel(), texts(positional.description()));
    }

    private void option(OptionSpec option) {
        String argument = option.arity().max() == 0 ? "" : label(option);
        page.item(String.join(", ", option.names()), argument, texts(option.description()));
    }

    private static String label(ArgSpec argument) {
        return argument.paramLabel() + (argument.splitRegex().isEmpty() ? "" : "[,...]");
    }

    private void commands() {
        Set<CommandLine> commands = new LinkedHashSet<>(spec.subcommands().values());
        if (!commands.isEmpty()) {
            page.heading("Commands");
            commands.forEach(command -> page.item(command.getCommandName(), "", List.of(summary(command.getCommandSpec()) + ", see **" + name(command.getCommandSpec()) + "**(1)")));
        }
    }

    private void exitCodes() {
        Map<String, String> codes = new TreeMap<>(Comparator.comparing(code -> Integer.valueOf(code.strip())));
        codes.putAll(spec.usageMessage().exitCodeList());
        spec.root().usageMessage().exitCodeList().entrySet().stream().filter(code -> Integer.parseInt(code.getKey().strip()) >= SYSEXITS)
                .forEach(code -> codes.putIfAbsent(code.getKey(), code.getValue()));
        page.heading("Exit status");
        codes.forEach((code, meaning) -> page.item(code.strip(), "", List.of(meaning)));
    }

    /** The footer has parts, each under a line of its own that ends in a colon. */
    private void footer() {
        List<String> lines = new ArrayList<>(List.of(String.format(spec.usageMessage().footerHeading()).strip()));
        lines.addAll(List.of(spec.usageMessage().footer()));
        List<String> part = new ArrayList<>();
        for (String line : lines) {
            if (line.matches("\\S.*:")) {
                flush(part);
                page.heading(line.substring(0, line.length() - 1));
            } else if (!line.isBlank()) {
                part.add(line);
            }
        }
        flush(part);
    }

    private void flush(List<String> part) {
        if (!part.isEmpty()) {
            page.verbatim(part);
            part.clear();
        }
    }

    private void environment() {
        page.heading("Environment");
        for (Map.Entry<String, Key> variable : Keys.environment().entrySet()) {
            page.item(variable.getKey(), "", List.of(variable.getValue().meaning() + ". Default: " + variable.getValue().otherwise()));
        }
    }

    private void seeAlso() {
        List<String> pages = new ArrayList<>();
        if (spec.parent() != null) {
            pages.add("**" + name(spec.parent()) + "**(1)");
        }
        new LinkedHashSet<>(spec.subcommands().values()).forEach(command -> pages.add("**" + name(command.getCommandSpec()) + "**(1)"));
        pages.add("**" + ConfigPage.NAME + "**(5)");
        page.heading("See also").paragraph(String.join(", ", pages));
    }
}
