package org.waldur.siteagent.usage;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How fast the answer of sacct for one day becomes sums, against a BufferedReader that only counts the lines of the same file in the same
 * Java, and how much memory that takes. It is started by {@code src/bench/usage}.
 */
public final class ReaderBenchmark {
    /** The first of this month. */
    private static final Window DAY = Window.of(YearMonth.now(ZoneOffset.UTC), ZoneOffset.UTC, 1, Long.MAX_VALUE).get(0);
    private static final String HEADER = "Cluster|JobIDRaw|Account|User|Start|End|ElapsedRaw|Suspended|TimelimitRaw|AllocTRES\n";
    private static final int ROUNDS = 9;
    /** As bin/waldur-site-agent starts Java. */
    private static final List<String> AS_STARTED = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m");

    private ReaderBenchmark() {
    }

    /** @param args rows to measure the speed with, and numbers of rows to measure the memory with; or what a child is to do */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "speed" -> speed(Path.of(args[1]), Integer.parseInt(args[2]));
            case "once" -> parse(Path.of(args[1]), Integer.parseInt(args[2]));
            default -> all(args);
        }
    }

    private static void all(String[] args) throws Exception {
        System.out.printf("%n%-24s %10s %16s %16s   %s%n", "reader, Java", "rows", "lines/s counted", "rows/s summed", "counted : summed");
        Path file = write(Integer.parseInt(args[0]));
        System.out.printf("%-24s %10s ", "as the agent starts it", args[0]);
        child(AS_STARTED, "speed", file, args[0]);
        System.out.printf("%-24s %10s ", "with its own defaults", args[0]);
        child(List.of(), "speed", file, args[0]);
        Files.delete(file);
        System.out.printf("%n%-24s %10s   %s%n", "memory", "rows", "the smallest -Xmx that is enough, as a power of two");
        for (int i = 1; i < args.length; i++) {
            Path large = write(Integer.parseInt(args[i]));
            int megabytes = 4;
            while (child(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx" + megabytes + "m"), "once", large, args[i]) != 0) {
                megabytes *= 2;
            }
            System.out.printf("%-24s %10s   %d MB%n", "reader", args[i], megabytes);
            Files.delete(large);
        }
    }

    private static int child(List<String> options, String what, Path file, String rows) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ReaderBenchmark.class.getName(), what, file.toString(), rows));
        ProcessBuilder.Redirect errors = what.equals("once") ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.INHERIT;
        return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(errors).start().waitFor();
    }

    /** The best of some rounds each, one after the other. */
    private static void speed(Path file, int rows) throws IOException {
        long counting = Long.MAX_VALUE;
        long summing = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            count(file, rows);
            long middle = System.nanoTime();
            parse(file, rows);
            counting = Math.min(counting, middle - start);
            summing = Math.min(summing, System.nanoTime() - middle);
        }
        System.out.printf(Locale.ROOT, "%16.0f %16.0f   1 : %.2f%n", rows * 1e9 / counting, rows * 1e9 / summing, (double) summing / counting);
    }

    private static void count(Path file, int rows) throws IOException {
        int lines = 0;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            while (reader.readLine() != null) {
                lines++;
            }
        }
        mustBe(rows + 1, lines);
    }

    private static void parse(Path file, int rows) throws IOException {
        Set<Long> open = Set.of((long) rows);
        WindowCount count = new WindowCount(DAY, new LiveJobs(DAY.to() + 3600, open, 0, Map.of(), 3600), Holders.NONE, (window, run, seconds) -> { });
        try (InputStream in = Files.newInputStream(file)) {
            SacctReader.read(in, "lab", count::add);
        }
        long cpus = 0;
        for (Map<String, ? extends Map<String, BigDecimal>> users : count.total().accounts().values()) {
            for (Map<String, BigDecimal> amounts : users.values()) {
                cpus += amounts.get("cpu").longValueExact();
            }
        }
        long expected = 0;
        for (int i = 1; i <= rows; i++) {
            expected += (Math.min(DAY.to(), start(i, rows) + length(i)) - Math.max(DAY.from(), start(i, rows)) - suspended(i, rows)) * cpus(i);
        }
        mustBe(expected, cpus);
    }

    private static void mustBe(long expected, long found) {
        if (expected != found) {
            throw new IllegalStateException("it should be " + expected + ", and is " + found);
        }
    }

    /** A file with what sacct would print: runs of a thousand accounts with three users each on the first of this month. */
    public static Path write(int rows) throws IOException {
        Path file = Files.createTempFile("sacct", ".txt");
        file.toFile().deleteOnExit();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            out.write(HEADER.getBytes(StandardCharsets.US_ASCII));
            StringBuilder row = new StringBuilder();
            for (int i = 1; i <= rows; i++) {
                int account = (int) (i * 2_654_435_761L % 1000);
                int cpus = cpus(i);
                row.setLength(0);
                row.append("lab|").append(i).append("|alloc_").append(100_000 + account).append("|usr_").append(100_000 + (account + i % 3 * 333) % 1000).append('|')
                        .append(start(i, rows)).append('|').append(start(i, rows) + length(i)).append('|').append(length(i) - suspended(i, rows))
                        .append(suspended(i, rows) > 0 ? "|00:01:40|1440|" : "|00:00:00|1440|").append("billing=").append(cpus).append(",cpu=").append(cpus);
                if (i % 4 == 0) {
                    row.append(",gres/gpu=").append(1 + i % 8);
                }
                row.append(",mem=").append(cpus * 2048).append("M,node=1\n");
                out.write(row.toString().getBytes(StandardCharsets.US_ASCII));
            }
        }
        return file;
    }

    private static int cpus(int i) {
        return 1 + i * 7 % 64;
    }

    private static long start(int i, int rows) {
        return DAY.from() - 500 + 86_000L * i / rows;
    }

    private static long length(int i) {
        return 600 + i * 7919L % 13_000;
    }

    /** One in fifty was suspended, if it has no border of the day in it: of others sacct would be asked once more. */
    private static long suspended(int i, int rows) {
        return i % 50 == 0 && start(i, rows) >= DAY.from() && start(i, rows) + length(i) <= DAY.to() ? 100 : 0;
    }
}
