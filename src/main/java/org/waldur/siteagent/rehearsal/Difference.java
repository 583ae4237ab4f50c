package org.waldur.siteagent.rehearsal;

import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How two plays of one scenario differ.
 *
 * @param unmet    expectations that the operator's play does not meet
 * @param failures what failed in his play, and did not with the shipped routes
 * @param parts    where they differ
 * @param unplayed routes that are not the same, and that his play has not come to
 */
public record Difference(Set<String> unmet, Set<String> failures, List<Part> parts, Set<String> unplayed) {

    /** A part of the plays, with the lines of it that are in one of them only. */
    public record Part(String name, List<Line> lines) {
    }

    /** @param yours false: with the shipped routes only */
    public record Line(boolean yours, String text) {
    }

    /** What comes of a rehearsal. */
    public enum Verdict { SAME, DIFFERENT, FAILED }

    public Verdict verdict() {
        return !unmet.isEmpty() || !failures.isEmpty() ? Verdict.FAILED : parts.isEmpty() ? Verdict.SAME : Verdict.DIFFERENT;
    }

    /** A play that is compared with none: only what was expected counts. */
    public static Difference alone(Played yours) {
        return new Difference(yours.unmet, Set.of(), List.of(), Set.of());
    }

    public static Difference of(Played shipped, Path shippedRoutes, Played yours, Path yourRoutes) throws IOException {
        Set<String> names = new LinkedHashSet<>(shipped.parts.keySet());
        names.addAll(yours.parts.keySet());
        List<Part> parts = names.stream().map(name -> new Part(name, lines(shipped.parts.getOrDefault(name, List.of()), yours.parts.getOrDefault(name, List.of()))))
                .filter(part -> !part.lines().isEmpty()).toList();
        Set<String> failures = new LinkedHashSet<>(yours.failures);
        failures.removeAll(shipped.failures);
        Set<String> unplayed = new TreeSet<>(RouteTexts.read(yourRoutes).differing(RouteTexts.read(shippedRoutes)));
        unplayed.removeAll(yours.routes);
        return new Difference(yours.unmet, failures, parts, unplayed);
    }

    private static List<Line> lines(List<String> shipped, List<String> yours) {
        List<Line> lines = new ArrayList<>();
        for (AbstractDelta<String> delta : DiffUtils.diff(shipped, yours).getDeltas()) {
            delta.getSource().getLines().forEach(line -> lines.add(new Line(false, line)));
            delta.getTarget().getLines().forEach(line -> lines.add(new Line(true, line)));
        }
        return lines;
    }
}
