package org.waldur.siteagent.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether commands are written one argument a line, without what only a shell would understand, and whether exec:command gets one. */
final class Commands {
    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ksh", "zsh", "env", "python3", "perl", "awk");
    private static final Pattern SHELL_WORD = Pattern.compile("^([|&;<>]|\\|\\||&&|\\d?>>?|2>&1|>&2)$|^\\d?>>?\\s*[/&]|\\s(\\||\\|\\||&&)\\s|\\s(\\d?>>?\\s*[/&]|2>&1)|\\\\$|^`.*`$|\\$\\([^)]*\\)");
    private static final Pattern QUOTED = Pattern.compile("^(?:[\\w-]+=)?([\"']).*\\1$");
    private static final Pattern SHELL_VARIABLE = Pattern.compile("\\$[A-Za-z_]\\w*");
    private static final String ONE = "one argument a line, as it is: there is no shell that would read this; for a shell write /bin/sh, then -c, then the command line";

    private final List<Mistake> mistakes = new ArrayList<>();

    private Commands() {
    }

    static List<Mistake> mistakes(RouteFiles files) {
        Commands commands = new Commands();
        files.top.stream().flatMap(Entry::all).filter(entry -> entry.key().equals("language") && entry.text("language").equals("argv")).forEach(commands::command);
        files.routes().forEach(commands::bodies);
        return commands.mistakes;
    }

    private void command(Entry language) {
        Entry text = language.get("expression").orElse(language);
        List<String> lines = text.text().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        String program = lines.isEmpty() ? "" : lines.get(0);
        if (!program.matches("/.*|\\{\\{.*|\\$\\{.*}/.*|\\$\\{[^}]*}")) {
            mistakes.add(language.mistake("a command begins with '" + program + "'", "the absolute path of a program in its first line"));
        } else if (program.replaceAll("\\$\\{[^}]*}|\\{\\{[^}]*}}", "").matches(".*\\s.*")) {
            mistakes.add(text.mistake("the first line of a command is '" + program + "', with a blank in it", "the program alone in the first line, then one argument a line"
                    + " (the text begins with '|', so that its lines stay lines)"));
        }
        boolean shell = SHELLS.contains(program.replaceFirst(".*/", ""));
        int at = text.line();
        for (String raw : text.text().lines().toList()) {
            at++;
            String line = raw.strip();
            if (!line.isEmpty() && !shell) {
                argument(Entry.of(text.file(), "", at, text.value()), line, raw);
            }
        }
    }

    private void argument(Entry where, String line, String raw) {
        String bare = line.replaceAll("\\$\\{[^}]*}|\\{\\{[^}]*}}", "x");
        Matcher variable = SHELL_VARIABLE.matcher(bare);
        if (line.matches("[?*][^\\s?*].*")) {
            mistakes.add(where.mistake("the mark " + line.charAt(0) + " in the line '" + line + "' has no blank after it, so it would be part of the argument",
                    line.charAt(0) + " " + line.substring(1)));
        } else if (line.startsWith("? ") && !line.contains("${") && !line.contains("{{")) {
            mistakes.add(where.mistake("the line '" + line + "' is optional but has no value that could be blank", "the line without '? '"));
        } else if (raw.strip().contains("\t")) {
            mistakes.add(where.mistake("the line '" + line.replace("\t", "<tab>") + "' has a tab in it, which would make the command fail", "one argument a line"));
        } else if (SHELL_WORD.matcher(bare).find() || variable.find() || line.startsWith("~/")) {
            mistakes.add(where.mistake("the line '" + line + "' would go to the program as it is, and looks like meant for a shell", ONE));
        } else if (QUOTED.matcher(bare).find()) {
            mistakes.add(where.mistake("the quotes in the line '" + line + "' would be part of the argument", "no quotes: a line is one argument, blanks and all"));
        } else if (line.startsWith("# ")) {
            mistakes.add(where.mistake("the line '" + line + "' would be an argument; there are no comments inside a command", "a comment above the step"));
        } else if (bare.matches("/[\\w/.-]*[*].*")) {
            mistakes.add(where.mistake("the line '" + line + "' has a * that no shell replaces by names of files", "the names themselves"));
        }
    }

    /** Whether the last body that was set before each exec:command is a command. */
    private void bodies(Entry route) {
        boolean command = false;
        for (Entry step : route.all().toList()) {
            String to = step.text("uri");
            if (step.key().equals("setBody") || step.key().equals("transform")) {
                command = step.all().anyMatch(entry -> entry.key().equals("language") && entry.text().equals("argv"));
            } else if (step.key().equals("to") && (to.startsWith("exec:command") || step.text().startsWith("exec:command"))) {
                boolean sent = step.get("variableSend").isPresent();
                if (!command && !sent) {
                    mistakes.add(step.mistake("no step before this exec:command has put a command into the body", "setBody with the language argv before it"));
                }
                command = sent && step.get("variableReceive").isPresent() && command;
            } else if (Set.of("to", "toD", "bean", "process", "unmarshal", "marshal", "convertBodyTo").contains(step.key())
                    && !to.startsWith("log:") && step.get("variableReceive").isEmpty()) {
                command &= step.key().equals("bean");
            }
        }
    }
}
