package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The limits that a command sets on associations.
 *
 * @param shares        empty: not named
 * @param grpTresMins   empty: none named; {@link TresLimits#NONE} takes one away
 * @param grpSubmitJobs null: not named; empty: no limit
 * @param qos           null: not named; empty: inherited
 */
record LimitWords(OptionalLong shares, Map<String, Long> grpTresMins, OptionalLong grpSubmitJobs, List<String> qos) {
    /** Spellings of the options, canonical first. */
    static final String SHARES = "fairshare shares share";
    static final String TRES_MINUTES = "grptresmins";
    static final String SUBMIT = "grpsubmitjobs grpsubmit";
    static final String QOS = "qos qoslevel";
    private static final Pattern NUMBER = Pattern.compile("\\s*([+-]?[0-9]*)(.?).*", Pattern.DOTALL);
    private static final long UNSET = 0xFFFFFFFFL;

    /** Reads the limits; empty if one is refused, and then the reason is on stderr. */
    static Optional<LimitWords> of(Words words, SlurmWorld world, Output output) {
        Optional<LimitWords> limits = ofFile(words, world, output);
        if (limits.isEmpty()) {
            output.err(" Use keyword 'where' to modify condition");
        }
        return limits;
    }

    /** The same for a line of a file. */
    static Optional<LimitWords> ofFile(Words words, SlurmWorld world, Output output) {
        OptionalLong shares = OptionalLong.empty();
        OptionalLong submit = null;
        Map<String, Long> tres = Map.of();
        List<String> qos = null;
        for (Map.Entry<String, Option> word : words.values.entrySet()) {
            String value = word.getValue().value();
            boolean good = true;
            switch (word.getKey()) {
                case "fairshare" -> {
                    shares = value.equalsIgnoreCase("parent") ? OptionalLong.of(Association.SHARES_OF_PARENT)
                            : number(value, "FairShare", output);
                    good = shares.isPresent();
                    shares = shares.stream().map(shareOf -> shareOf == UNSET ? 1 : shareOf).findFirst();
                }
                case "grpsubmitjobs" -> {
                    submit = number(value, "GrpSubmitJobs", output);
                    good = submit.isPresent();
                    submit = submit.stream().filter(number -> number != UNSET).findFirst();
                }
                case "grptresmins" -> {
                    Optional<Map<String, Long>> parsed = TresLimits.parse(value, SlurmWorld.TRES, output);
                    good = parsed.isPresent();
                    tres = parsed.orElse(Map.of());
                }
                case "qos" -> {
                    qos = new ArrayList<>(Names.list(value));
                    qos.remove("");
                    Optional<String> bad = qos.stream().filter(name -> !world.qos.contains(name)).findFirst();
                    bad.ifPresent(name -> output.err("sacctmgr: error: You gave a bad qos '%s'. Valid QOS's are %s", name,
                            String.join(",", world.qos)));
                    good = bad.isEmpty();
                }
                default -> { }
            }
            if (!good) {
                output.fail(" Unknown option: %s", word.getValue().word());
                return Optional.empty();
            }
        }
        return Optional.of(new LimitWords(shares, tres, submit, qos));
    }

    private static OptionalLong number(String text, String name, Output output) {
        Matcher parts = NUMBER.matcher(text);
        if (!parts.matches() || !parts.group(1).matches(".*[0-9]") && !text.isBlank()) {
            output.err("sacctmgr: error: Invalid value for %s (%s)", name, text);
            return OptionalLong.empty();
        }
        String digits = parts.group(1).replace("+", "");
        long number = digits.isEmpty() ? 0 : Long.parseLong(digits);
        return OptionalLong.of(number < 0 ? UNSET : number & UNSET);
    }

    boolean isEmpty() {
        return shares.isEmpty() && grpTresMins.isEmpty() && grpSubmitJobs == null && qos == null;
    }

    void applyTo(Association node) {
        shares.ifPresent(value -> node.shares = value);
        node.grpTresMins = TresLimits.merged(node.grpTresMins, grpTresMins);
        if (grpSubmitJobs != null) {
            node.grpSubmitJobs = grpSubmitJobs;
        }
        if (qos != null) {
            node.qos = List.copyOf(qos);
        }
    }

    /** The lines that add prints for them. */
    void print(Output output, String parent) {
        shares.ifPresent(value -> line(output, "Fairshare", value == Association.SHARES_OF_PARENT ? "parent" : Long.toString(value)));
        if (grpSubmitJobs != null) {
            line(output, "GrpSubmitJobs", grpSubmitJobs.isPresent() ? Long.toString(grpSubmitJobs.getAsLong()) : "NONE");
        }
        if (!grpTresMins.isEmpty()) {
            line(output, "GrpTRESMins", TresLimits.format(grpTresMins));
        }
        if (parent != null) {
            line(output, "Parent", parent);
        }
        if (qos != null) {
            line(output, "QOS", String.join(",", qos));
        }
    }

    private static void line(Output output, String name, String value) {
        output.out("  %-13s = %s", name, value);
    }
}
