package org.waldur.siteagent.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.record.DeadLetter;
import org.waldur.siteagent.record.DeadLetters;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which dead letters a command is about: those that are named, or all that fit. */
final class LetterChoice {
    @Parameters(paramLabel = "ID", description = "Dead letters as `dead-letters list` names them; the beginning of an id is enough if no other one begins so")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--about", paramLabel = "TEXT", description = "Those about orders, accounts or people with this text: an order's uuid, an account")
    private String about;

    @Option(names = "--why", paramLabel = "TEXT", description = "Those whose cause has this text in it")
    private String why;

    @Option(names = "--all", description = "All of them")
    private boolean all;

    static DeadLetters letters(Settings settings, ConfigOptions options) {
        StateDir.look(settings.config().stateDir());
        return new DeadLetters(settings.config().stateDir(), options.clock(), Duration.ZERO, false);
    }

    /** Those of the offerings that were named; if none was, all, and so those of an offering that has left the config. */
    static List<DeadLetter> there(DeadLetters letters, Settings settings, ConfigOptions options) {
        Set<String> served = settings.offerings().stream().map(Offering::name).collect(Collectors.toSet());
        return letters.all().stream().filter(letter -> !options.choosesOfferings() || served.contains(letter.offering())).toList();
    }

    /** Whether anything was chosen. */
    boolean isGiven() {
        return all || about != null || why != null || !ids.isEmpty();
    }

    /** Those of them that were chosen. Throws a mistake of the command line if nothing was chosen, or something that is not there. */
    List<DeadLetter> of(List<DeadLetter> there, CommandLine line) {
        if (!isGiven()) {
            throw new CommandLine.ParameterException(line, "which dead letters? Right would be: an ID, --about TEXT, --why TEXT, or --all");
        }
        Predicate<DeadLetter> fits = letter -> (about == null || letter.orders().contains(about)) && (why == null || letter.why().contains(why));
        List<DeadLetter> named = ids.isEmpty() ? there : ids.stream().map(id -> named(id, there, line)).distinct().toList();
        List<DeadLetter> found = named.stream().filter(fits).toList();
        if (found.isEmpty()) {
            line.getErr().println("waldur-site-agent: no dead letter fits" + (there.isEmpty() ? ", because there is none" : "; waldur-site-agent dead-letters list shows those that are there"));
        }
        return found;
    }

    private static DeadLetter named(String id, List<DeadLetter> there, CommandLine line) {
        List<DeadLetter> found = there.stream().filter(letter -> letter.id().equals(id)).findFirst().map(List::of)
                .orElseGet(() -> there.stream().filter(letter -> letter.id().startsWith(id)).toList());
        if (found.size() != 1) {
            throw new CommandLine.ParameterException(line, found.isEmpty() ? "there is no dead letter " + id + (there.isEmpty() ? ", and no other one" : "; there are "
                    + String.join(", ", there.stream().map(DeadLetter::id).limit(10).toList())) : "several dead letters begin with " + id + ": "
                    + String.join(", ", found.stream().map(DeadLetter::id).toList()));
        }
        return found.get(0);
    }
}
