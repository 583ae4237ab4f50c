package org.waldur.siteagent.exec;

import java.util.List;

/**
 * A command line: the program and its arguments, as they will be given to it. Only the language {@code argv} makes one, so no
 * answer of a server and no output of a command can ever be run.
 */
public final class Argv {
    private final List<String> words;

    Argv(List<String> words) {
        this.words = List.copyOf(words);
    }

    public String program() {
        return words.get(0);
    }

    /** Program and arguments. */
    public List<String> words() {
        return words;
    }

    /** For people: words with blanks in them are quoted. */
    @Override
    public String toString() {
        return String.join(" ", words.stream().map(w -> w.isEmpty() || w.contains(" ") ? "'" + w + "'" : w).toList());
    }
}
