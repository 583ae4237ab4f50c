package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.exec.CommandOutput;

/** What sacct printed is read as a whole, or it is Unknown: never as something else. */
class SacctReaderTest {
    private static final long SEED = Long.getLong("seed", 20261101L);
    private static final int ROUNDS = Integer.getInteger("rounds", 1500);
    private static final String HEADER = "Cluster|JobIDRaw|Account|User|Start|End|ElapsedRaw|Suspended|TimelimitRaw|AllocTRES";
    private static final List<String> ROWS = List.of(
            "lab|7|hpc_one|alice|1793836800|1793840400|3600|00:00:00|1440|billing=64,cpu=64,gres/gpu:a100=2,gres/gpu=2,mem=65536M,node=1",
            "lab|8|hpc_one|bob|1793836800|1793840400|3000|00:10:00|UNLIMITED|billing=1,cpu=1,mem=1500M,node=1",
            "lab|8|hpc_one|bob|1793840500|1793840500|0|00:00:00|UNLIMITED|billing=1,cpu=1,mem=1500M,node=1",
            "lab|9|hpc_two|eve|1793836800|Unknown|100000|1-00:00:00|Partition_Limit|billing=2,cpu=2,license/matlab=1,mem=3G,node=1",
            "lab|10|hpc_two|eve|Unknown|Unknown|0|00:00:00|Partition_Limit|",
            "lab|11|hpc_two|eve|None|1793836900|0|00:00:00||",
            "lab|12|root|root|1793750400|1793836800|86400|00:00:00|2880|billing=4,cpu=4,mem=1000M,node=4");
    private static final String ANSWER = answer(HEADER, ROWS);
    private static final List<String> RUNS = List.of(
            "7 hpc_one alice 1793836800 1793840400 3600 0 86400 {billing=64, cpu=64, gres/gpu=2, gres/gpu:a100=2, mem=65536, node=1}",
            "8 hpc_one bob 1793836800 1793840400 3000 600 no {billing=1, cpu=1, mem=1500, node=1}",
            "8 hpc_one bob 1793840500 1793840500 0 0 no {billing=1, cpu=1, mem=1500, node=1}",
            "9 hpc_two eve 1793836800 open 1794023200 100000 86400 no {billing=2, cpu=2, license/matlab=1, mem=3072, node=1}",
            "12 root root 1793750400 1793836800 86400 0 172800 {billing=4, cpu=4, mem=1000, node=4}");

    private static String answer(String header, List<String> rows) {
        return header + "\n" + rows.stream().map(row -> row + "\n").collect(Collectors.joining());
    }

    private static List<String> read(String answer) {
        return read(answer, "lab");
    }

    private static List<String> read(String answer, String cluster) {
        List<String> runs = new ArrayList<>();
        SacctReader.read(CommandOutput.of(answer), cluster, run -> runs.add(text(run)));
        return runs;
    }

    private static String text(JobRun run) {
        TreeMap<String, String> tres = new TreeMap<>();
        IntStream.range(0, run.tres().kinds().length).forEach(i -> tres.put(TresKind.name(run.tres().kinds()[i]),
                run.tres().exact()[i].stripTrailingZeros().toPlainString()));
        return run.id() + " " + run.account() + " " + run.user() + " " + run.start() + (run.open() ? " open " : " ") + run.end() + (run.paused() ? " paused " : " ")
                + run.elapsed() + " " + run.suspended() + " " + (run.limit() == JobRun.UNLIMITED ? "no" : run.limit()) + " " + tres;
    }

    private static void unknown(String answer, String why) {
        assertThatThrownBy(() -> read(answer)).as(answer).isInstanceOf(UsageUnknown.class).hasMessageContaining(why);
    }

    @Test
    void everyRunThatHasBegun() {
        assertThat(read(ANSWER)).isEqualTo(RUNS);
        assertThat(read(ANSWER, "")).isEqualTo(RUNS);
        assertThat(read(ANSWER, "LAB")).isEqualTo(RUNS);
    }

