package org.waldur.siteagent.simulator;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * A misbehaviour of commands, the next {@code times} that match.
 *
 * @param command sees the program's name and its arguments
 * @param effect  whether the command does its work all the same
 * @param before  it waits so long before its work
 * @param after   it waits so long between its work and its answer
 */
public record SlurmFault(Predicate<List<String>> command, int times, boolean effect, Duration before, Duration after, Trick trick, int rc,
        String text) {

    static final SlurmFault NOTHING = new SlurmFault(argv -> false, 1, true, Duration.ZERO, Duration.ZERO, Trick.NONE, 0, "");

    /** How the answer is spoilt. */
    enum Trick { NONE, ANSWER, KILL, CUT, WARN, NO_ROWS, NO_TRES }

    /** Prints this on stderr and exits with this code, without any effect. */
    public static SlurmFault fail(Predicate<List<String>> command, int rc, String text) {
        return new SlurmFault(command, 1, false, Duration.ZERO, Duration.ZERO, Trick.ANSWER, rc, text);
    }

    /** Does its work, but then prints this on stderr and exits with this code. */
    public static SlurmFault failAfterwards(Predicate<List<String>> command, int rc, String text) {
        return new SlurmFault(command, 1, true, Duration.ZERO, Duration.ZERO, Trick.ANSWER, rc, text);
    }

    /** Waits before its work. If it is killed meanwhile the work is done all the same, as slurmdbd does. */
    public static SlurmFault hang(Predicate<List<String>> command, Duration time) {
        return new SlurmFault(command, 1, true, time, Duration.ZERO, Trick.NONE, 0, "");
    }

    /** Does its work and waits before it answers. */
    public static SlurmFault hangAfterwards(Predicate<List<String>> command, Duration time) {
        return new SlurmFault(command, 1, true, Duration.ZERO, time, Trick.NONE, 0, "");
    }

    /** Dies of SIGKILL without any effect. */
    public static SlurmFault kill(Predicate<List<String>> command) {
        return new SlurmFault(command, 1, false, Duration.ZERO, Duration.ZERO, Trick.KILL, 137, "");
    }

    /** Does its work and dies of SIGKILL before it prints anything. */
    public static SlurmFault killAfterwards(Predicate<List<String>> command) {
        return new SlurmFault(command, 1, true, Duration.ZERO, Duration.ZERO, Trick.KILL, 137, "");
    }

    /** Prints only the first half of its last line, and no end of line; exit code as if all were well. */
    public static SlurmFault cutLastLine(Predicate<List<String>> command) {
        return new SlurmFault(command, 1, true, Duration.ZERO, Duration.ZERO, Trick.CUT, 0, "");
    }

    /** Prints this line on stdout among its own: after the first. */
    public static SlurmFault warn(Predicate<List<String>> command, String line) {
        return new SlurmFault(command, 1, true, Duration.ZERO, Duration.ZERO, Trick.WARN, 0, line);
    }

    /** Of sacct: the header line only, exit code 0, as slurmdbd 22.05 answers when a query of its database has failed. */
    public static SlurmFault noRows(Predicate<List<String>> command) {
        return new SlurmFault(command, 1, true, Duration.ZERO, Duration.ZERO, Trick.NO_ROWS, 0, "");
    }

    /** Of sacct: all rows, but AllocTRES is empty in each, exit code 0, as if slurmdbd had died after it gave the jobs (22.05). */
    public static SlurmFault noTres(Predicate<List<String>> command) {
        return new SlurmFault(command, 1, true, Duration.ZERO, Duration.ZERO, Trick.NO_TRES, 0, """
                sacct: error: Sending PersistInit msg: Connection refused
                sacct: error: DBD_GET_TRES failure: Connection refused
                """);
    }

    /** The same fault for the next so many commands that match. */
    public SlurmFault times(int number) {
        return new SlurmFault(command, number, effect, before, after, trick, rc, text);
    }

    /** Changes what the command printed and its exit code. */
    Output spoil(Output output) {
        return switch (trick) {
            case NONE, KILL -> output;
            case ANSWER -> Output.of(rc, "", text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
            case CUT -> {
                int last = output.out().lastIndexOf('\n', output.out().length() - 2) + 1;
                yield Output.of(output.rc(), output.out().substring(0, last + (output.out().length() - last) / 2), output.err());
            }
            case WARN -> {
                int first = output.out().indexOf('\n') + 1;
                yield Output.of(output.rc(), output.out().substring(0, first) + text + "\n" + output.out().substring(first), output.err());
            }
            case NO_ROWS -> Output.of(output.rc(), output.out().substring(0, output.out().indexOf('\n') + 1), output.err());
            case NO_TRES -> withoutTres(output);
        };
    }

    private Output withoutTres(Output output) {
        List<String> lines = output.out().lines().toList();
        int column = lines.isEmpty() ? -1 : List.of(lines.get(0).split("\\|")).indexOf("AllocTRES");
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder(output.err());
        for (int i = 0; i < lines.size(); i++) {
            String[] cells = lines.get(i).split("\\|", -1);
            if (i > 0 && column >= 0) {
                cells[column] = "";
                err.append(text);
            }
            out.append(String.join("|", cells)).append('\n');
        }
        return Output.of(output.rc(), out.toString(), err.toString());
    }
}
