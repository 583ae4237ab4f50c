package org.waldur.siteagent.simulator;

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
 * @param qos           what happens to the list of QoS
 * @param defaultQos    null: not named; empty: inherited
 */
record LimitWords(OptionalLong shares, Map<String, Long> grpTresMins, OptionalLong grpSubmitJobs, QosWords qos, String defaultQos) {
    /** Spellings of the options, canonical first. */
    static final String SHARES = "fairshare shares share";
    static final String TRES_MINUTES = "grptresmins";
    static final String SUBMIT = "grpsubmitjobs grpsubmit";
    static final String QOS = "qos qoslevel";
    static final String QOS_MORE = "qos+ qoslevel+";
    static final String QOS_LESS = "qos- qoslevel-";
    static final String DEFAULT_QOS = "defaultqos";
    private static final Pattern NUMBER = Pattern.compile("\\s*([+-]?[0-9]*)(.?).*", Pattern.DOTALL);
    private static final long UNSET = 0xFFFFFFFFL;

    /** Reads the limits; empty if one is refused, and then the reason is on stderr. */
    static Optional<LimitWords> of(Words words, SlurmWorld world, Output output) {
        return of(words, world, output, " Use keyword 'where' to modify condition");
    }

    /** The same as {@code add user} and lines of a file say it. */
    static Optional<LimitWords> withoutHint(Words words, SlurmWorld world, Output output) {
        return of(words, world, output, "");
    }

    private static Optional<LimitWords> of(Words words, SlurmWorld world, Output output, String hint) {
        OptionalLong shares = OptionalLong.empty();
        OptionalLong submit = null;
        Map<String, Long> tres = Map.of();
        QosWords qos = QosWords.NONE;
        String defaultQos = null;
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
                case "qos", "qos+", "qos-" -> {
                    Optional<QosWords> more = qos.and(word.getValue(), world.qos, output);
                    good = more.isPresent();
                    if (!good && hint.isEmpty()) {
                        // add user says it twice
                        qos.and(word.getValue(), world.qos, output);
                    }
                    qos = more.orElse(qos);
                }
                case "defaultqos" -> {
                    defaultQos = value.equals("-1") ? "" : Names.unquote(value);
                    if (!value.equals("-1") && !world.qos.contains(defaultQos)) {
                        output.fail("You gave a bad default qos '%s'.  Use 'list qos' to get complete list.", value);
                        return Optional.empty();
                    }
                }
                default -> { }
            }
            if (!good) {
                output.fail(" Unknown option: %s", word.getValue().word());
                if (!hint.isEmpty()) {
                    output.err("%s", hint);
                }
                return Optional.empty();
            }
        }
        return Optional.of(new LimitWords(shares, tres, submit, qos, defaultQos));
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
        return shares.isEmpty() && grpTresMins.isEmpty() && grpSubmitJobs == null && !hasQos();
    }

    boolean hasQos() {
        return !qos.isEmpty() || defaultQos != null;
    }

    void applyTo(Association node) {
        applyQos(node);
        applyOthers(node);
    }

    /** What is not about QoS. */
    void applyOthers(Association node) {
        shares.ifPresent(value -> node.shares = value);
        node.grpTresMins = TresLimits.merged(node.grpTresMins, grpTresMins);
        if (grpSubmitJobs != null) {
            node.grpSubmitJobs = grpSubmitJobs;
        }
    }

    void applyQos(Association node) {
        qos.applyTo(node);
        node.defaultQos = defaultQos == null ? node.defaultQos : defaultQos;
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
        if (!qos.isEmpty()) {
            line(output, "QOS", qos.text());
        }
        if (defaultQos != null) {
            line(output, "DefQOS", defaultQos.isEmpty() ? "(null)" : defaultQos);
        }
    }

    private static void line(Output output, String name, String value) {
        output.out("  %-13s = %s", name, value);
    }
}
