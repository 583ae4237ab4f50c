package org.waldur.siteagent.exec;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    /** What people call it: {@code sacctmgr add account}, without its arguments, and without the flock(1) around it. It may have a user's name in it, as {@code getent passwd alice}. */
    public String name() {
        int first = first();
        Stream<String> verbs = words.subList(first + 1, words.size()).stream().filter(w -> !w.startsWith("-")).takeWhile(w -> w.matches("[a-z]+"));
        return Stream.concat(Stream.of(base(words.get(first))), verbs.limit(2)).collect(Collectors.joining(" "));
    }

    /** The same where nobody's name may be in it, and their number must not grow: what follows a program is a verb for sure only with sacctmgr(1). */
    public String kind() {
        String program = base(words.get(first()));
        return program.equals("sacctmgr") ? name() : program;
    }

    /** The program behind flock(1). */
    private int first() {
        return program().endsWith("/flock") ? IntStream.range(1, words.size()).filter(i -> words.get(i).startsWith("/")).skip(1).findFirst().orElse(0) : 0;
    }

    private static String base(String program) {
        return program.substring(program.lastIndexOf('/') + 1);
    }

    /** Whether this only looks: {@code sacctmgr show}, {@code sacctmgr --version}, {@code sacct}, {@code squeue}, {@code getent}. Everything else may write, scripts of a site as well. */
    public boolean onlyLooks() {
        String program = base(program());
        boolean asksVersion = words.contains("--version") && words.stream().skip(1).allMatch(word -> word.startsWith("-"));
        boolean shows = asksVersion || words.stream().skip(1).filter(w -> !w.startsWith("-")).findFirst().filter("show"::equals).isPresent();
        return program.equals("sacctmgr") && shows || List.of("sacct", "squeue", "getent").contains(program);
    }

    /** Whether this takes the lock of all that write, and somebody holds it now. */
    public boolean waitsForLock() {
        return program().endsWith("/flock") && LockHolder.isHeld(words);
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
