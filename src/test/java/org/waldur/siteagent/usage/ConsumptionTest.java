package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConsumptionTest {
    private static final long SEED = Long.getLong("seed", 20261101L);
    private static final int ROUNDS = Integer.getInteger("rounds", 200);

    private static JobRun run(String account, String user, String tres) {
        return new JobRun(1, new JobRun.Owner(account, user), 0, 1, false, false, 1, 0, JobRun.UNLIMITED, Tres.parse(tres));
    }

    private static Map<String, BigDecimal> sum(String tres, long seconds, int times) {
        Consumption.Sum sum = new Consumption.Sum();
        JobRun run = run("a", "u", tres);
        for (int i = 0; i < times; i++) {
            sum.add(run, seconds);
        }
        return sum.total().of("a").getOrDefault("u", new TreeMap<>());
    }

    @Test
    void aProductOrASumThatNoLongHolds() {
        String most = Long.toString(Long.MAX_VALUE);
        assertThat(sum("cpu=" + most, 1, 1)).isEqualTo(Map.of("cpu", new BigDecimal(most)));
        assertThat(sum("cpu=" + most, 1, 3).get("cpu")).isEqualByComparingTo(new BigDecimal(most).multiply(BigDecimal.valueOf(3)));
        assertThat(sum("cpu=999999999999999", 2_678_400, 1000).get("cpu")).isEqualByComparingTo(new BigDecimal("999999999999999").multiply(BigDecimal.valueOf(2_678_400_000L)));
        // 2^62 twice is one more than fits
        assertThat(sum("cpu=2147483648", 1L << 31, 2).get("cpu")).isEqualByComparingTo("9223372036854775808");
        assertThat(sum("cpu=4294967296", 1L << 31, 1).get("cpu")).isEqualByComparingTo("9223372036854775808");
        assertThat(sum("cpu=4294967296", 1L << 32, 1).get("cpu")).isEqualByComparingTo("18446744073709551616");
    }

    @Test
    void amountsThatAreNoWholeNumbers() {
        assertThat(sum("cpu=3,mem=1.50K", 7, 3)).satisfies(amounts -> {
            assertThat(amounts.get("mem")).isEqualByComparingTo("0.03076171875");
            assertThat(amounts.get("cpu")).isEqualByComparingTo("63");
        });
        Consumption.Sum sum = new Consumption.Sum();
        sum.add(run("a", "u", "mem=0.10M"), 3);
        sum.add(run("a", "u", "mem=5M"), 3);
        sum.add(run("a", "u", "mem=0.20M"), 3);
        assertThat(sum.total().of("a").get("u").get("mem")).isEqualByComparingTo("15.9");
    }

    @Test
    void nothingIsNot() {
        assertThat(sum("cpu=0,mem=0", 100, 1)).isEmpty();
        assertThat(sum("cpu=4", 0, 1)).isEmpty();
        assertThat(Consumption.NONE.of("a")).isEmpty();
        assertThat(new Consumption.Sum().total()).isEqualTo(Consumption.NONE);
    }

    /** Whatever is summed, in whatever order and in how many sums, is the sum of BigDecimals. */
    @Test
    void sumsAreExact() {
        for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
            Random random = new Random(seed);
            Map<String, BigDecimal> exact = new TreeMap<>();
            List<Consumption.Sum> sums = List.of(new Consumption.Sum(), new Consumption.Sum(), new Consumption.Sum());
            for (int i = random.nextInt(200); i >= 0; i--) {
                String amount = switch (random.nextInt(4)) {
                    case 0 -> Long.toString(random.nextLong() >>> 1 + random.nextInt(62));
                    case 1 -> random.nextInt(100) + "." + random.nextInt(100) + "KMGTP".charAt(random.nextInt(5));
                    default -> Integer.toString(random.nextInt(256));
                };
                String name = List.of("mem", "cpu", "gres/gpu", "license/x").get(random.nextInt(4));
                JobRun run = run("a" + random.nextInt(3), "u" + random.nextInt(3), name + "=" + amount + ",node=1");
                long seconds = random.nextLong() >>> 33 + random.nextInt(30);
                sums.get(random.nextInt(3)).add(run, seconds);
                SlowUsage.tres(name + "=" + amount + ",node=1").forEach((tres, held) -> exact.merge(run.account() + " " + run.user() + " " + tres,
                        held.multiply(BigDecimal.valueOf(seconds)), BigDecimal::add));
            }
            exact.values().removeIf(sum -> sum.signum() == 0);
            exact.replaceAll((line, sum) -> sum.stripTrailingZeros());
            Consumption all = sums.stream().map(Consumption.Sum::total).reduce(Consumption.NONE, Consumption::plus);
            assertThat(SlowUsage.lines(all)).as("-Dseed=%d -Drounds=1", seed).isEqualTo(exact);
        }
    }

    /** The reader makes the object of an owner anew once it has seen very many of them. */
    @Test
    void whoOwnsItIsKeptOnceHoweverOftenItIsNamed() {
        Consumption.Sum sum = new Consumption.Sum();
        List<WeakReference<JobRun.Owner>> later = new ArrayList<>();
        Tres tres = Tres.parse("cpu=1");
        for (int i = 0; i < 5000; i++) {
            JobRun.Owner owner = new JobRun.Owner("a" + i % 10, "u" + i % 7);
            sum.add(new JobRun(i, owner, 0, 1, false, false, 1, 0, JobRun.UNLIMITED, tres), 1);
            if (i >= 70) {
                later.add(new WeakReference<>(owner));
            }
        }
        for (int i = 0; i < 50 && later.stream().anyMatch(owner -> owner.get() != null); i++) {
            System.gc();
        }
        assertThat(later).as("objects that are still held").allMatch(owner -> owner.get() == null);
        assertThat(SlowUsage.lines(sum.total())).hasSize(70);
    }
}
