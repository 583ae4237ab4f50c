package org.waldur.siteagent.config;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A config that cannot be used. The message has every mistake, one a line. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient List<Mistake> mistakes;

    ConfigException(Path file, List<Mistake> mistakes) {
        super(sorted(mistakes).stream().map(m -> m.text(file.toString())).collect(Collectors.joining("\n")));
        this.mistakes = sorted(mistakes);
    }

    private static List<Mistake> sorted(List<Mistake> mistakes) {
        return mistakes.stream().sorted(Comparator.comparingInt(Mistake::line)).toList();
    }

    /** In the order of the file. */
    public List<Mistake> mistakes() {
        return mistakes;
    }
}