    @Test
    void noRowsAreNoRuns() {
        assertThat(read(HEADER + "\n")).isEmpty();
    }

    @Test
    void nothingAtAllIsUnknown() {
        unknown("", "it is empty");
        unknown("\n", "no column cluster");
        unknown(HEADER, "no end");
    }

    /** What is cut at the end of a line looks whole. That it is not is for the exit code to say: sacct prints nothing before it has all rows. */
    @Test
    void aCutIsSeenWhereverItIsButAtTheEndOfALine() {
        for (int length = 0; length < ANSWER.length(); length++) {
            String cut = ANSWER.substring(0, length);
            if (cut.endsWith("\n")) {
                assertThat(RUNS.subList(0, read(cut).size())).isEqualTo(read(cut));
            } else {
                assertThatThrownBy(() -> read(cut)).isInstanceOf(UsageUnknown.class).hasMessageContaining("cut");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sacct: error: DBD_GET_TRES failure: Connection refused", "sacct: warning: a|b|c|d|e|f|g|h|i|j", "", " ", "|||||||||", "||||||||||",
        HEADER, "lab|7|hpc_one|alice", "Last login: Thu Nov 26"})
    void aLineOfSomethingElseIsSeenWhereverItIs(String line) {
        for (int at = 0; at <= ROWS.size(); at++) {
            List<String> rows = new ArrayList<>(ROWS);
            rows.add(at, line);
            assertThatThrownBy(() -> read(answer(HEADER, rows))).isInstanceOf(UsageUnknown.class);
        }
        if (!line.equals(HEADER)) {
            unknown(line + "\n" + ANSWER, "no column");
        }
    }

    @Test
    void rowsOfAnotherClusterAreSeen() {
        assertThatThrownBy(() -> read(ANSWER, "other")).isInstanceOf(UsageUnknown.class).hasMessageContaining("of another cluster than other");
        for (int at = 0; at < ROWS.size(); at++) {
            for (String cluster : List.of("lab2", "la", "", "LAB", "blab")) {
                List<String> rows = new ArrayList<>(ROWS);
                rows.set(at, rows.get(at).replaceFirst("lab", cluster));
                unknown(answer(HEADER, rows), "another cluster than lab");
                assertThatThrownBy(() -> read(answer(HEADER, rows), "")).isInstanceOf(UsageUnknown.class);
            }
        }
    }

    private static String columns(String answer, int... order) {
        return answer.lines().map(line -> {
            String[] cells = line.split("\\|", -1);
            return IntStream.of(order).mapToObj(i -> i < 0 ? "State" : cells[i]).collect(Collectors.joining("|"));
        }).collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    void columnsInAnyOrderAndMoreThanNeeded() {
        assertThat(read(columns(ANSWER, 9, 2, 3, 8, 7, 6, 5, 4, 1, 0))).isEqualTo(RUNS);
        assertThat(read(columns(ANSWER, 9, -1, 2, 3, -1, 8, 7, 6, 5, 4, 1, 0, -1))).isEqualTo(RUNS);
        assertThat(read(columns(ANSWER, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9).replace("JobIDRaw", "JOBIDRAW"))).isEqualTo(RUNS);
        unknown(columns(ANSWER, 0, 1, 3, 2, 4, 5, 6, 7, 8, 9), "User right after Account");
    }

    @Test
    void aColumnThatIsMissingIsSeen() {
        for (int missing = 0; missing < 10; missing++) {
            int without = missing;
            unknown(columns(ANSWER, IntStream.range(0, 10).filter(i -> i != without).toArray()), "no column " + HEADER.split("\\|")[missing].toLowerCase());
            for (int at = 0; at < ROWS.size(); at++) {
                List<String> rows = new ArrayList<>(ROWS);
                rows.set(at, columns(ROWS.get(at), IntStream.range(0, 10).filter(i -> i != without).toArray()).strip());
                unknown(answer(HEADER, rows), "it has 9 columns, and the header has 10");
                rows.set(at, ROWS.get(at) + "|");
                unknown(answer(HEADER, rows), "it has 11 columns, and the header has 10");
            }
        }
        for (int more = 85; more < 120; more++) {
            String wide = "|x".repeat(more);
            int rows = more;
            assertThatThrownBy(() -> read(HEADER + wide + "\n" + ROWS.get(0) + wide + "|x\n")).as("%d", rows).isInstanceOf(UsageUnknown.class);
        }
    }

    @Test
    void linesThatEndInACarriageReturnAreNone() {
        unknown(ANSWER.replace("\n", "\r\n"), "no column alloctres");
        for (int at = 0; at < ROWS.size(); at++) {
            List<String> rows = new ArrayList<>(ROWS);
            rows.set(at, ROWS.get(at) + "\r");
            String answer = answer(HEADER, rows);
            if (ROWS.get(at).endsWith("|")) {
                assertThat(read(answer)).isEqualTo(RUNS);
            } else {
                unknown(answer, "not an amount of a TRES");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, -7", "1, 7x", "1, ''", "1, 99999999999999999999", "1, 18446744073709551623", "1, 1234567890123", "1, 7.0", "1, 7+0", "1, ' 7'",
        "4, -1793836800", "4, ''", "4, 2026-11-05T00:00:00", "4, 1793836800000", "4, 1793836800.0", "4, unknown", "4, 1793836801", "4, 0", "4, N/A",
        "5, ''", "5, 1793840401", "5, 999999999999", "5, 1793840400000000", "5, None?", "5, -1", "5, 2026-11-05T01:00:00",
        "6, ''", "6, -3600", "6, 3601", "6, 0", "6, 01:00:00", "6, 3600.5", "6, 18446744073709555216",
        "7, ''", "7, 0", "7, 00:00:01", "7, INVALID", "7, -00:00:01", "7, 00:00",
        "8, -1", "8, 1-00:00:00", "8, unlimited", "8, INFINITE", "8, 99999999999999",
        "9, ''", "9, cpu", "9, cpu=", "9, 'cpu=4,'", "9, cpu=-4", "9, 'cpu=4,cpu=4'", "9, cpu=4x", "9, cpu=99999999999999999999", "9, cpu = 4"})
    void aRunWithSomethingImpossible(int column, String cell) {
        String[] cells = ROWS.get(0).split("\\|", -1);
        cells[column] = cell;
        List<String> rows = new ArrayList<>(ROWS);
        rows.set(0, String.join("|", cells));
        unknown(answer(HEADER, rows), "is not to be believed, because");
    }

    @Test
    void controlCharactersAreNowhere() {
        String answer = answer(HEADER, ROWS.stream().filter(row -> !row.endsWith("|")).toList());
        for (int at = 0; at < answer.length(); at++) {
            for (String control : answer.charAt(at) == '\n' ? List.<String>of() : List.of("\0", "\t", "\u007f", "\u001b")) {
                String spoilt = answer.substring(0, at) + control + answer.substring(at + 1);
                assertThatThrownBy(() -> read(spoilt)).as("%s", spoilt).isInstanceOf(UsageUnknown.class);
            }
        }
    }

    @Test
    void aRunWithoutTresIsUnknownAndOneThatNeverRanIsNot() {
        List<String> rows = ROWS.stream().map(row -> row.substring(0, row.lastIndexOf('|') + 1)).toList();
        unknown(answer(HEADER, rows), "it ran, and has no TRES; slurmdbd may have died meanwhile");
        List<String> neverRan = List.of(rows.get(2), rows.get(4), rows.get(5));
        assertThat(read(answer(HEADER, neverRan))).isEmpty();
    }

    @Test
    void aLineWithoutEnd() {
        unknown(ANSWER + ROWS.get(0) + ",x=1".repeat(50_000) + "\n", "longer than 32768 bytes");
        unknown(ANSWER + "x".repeat(200_000) + "\n", "longer than 32768 bytes");
        unknown("x".repeat(200_000) + "\n" + ANSWER, "longer than 32768 bytes");
        String long30k = IntStream.range(0, 3000).mapToObj(i -> ",g%04d=1".formatted(i)).collect(Collectors.joining());
        assertThat(read(ANSWER + ROWS.get(0) + long30k + "\n" + ROWS.get(1) + "\n")).hasSize(RUNS.size() + 2).endsWith(RUNS.get(1));
    }

    @Test
    void rowsOverTheEndOfABuffer() {
        for (int padding = 0; padding < 64; padding++) {
            String filler = "lab|1|" + "a".repeat(padding + 1) + "|u|1793836800|1793840400|3600|00:00:00|1440|cpu=1\n";
            List<String> runs = read(HEADER + "\n" + filler.repeat(900) + answer(HEADER, ROWS).substring(HEADER.length() + 1));
            assertThat(runs.subList(900, runs.size())).isEqualTo(RUNS);
            assertThat(runs.subList(0, 900)).containsOnly("1 " + "a".repeat(padding + 1) + " u 1793836800 1793840400 3600 0 86400 {cpu=1}");
        }
    }

    @Test
    void aMessageIsOneShortLine() {
        unknown(HEADER + "\nlab|" + "\u001b[31mx".repeat(3000) + "\n", "it has 2 columns");
        assertThatThrownBy(() -> read(HEADER + "\nlab|" + "\u001b[31mx".repeat(3000) + "\n")).satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400)
                .doesNotContain("\u001b", "\n"));
    }

    /** Bytes that are changed, put in or left out at random: seen, or of no consequence for any other row, and for no run's seconds that is over. */
    @Test
    void whatIsSpoiltIsSeenOrOfNoConsequenceForOthers() {
        int[] read = {0};
        for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
            Random random = new Random(seed);
            int at = random.nextInt(ANSWER.length());
            String put = random.nextInt(3) == 0 ? "" : String.valueOf(random.nextBoolean() ? (char) random.nextInt(128) : "0123456789|\n=,:M".charAt(random.nextInt(16)));
            String spoilt = ANSWER.substring(0, at) + put + ANSWER.substring(at + random.nextInt(2));
            int line = (int) ANSWER.substring(0, at).chars().filter(c -> c == '\n').count();
            List<String> runs;
            try {
                runs = read(spoilt);
            } catch (UsageUnknown seen) {
                continue;
            } catch (RuntimeException e) {
                throw new AssertionError("-Dseed=" + seed + " -Drounds=1: " + spoilt, e);
            }
            read[0]++;
            List<String> others = line == 0 ? RUNS : read(answer(HEADER, without(line - 1)));
            assertThat(runs).as("-Dseed=%d -Drounds=1: %s", seed, spoilt).containsAll(others).hasSizeBetween(others.size(), others.size() + (line == 0 ? 0 : 1));
            if (line > 0 && runs.size() > others.size() && !ROWS.get(line - 1).contains("Unknown")) {
                List<String> touched = new ArrayList<>(runs);
                others.forEach(touched::remove);
                String whole = read(answer(HEADER, List.of(ROWS.get(line - 1)))).get(0);
                assertThat(seconds(touched.get(0))).as("-Dseed=%d -Drounds=1: %s", seed, spoilt).isEqualTo(seconds(whole));
            }
        }
        assertThat(read[0]).as("answers that were read").isGreaterThan(ROUNDS / 20).isLessThan(ROUNDS / 2);
    }

    private static List<String> without(int row) {
        List<String> rows = new ArrayList<>(ROWS);
        rows.remove(row);
        return rows;
    }

    private static String seconds(String run) {
        return run.replaceFirst(".* (\\d+) \\d+ \\S+ \\{.*", "$1");
    }
}
