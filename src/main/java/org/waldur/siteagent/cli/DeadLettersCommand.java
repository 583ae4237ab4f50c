package org.waldur.siteagent.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.record.DeadLetter;
import org.waldur.siteagent.record.DeadLetters;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "dead-letters", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {DeadLettersCommand.ListLetters.class, DeadLettersCommand.Show.class, DeadLettersCommand.Retry.class, DeadLettersCommand.Drop.class},
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = "64:none of the commands was named",
        description = "What failed for good, one letter for each order (or account, or usage) and cause. A letter goes away by itself when its trouble is over.")
final class DeadLettersCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "what about them? Right would be: list, show, retry or drop");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "One line for each.",
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:there are none", "2:there are some", "78:wrong config, or a state directory that we may not read"})
    static final class ListLetters implements Callable<Integer> {
        private static final int WHY = 120;
        @Mixin
        private ConfigOptions options;
        @Mixin
        private LetterChoice choice;
        @Mixin
        private FormatOption format;
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            Settings settings = options.loadWithoutSecrets(spec.commandLine());
            List<DeadLetter> all = LetterChoice.there(LetterChoice.letters(settings, options), settings, options);
            List<DeadLetter> letters = choice.isGiven() ? choice.of(all, spec.commandLine()) : all;
            Sheet sheet = new Sheet(List.of("id", "offering", "about", "times", "last", "why"), List.of("times"), () -> letters.stream().map(letter -> List.of(letter.id(),
                    letter.offering(), letter.orders(), Integer.toString(letter.count()), letter.last(), format.get() == Format.TEXT && letter.why().length() > WHY
                            ? letter.why().substring(0, WHY) + "..." : letter.why())));
            PrintWriter out = spec.commandLine().getOut();
            switch (format.get()) {
                case TEXT -> {
                    if (!letters.isEmpty()) {
                        sheet.text(out);
                    }
                }
                case CSV -> sheet.csv(out);
                case JSON -> FormatOption.json(out, json -> {
                    json.writeFieldName("deadLetters");
                    sheet.json(json);
                });
            }
            return letters.isEmpty() ? ExitCode.GOOD : ExitCode.CHANGES;
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "All of it: what failed, the command or request and its answer, and how to go on.",
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = "0:shown")
    static final class Show implements Callable<Integer> {
        @Mixin
        private ConfigOptions options;
        @Mixin
        private LetterChoice choice;
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            Settings settings = options.loadWithoutSecrets(spec.commandLine());
            List<DeadLetter> letters = choice.of(LetterChoice.there(LetterChoice.letters(settings, options), settings, options), spec.commandLine());
            letters.forEach(letter -> spec.commandLine().getOut().println(text(letter)));
            return ExitCode.GOOD;
        }

        private static String text(DeadLetter letter) {
            Map<String, String> parts = new LinkedHashMap<>();
            parts.put("offering", letter.offering());
            parts.put("about", letter.orders());
            parts.put(letter.held() ? "held in" : "failed in", letter.doing());
            parts.put("why", letter.why());
            parts.put("command", letter.command());
            parts.put("answer", letter.answer());
            parts.put("happened", letter.count() + (letter.count() == 1 ? " time, at " + letter.first() : " times, from " + letter.first() + " to " + letter.last()));
            parts.put("next try", letter.nextTry());
            parts.put("go on", letter.howToGoOn());
            return letter.id() + "\n" + parts.entrySet().stream().filter(part -> part.getValue() != null && !part.getValue().isEmpty())
                    .map(part -> "  %-10s %s%n".formatted(part.getKey() + ":", part.getValue())).collect(Collectors.joining());
        }
    }

    @Command(name = "retry", mixinStandardHelpOptions = true,
            description = {"Do again what failed, now, by the same routes: one cycle of the job, of these orders and accounts only where it can be told. It may be repeated."},
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:the trouble is over", "1:it is not, see the letters that are left"})
    static final class Retry implements Callable<Integer> {
        @Mixin
        private ConfigOptions options;
        @Mixin
        private LetterChoice choice;
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            CommandLine line = spec.commandLine();
            Settings settings = options.load(line, Set.of(), true, false);
            DeadLetters letters = LetterChoice.letters(settings, options);
            List<DeadLetter> chosen = choice.of(LetterChoice.there(letters, settings, options), line);
            Map<DeadLetter, String> untried = new LinkedHashMap<>();
            chosen.forEach(letter -> untried(letter, settings).ifPresent(why -> untried.put(letter, why)));
            Map<String, List<DeadLetter>> jobs = chosen.stream().filter(letter -> !untried.containsKey(letter)).collect(Collectors.groupingBy(letter -> letter.job().get(), LinkedHashMap::new, Collectors.toList()));
            for (Map.Entry<String, List<DeadLetter>> job : jobs.entrySet()) {
                options.agent(only(settings, job.getValue()), Agent::log).once(job.getKey());
            }
            Set<String> left = letters.all().stream().map(DeadLetter::id).collect(Collectors.toSet());
            chosen.forEach(letter -> line.getOut().println(letter.id() + (untried.containsKey(letter) ? ": not tried, because " + untried.get(letter) : left.contains(letter.id()) ? ": it failed again" : ": over")));
            return chosen.stream().anyMatch(letter -> left.contains(letter.id())) ? ExitCode.FAILED : ExitCode.GOOD;
        }

        /** Why it cannot be tried; empty if it can. */
        private static Optional<String> untried(DeadLetter letter, Settings settings) {
            if (letter.job().isEmpty()) {
                return Optional.of("it is not of a job that runs by itself" + (letter.howToGoOn().isEmpty() ? "" : "; go on so: " + letter.howToGoOn()));
            }
            return Optional.of(letter.offering()).filter(name -> !name.equals("-") && settings.offerings().stream().noneMatch(offering -> offering.name().equals(name)))
                    .map(name -> "the config has no offering '" + name + "'; if that is gone for good: waldur-site-agent dead-letters drop " + letter.id());
        }

        /** The offerings that the letters are of, and their orders, if all of them are about orders. */
        private static Settings only(Settings settings, List<DeadLetter> letters) {
            Set<String> names = letters.stream().map(DeadLetter::offering).collect(Collectors.toSet());
            List<Offering> offerings = settings.offerings().stream().filter(offering -> names.contains(offering.name())).toList();
            boolean ofOrders = letters.stream().noneMatch(letter -> letter.orderUuids().isEmpty());
            Set<String> orders = letters.stream().flatMap(letter -> letter.orderUuids().stream()).collect(Collectors.toCollection(TreeSet::new));
            Map<String, String> more = new HashMap<>();
            if (ofOrders) {
                more.put("agent.only", orders.stream().map(order -> "order=" + order).collect(Collectors.joining(",")));
            }
            return (offerings.isEmpty() ? settings : settings.serving(offerings)).with(more);
        }
    }

    @Command(name = "drop", mixinStandardHelpOptions = true,
            description = {"Throw letters away. What they are about is tried again by the next cycle, and fails again if its trouble is not over."},
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:done", "1:an order could not be ended"})
    static final class Drop implements Callable<Integer> {
        @Mixin
        private ConfigOptions options;
        @Mixin
        private LetterChoice choice;

        @Option(names = "--fail-order", paramLabel = "MESSAGE",
                description = "End the orders that these letters are about, which cannot be helped: refused, or as erred, with this message to the customer")
        private String message;
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            CommandLine line = spec.commandLine();
            Settings settings = message == null ? options.loadWithoutSecrets(line) : options.load(line, Set.of(), true, false);
            DeadLetters letters = LetterChoice.letters(settings, options);
            List<DeadLetter> chosen = new ArrayList<>(choice.of(LetterChoice.there(letters, settings, options), line));
            if (message != null) {
                if (message.isBlank()) {
                    throw new CommandLine.ParameterException(line, "--fail-order: the customer reads this message, so there has to be one");
                }
                List<String> others = chosen.stream().filter(letter -> letter.orderUuids().isEmpty()).map(DeadLetter::id).toList();
                if (!others.isEmpty()) {
                    throw new CommandLine.ParameterException(line, "--fail-order: these letters are about no order: " + String.join(", ", others));
                }
                chosen.forEach(letter -> Retry.untried(letter, settings).ifPresent(why -> {
                    throw new CommandLine.ParameterException(line, "--fail-order: " + letter.id() + ": " + why);
                }));
                int code = options.agent(Retry.only(settings, chosen).with(Map.of("order_process.refusal", message)), Agent::log).once("order-process");
                Set<String> there = letters.all().stream().map(DeadLetter::id).collect(Collectors.toSet());
                chosen.removeIf(letter -> !there.contains(letter.id()) && say(line, letter, ": its order has ended"));
                chosen.forEach(letter -> line.getErr().println("waldur-site-agent: " + letter.id() + ": its order has not ended, so the letter stays"));
                return chosen.isEmpty() ? ExitCode.GOOD : Math.max(code, ExitCode.FAILED);
            }
            chosen.forEach(letter -> {
                letters.drop(letter);
                say(line, letter, ": dropped");
            });
            return ExitCode.GOOD;
        }

        private static boolean say(CommandLine line, DeadLetter letter, String what) {
            line.getOut().println(letter.id() + what);
            return true;
        }
    }
}
