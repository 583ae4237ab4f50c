package org.waldur.siteagent.simulator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code sacctmgr}, as Slurm 22.05 answers (measured on Debian's 22.05.8). */
final class Sacctmgr {
    private static final String KNOWN = "-i --immediate -n --noheader -p --parsable -P --parsable2 -r --readonly -Q --quiet -V --version";
    private final SlurmWorld world;
    private final Path folder;
    private final Output output;
    private boolean immediate;
    private boolean header = true;
    private boolean parsable;
    private boolean closed;
    private boolean readonly;
    private boolean version;

    /** @param folder working folder of the command, for file names */
    Sacctmgr(SlurmWorld world, Path folder, Output output) {
        this.world = world;
        this.folder = folder;
        this.output = output;
    }

    void run(List<String> args) throws IOException {
        List<String> words = new ArrayList<>();
        boolean options = true;
        for (String arg : args) {
            if (options && arg.equals("--")) {
                options = false;
            } else if (!options || !arg.startsWith("-") || arg.equals("-")) {
                words.add(arg);
            } else if (!option(arg)) {
                return;
            }
        }
        if (version) {
            output.out("slurm-wlm 22.05.8");
        } else if (words.isEmpty()) {
            throw new UnknownArgument("", "a command: the real one waits for commands on stdin");
        } else {
            world.nextCommand();
            command(words.get(0), words.stream().skip(1).map(Option::of).toList());
        }
    }

    private boolean option(String arg) {
        String letters = switch (arg) {
            case "--immediate" -> "i";
            case "--noheader" -> "n";
            case "--parsable" -> "p";
            case "--parsable2" -> "P";
            case "--readonly" -> "r";
            case "--quiet" -> "Q";
            case "--version" -> "V";
            default -> arg.startsWith("--") ? "" : arg.substring(1);
        };
        if (letters.isEmpty()) {
            throw new UnknownArgument(arg, KNOWN);
        }
        for (char letter : letters.toCharArray()) {
            switch (letter) {
                case 'i' -> immediate = true;
                case 'n' -> header = false;
                case 'p' -> parsable = true;
                case 'P' -> closed = parsable = true;
                case 'r' -> readonly = true;
                case 'V' -> version = true;
                case 'Q' -> { }
                case 'a', 'h', 'o', 's', 'v' -> throw new UnknownArgument(arg, KNOWN);
                default -> {
                    output.fail("sacctmgr: invalid option -- '%c'\nTry \"sacctmgr --help\" for more information", letter);
                    return false;
                }
            }
        }
        return true;
    }

    private void command(String command, List<Option> options) throws IOException {
        String verb = Words.lower(command);
        switch (verb) {
            case "show", "list" -> {
                if (!parsable) {
                    throw new UnknownArgument(command, command + " with --parsable or --parsable2");
                }
                new ShowCommand(world, output, header, closed ? "" : "|").run(entity(options), rest(options));
            }
            case "add", "create", "modify", "remove", "delete", "load" -> {
                if (readonly) {
                    output.fail("Can't run this command in readonly mode.");
                } else if (!immediate) {
                    throw new UnknownArgument(command, command + " with --immediate: the real one asks, at the end of stdin forever");
                } else if (!verb.equals("load")) {
                    change(verb, entity(options), rest(options));
                } else if (options.isEmpty()) {
                    output.fail(" No filename given, specify one with file=''");
                } else if (options.size() > 1) {
                    throw new UnknownArgument(options.get(1).word(), "load file=");
                } else {
                    new LoadCommand(world, output).run(folder, options.get(0));
                }
            }
            default -> throw new UnknownArgument(command, "show, list, add, create, modify, remove, delete, load");
        }
    }

    private static String entity(List<Option> options) {
        return options.isEmpty() ? "" : Words.lower(options.get(0).word());
    }

    private static List<Option> rest(List<Option> options) {
        return options.subList(Math.min(1, options.size()), options.size());
    }

    private void change(String verb, String entity, List<Option> options) {
        boolean account = entity.equals("account") || entity.equals("accounts");
        if (!account && !entity.equals("user") && !entity.equals("users")) {
            throw new UnknownArgument(entity, "account, user");
        }
        switch (verb) {
            case "add", "create" -> {
                if (account) {
                    new AddAccounts(world, output).run(options);
                } else {
                    new AddUsers(world, output).run(options);
                }
            }
            case "modify" -> {
                if (account) {
                    new ModifyAccounts(world, output).run(options);
                } else {
                    new ModifyUsers(world, output).run(options);
                }
            }
            default -> {
                if (account) {
                    new RemoveCommand(world, output).accounts(options);
                } else {
                    new RemoveCommand(world, output).users(options);
                }
            }
        }
    }
}
