package org.waldur.siteagent.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** What is wrong in a config, and what is worth a warning. What is said about a part of the file is said once, however many aliases lead to it. */
final class Findings {
    private record Said(Node about, String text) {
    }

    private final List<Mistake> mistakes = new ArrayList<>();
    private final List<Mistake> warnings = new ArrayList<>();
    private final Set<Said> said = new HashSet<>();

    void wrong(Node about, Mistake mistake) {
        if (said.add(new Said(about, mistake.wrong()))) {
            mistakes.add(mistake);
        }
    }

    /** A mistake outside the file, like one in the environment. */
    void wrong(Mistake mistake) {
        mistakes.add(mistake);
    }

    void warn(Node about, int line, String key, String text) {
        if (said.add(new Said(about, text))) {
            warnings.add(new Mistake(line, key, text, ""));
        }
    }

    /** Throws {@link ConfigException} if anything is wrong. */
    void refuse(Path file) throws ConfigException {
        if (!mistakes.isEmpty()) {
            throw new ConfigException(file, mistakes);
        }
    }

    /** A line each, in the order of the file. */
    List<String> warnings(Path file) {
        return warnings.stream().sorted(Comparator.comparingInt(Mistake::line)).map(warning -> warning.text(file.toString())).toList();
    }
}
