package org.waldur.siteagent.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the effects on variables out of the steps of a route. */
final class Effects {
    private static final Pattern READ = Pattern.compile("\\$\\{variables?(?:[.:]|\\['?)((?:global:|route:[\\w-]+:)?[A-Za-z0-9_.-]+)"
            + "|(?<=\\$\\{|, |\\()variable:([A-Za-z0-9_-]+)|\\$\\{variableAs\\(([A-Za-z0-9_-]+)");
    private static final Pattern WITH_NULL = Pattern.compile("\\$\\{variables?[.:]([A-Za-z0-9_-]+)[^}]*}\\s*(==|!=)\\s*null");
    private static final Set<String> NO_TEXT = Set.of("description", "note", "id");
    private static final Set<String> BLOCKS = Set.of("steps", "when", "otherwise", "doCatch", "doFinally", "onFallback");
    private static final Set<String> ON_A_COPY = Set.of("split", "multicast", "aggregate", "resequence", "idempotentConsumer");
    private static final Set<String> ANYTIME = Set.of("onException", "onCompletion", "intercept", "interceptFrom", "interceptSendToEndpoint");

    private Effects() {
    }

    /** Of a route or a configuration. */
    static List<Effect> of(Entry route) {
        List<Effect> effects = new ArrayList<>();
        for (Entry child : route.children()) {
            if (child.key().equals("from")) {
                child.get("variableReceive").ifPresent(name -> effects.add(new Effect.Sets(name.text(), name)));
                child.get("steps").ifPresent(steps -> effects.addAll(steps(steps)));
            } else if (!child.key().equals("description")) {
                effects.add(new Effect.Anytime(step(child)));
            }
        }
        return effects;
    }

    private static List<Effect> steps(Entry list) {
        List<Effect> effects = new ArrayList<>();
        list.children().forEach(item -> (item.key().isEmpty() ? item.children() : List.of(item)).forEach(step -> effects.addAll(step(step))));
        return effects;
    }

    private static List<Effect> step(Entry step) {
        List<Effect> effects = new ArrayList<>();
        texts(step).forEach(text -> reads(text, effects));
        List<Effect> inner = step.get("steps").map(Effects::steps).orElse(List.of());
        switch (step.key()) {
            case "stop", "throwException", "rollback" -> effects.add(new Effect.Ends());
            case "setVariable" -> step.get("name").ifPresent(name -> effects.add(new Effect.Sets(name.text(), name)));
            case "setVariables" -> step.get("variables").ifPresent(list -> list.children().forEach(item -> item.get("name")
                    .ifPresent(name -> effects.add(new Effect.Sets(name.text(), name)))));
            case "filter" -> effects.add(new Effect.Ways(List.of(guarded(step, inner)), true));
            case "loop" -> effects.addAll(loop(step, inner));
            case "choice" -> effects.add(choice(step));
            case "doTry" -> effects.addAll(attempt(step, inner));
            case "wireTap", "enrich", "pollEnrich", "recipientList" -> effects.add(new Effect.Apart(calls(step)));
            default -> {
                effects.addAll(calls(step));
                if (ON_A_COPY.contains(step.key())) {
                    effects.add(new Effect.Apart(inner));
                } else if (step.value() instanceof SequenceNode) {
                    return steps(step);
                } else if (ANYTIME.contains(step.key())) {
                    return List.of(new Effect.Anytime(concat(effects, inner)));
                } else {
                    effects.addAll(inner);
                }
            }
        }
        step.get("variableReceive").ifPresent(name -> effects.add(new Effect.Sets(name.text(), name)));
        return effects;
    }

    private static List<Effect> calls(Entry step) {
        List<Effect> effects = new ArrayList<>();
        Optional<Entry> address = step.text().isEmpty() ? step.get("uri") : Optional.of(step);
        if (Calls.SENDERS.contains(step.key())) {
            address.filter(uri -> !uri.direct().isEmpty()).ifPresent(uri -> effects.add(new Effect.Calls(uri.direct())));
        }
        return effects;
    }

    private static List<Effect> loop(Entry step, List<Effect> inner) {
        String times = step.get("expression").flatMap(e -> e.get("constant")).map(e -> e.text("expression")).orElse("");
        return times.matches("[1-9]\\d*") ? inner : List.of(new Effect.Ways(List.of(guarded(step, inner)), true));
    }

    private static Effect choice(Entry step) {
        List<List<Effect>> ways = new ArrayList<>();
        step.get("when").ifPresent(list -> list.children().forEach(when -> {
            List<Effect> way = new ArrayList<>();
            texts(when).forEach(text -> reads(text, way));
            way.addAll(guarded(when, when.get("steps").map(Effects::steps).orElse(List.of())));
            ways.add(way);
        }));
        step.get("otherwise").flatMap(entry -> entry.get("steps")).ifPresent(steps -> ways.add(steps(steps)));
        return new Effect.Ways(ways, step.get("otherwise").isEmpty());
    }

    /** What is set in a step that fails is not sure where the failure is caught. */
    private static List<Effect> attempt(Entry step, List<Effect> inner) {
        List<List<Effect>> ways = new ArrayList<>(List.of(inner));
        step.get("doCatch").ifPresent(list -> list.children().forEach(item -> {
            List<Effect> way = new ArrayList<>();
            texts(item).forEach(text -> reads(text, way));
            item.get("steps").ifPresent(steps -> way.addAll(steps(steps)));
            ways.add(way);
        }));
        List<Effect> effects = new ArrayList<>(List.of(new Effect.Ways(ways, false)));
        step.get("doFinally").flatMap(entry -> entry.get("steps")).ifPresent(steps -> effects.addAll(steps(steps)));
        return effects;
    }

    /** Where a condition asks for a variable that is not null, it is there. */
    private static List<Effect> guarded(Entry step, List<Effect> inner) {
        List<Effect> effects = new ArrayList<>();
        texts(step).filter(text -> !text.text().contains("||")).forEach(text -> {
            Matcher asked = WITH_NULL.matcher(text.text());
            while (asked.find()) {
                if (asked.group(2).equals("!=")) {
                    effects.add(new Effect.Sets(asked.group(1), text));
                }
            }
        });
        return concat(effects, inner);
    }

    private static List<Effect> concat(List<Effect> first, List<Effect> then) {
        List<Effect> all = new ArrayList<>(first);
        all.addAll(then);
        return all;
    }

    /** The texts of a step itself, not of the steps in it. */
    private static Stream<Entry> texts(Entry step) {
        Stream<Entry> below = step.children().stream().filter(child -> !BLOCKS.contains(child.key()) && !NO_TEXT.contains(child.key()))
                .filter(child -> !child.key().equals("onException")).flatMap(child -> child.key().equals("variable") && child.get("expression").isPresent()
                        ? Stream.of(Entry.of(child.file(), "variable", child.line(), child.get("expression").get().value())) : texts(child));
        return step.text().isEmpty() ? below : Stream.of(step);
    }

    private static void reads(Entry entry, List<Effect> effects) {
        if (entry.key().equals("variableSend") || entry.key().equals("variable")) {
            effects.add(new Effect.Reads(entry.text(), entry, false));
        }
        for (String line : entry.text().lines().toList()) {
            Matcher read = READ.matcher(line);
            while (read.find()) {
                String name = read.group(1) != null ? read.group(1) : read.group(2) != null ? read.group(2) : read.group(3);
                boolean optional = line.strip().startsWith("? ") || WITH_NULL.matcher(line.substring(read.start())).lookingAt();
                effects.add(new Effect.Reads(name, entry, optional));
            }
        }
    }
}
