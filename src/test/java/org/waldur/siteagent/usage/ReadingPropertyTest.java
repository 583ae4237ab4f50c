package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waldur.siteagent.config.Offering;

/**
 * What is counted is what ran, to the second: on random jobs, for random windows, in any order of rows, whenever one looked, and equal to a
 * slow reference. Another seed: {@code -Dseed=NUMBER}, more rounds: {@code -Drounds=NUMBER}; a failure names the seed of its round, which
 * {@code -Drounds=1} plays alone.
 */
class ReadingPropertyTest {
    private static final long SEED = Long.getLong("seed", 20261101L);
    private static final int ROUNDS = Integer.getInteger("rounds", 150);
    /** With summer time, without it, with half hours, and with days that begin at one o'clock. */
    private static final List<String> ZONES = List.of("UTC", "Europe/Tallinn", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago",
            "Africa/Cairo", "America/Havana", "Asia/Beirut", "Pacific/Apia");
    /** Most of them have a change of time somewhere. */
    private static final List<YearMonth> MONTHS = List.of(YearMonth.of(2026, 3), YearMonth.of(2026, 4), YearMonth.of(2026, 10), YearMonth.of(2026, 11),
            YearMonth.of(2028, 2), YearMonth.of(2026, 9));

    @TempDir
    Path folder;

    private interface Round {
        void play(SlurmLook look, Random random, ZoneId zone, YearMonth month) throws IOException;
    }

    private void rounds(Round round) throws IOException {
        for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
            Random random = new Random(seed);
            ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
            YearMonth month = MONTHS.get(random.nextInt(MONTHS.size()));
            try (SlurmLook look = new SlurmLook(folder.resolve(Long.toString(seed)), random)) {
                round.play(look, random, zone, month);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("in the round of -Dseed=" + seed + " -Drounds=1, " + month + " in " + zone + ": " + e.getMessage(), e);
            }
        }
    }

    private static List<TrueJob> jobs(Random random, ZoneId zone, YearMonth month) {
        LocalDate first = month.minusMonths(1).atDay(20);
        return new RandomJobs(random, first, 45, zone).some(1 + random.nextInt(40));
    }

    private static void mustBe(Reading reading, List<TrueJob> jobs, YearMonth month, ZoneId zone, Instant now) {
        assertThat(reading.trouble(month)).isEmpty();
        Map<String, BigDecimal> counted = SlowUsage.lines(reading.of(month).orElseThrow());
        Map<String, BigDecimal> ran = SlowUsage.of(jobs, month, zone, now);
        Set<String> wrong = Stream.concat(counted.keySet().stream(), ran.keySet().stream()).filter(line -> !Objects.equals(counted.get(line), ran.get(line)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(wrong).as(() -> month + " as read at " + now + ": " + wrong.stream().map(line -> "\n" + line + ": counted " + counted.get(line) + ", ran "
                + ran.get(line)).collect(Collectors.joining()) + jobs.stream().filter(job -> wrong.stream().anyMatch(line -> line.startsWith(job.run().account()
                + " " + job.run().user()))).map(job -> "\n" + job).collect(Collectors.joining())).isEmpty();
    }

    @Test
    void anyCutIntoWindowsGivesWhatRan() throws IOException {
        rounds((look, random, zone, month) -> {
            List<TrueJob> jobs = jobs(random, zone, month);
            Offering offering = Offerings.of(zone);
            Instant now = new RandomJobs(random, month.atDay(1), 50, zone).moment();
            look.at(now, jobs);
            for (int days : new int[] {31, 1, 1 + random.nextInt(31)}) {
                mustBe(look.read(offering, List.of(month), now, days, 0), jobs, month, zone, now);
            }
        });
    }

    @Test
    void itDoesNotMatterWhenOneLooked() throws IOException {
        rounds((look, random, zone, month) -> {
            List<TrueJob> jobs = jobs(random, zone, month);
            Offering offering = Offerings.of(zone);
            TreeSet<Instant> moments = new TreeSet<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                moments.add(new RandomJobs(random, month.minusMonths(1).atDay(25), 50, zone).moment());
            }
            int days = 1 + random.nextInt(5);
            for (Instant now : moments) {
                YearMonth current = YearMonth.from(now.atZone(zone));
                int cut = random.nextInt(8) == 0 ? 1 + random.nextInt(31) : days;
                Reading reading = look.at(now, jobs).read(offering, List.of(current.minusMonths(1), current), now, cut, random.nextInt(8) == 0 ? 0 : 10_000);
                mustBe(reading, jobs, current.minusMonths(1), zone, now);
                mustBe(reading, jobs, current, zone, now);
            }
        });
    }

    /** The runs that are listed for an account add up to what is counted for it, TRES by TRES and user by user. */
    @Test
    void whatIsExplainedIsWhatIsCounted() throws IOException {
        rounds((look, random, zone, month) -> {
            List<TrueJob> jobs = jobs(random, zone, month);
            Offering offering = Offerings.of(zone);
            Instant now = new RandomJobs(random, month.atDay(1), 50, zone).moment();
            look.at(now, jobs);
            for (String account : List.of("hpc_a", "hpc_b")) {
                Explanation explanation = new Explanation(account, "");
                Reading reading = look.explain(offering, month, now, 1 + random.nextInt(31), explanation);
                Map<String, BigDecimal> explained = new TreeMap<>();
                explanation.runs().forEach(run -> run.tres().forEach((tres, amount) -> explained.merge(run.user() + " " + tres,
                        amount.multiply(BigDecimal.valueOf(run.seconds())), BigDecimal::add)));
                Map<String, BigDecimal> counted = new TreeMap<>();
                reading.of(month).orElseThrow().of(account).forEach((user, amounts) -> amounts.forEach((tres, amount) -> counted.put(user + " " + tres, amount)));
                explained.values().removeIf(amount -> amount.signum() == 0);
                assertThat(explained.keySet()).isEqualTo(counted.keySet());
                explained.forEach((line, amount) -> assertThat(amount).as(line).isEqualByComparingTo(counted.get(line)));
            }
        });
    }
}
