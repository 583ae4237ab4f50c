package org.waldur.siteagent.usage;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.waldur.siteagent.simulator.SlurmRun;

/**
 * What was used in a month, worked out slowly and plainly from what really happened, without a line of what is tested: time is cut at
 * every moment at which anything happens, and of each piece it is asked whether the job ran in its first second.
 */
final class SlowUsage {
    private static final String SIZES = "KMGTPE";

    private SlowUsage() {
    }

    /** A line for each amount, like {@code account user cpu 3600}. */
    static TreeMap<String, BigDecimal> of(List<TrueJob> jobs, YearMonth month, ZoneId zone, Instant now) {
        long from = month.atDay(1).atStartOfDay(zone).toEpochSecond();
        long to = month.plusMonths(1).atDay(1).atStartOfDay(zone).toEpochSecond();
        TreeMap<String, BigDecimal> sums = new TreeMap<>();
        for (TrueJob job : jobs) {
            long seconds = seconds(job, from, to, now);
            for (Map.Entry<String, BigDecimal> held : tres(job.run().allocTres()).entrySet()) {
                BigDecimal amount = held.getValue().multiply(BigDecimal.valueOf(seconds));
                if (amount.signum() > 0) {
                    sums.merge(job.run().account() + " " + job.run().user() + " " + held.getKey(), amount, BigDecimal::add);
                }
            }
        }
        sums.replaceAll((line, sum) -> sum.stripTrailingZeros());
        return sums;
    }

    static long seconds(TrueJob job, long from, long to, Instant now) {
        TreeSet<Long> moments = new TreeSet<>(List.of(from, to, now.getEpochSecond()));
        add(moments, job.run().start());
        add(moments, job.run().end());
        for (SlurmRun.Suspension suspension : job.run().suspensions()) {
            add(moments, suspension.from());
            add(moments, suspension.to());
        }
        long seconds = 0;
        for (long moment : moments.subSet(from, to)) {
            if (job.ranIn(moment, now)) {
                seconds += moments.higher(moment) - moment;
            }
        }
        return seconds;
    }

    private static void add(TreeSet<Long> moments, Instant moment) {
        if (moment != null) {
            moments.add(moment.getEpochSecond());
        }
    }

    /** In Slurm's units, mem in MB. Where only types of a GRES are named, the GRES itself is their sum. */
    static Map<String, BigDecimal> tres(String text) {
        Map<String, BigDecimal> amounts = new TreeMap<>();
        for (String item : text.isEmpty() ? new String[0] : text.split(",")) {
            String name = item.substring(0, item.lastIndexOf('='));
            String value = item.substring(item.lastIndexOf('=') + 1);
            int size = SIZES.indexOf(value.charAt(value.length() - 1)) + 1;
            BigDecimal amount = new BigDecimal(size > 0 ? value.substring(0, value.length() - 1) : value);
            for (int i = 0; i < size; i++) {
                amount = amount.multiply(new BigDecimal(1024));
            }
            boolean bytes = name.equals("mem") && size > 0;
            amounts.put(name, bytes ? amount.divide(new BigDecimal(1024 * 1024)) : amount);
        }
        Map<String, BigDecimal> sums = new TreeMap<>();
        amounts.forEach((name, amount) -> {
            if (name.startsWith("gres/") && name.contains(":")) {
                sums.merge(name.substring(0, name.indexOf(':')), amount, BigDecimal::add);
            }
        });
        sums.forEach(amounts::putIfAbsent);
        return amounts;
    }

    /** The same lines of what is tested. */
    static TreeMap<String, BigDecimal> lines(Consumption consumption) {
        TreeMap<String, BigDecimal> lines = new TreeMap<>();
        consumption.accounts().forEach((account, users) -> users.forEach((user, amounts) -> amounts.forEach((tres, amount) ->
                lines.put(account + " " + user + " " + tres, amount.stripTrailingZeros()))));
        return lines;
    }
}
