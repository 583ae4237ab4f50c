package org.waldur.siteagent.usage;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.waldur.siteagent.order.Resource;
import org.waldur.siteagent.slurm.Accounts;

/** What all accounts of one cluster used in some months, while it is read window by window. A month of which one window is Unknown is Unknown. */
public final class Reading {
    /** Slurm writes what happened late, if slurmdbd was away. */
    private static final long SETTLES_AFTER = 3600;
    private static final long MOST_SKEW = 3600;

    private final Accounts accounts;
    private final ZoneId zone;
    private final Instant asOf;
    private final LiveJobs live;
    private final Holders holders;
    private final boolean partial;
    private final SortedMap<YearMonth, Month> months = new TreeMap<>();
    private final Map<String, LiveJobs.Runaway> runaways = new TreeMap<>();
    private long latest;
    private final Map<YearMonth, Consumption> totals = new HashMap<>();
    private boolean ended;

    private static final class Month {
        private Finished finished;
        private List<Window> windows;
        private Consumption rest = Consumption.NONE;
        private Optional<String> trouble = Optional.empty();
        private boolean changed;
    }

    /** @param partial only some accounts are read */
    Reading(Accounts accounts, ZoneId zone, Instant asOf, LiveJobs live, Holders holders, boolean partial) {
        this.accounts = accounts;
        this.zone = zone;
        this.asOf = asOf;
        this.live = live;
        this.holders = holders;
        this.partial = partial;
    }

    /** @param finished what need not be read again */
    void add(YearMonth month, Finished finished, int days) {
        Month added = new Month();
        List<Window> all = Window.of(month, zone, days, asOf.getEpochSecond());
        Map<String, String> turns = holders.turns(month.atDay(1).atStartOfDay(zone).toEpochSecond(), finished.holders());
        // windows of another length would be counted besides
        Finished fitting = all.containsAll(finished.windows()) ? finished : Finished.none(asOf);
        added.finished = (Holders.agree(fitting.holders(), turns, fitting.used()) ? fitting : fitting.anew(asOf)).heldBy(turns);
        added.changed = added.finished != finished;
        added.windows = all.stream().filter(window -> !added.finished.windows().contains(window)).toList();
        months.put(month, added);
    }

    /** The windows that sacct is to be asked for, the oldest first. */
    public List<Window> getWindows() {
        return months.values().stream().flatMap(month -> month.windows.stream()).toList();
    }

    /** Whether another window of its month is Unknown already. */
    boolean isUnknown(Window window) {
        return months.get(window.month()).trouble.isPresent();
    }

    /** A moment after all that has happened, for {@code --endtime} of sacct. */
    public String getTomorrow() {
        return new Window(Booking.month(asOf, zone), 0, asOf.getEpochSecond() + 86_400).getEnd();
    }

    void unknown(Window window, String why) {
        months.get(window.month()).trouble = Optional.of(why);
    }

    /** Throws {@link UsageUnknown} if its runs are not all known, or if it has none although it had some before. */
    void counted(Window window, WindowCount count) {
        Month month = months.get(window.month());
        Consumption total = count.total();
        Finished before = month.finished;
        if (count.isEmpty() && before.filled().contains(window)) {
            throw new UsageUnknown("sacct had jobs between " + window.getStart() + " and " + window.getEnd() + " before, and has none now. If slurmdbd has forgotten them"
                    + " on purpose (PurgeJobAfter), delete the folder usage in the state directory");
        }
        runaways.putAll(count.runaways());
        latest = Math.max(latest, count.latest());
        Finished after = count.isLasting() && !before.filled().contains(window) ? before.filled(window) : before;
        if (count.isOpen() || window.to() + SETTLES_AFTER >= asOf.getEpochSecond()) {
            month.rest = month.rest.plus(total);
        } else if (count.isEmpty() && !before.empty().contains(window)) {
            after = after.empty(window);
        } else {
            after = after.plus(window, total);
        }
        month.changed |= after != before;
        month.finished = after;
    }

    /** Whether all runs that are not over were seen: every one of them reaches into the month that it is now. */
    boolean sawOpenRuns() {
        return trouble(Booking.month(asOf, zone)).isEmpty();
    }

    /** Up to when runs that are not over were counted, in epoch seconds. slurmdbd has a clock of its own, which is believed as far as it may be. */
    long countedTo() {
        return Math.max(asOf.getEpochSecond(), Math.min(latest, asOf.getEpochSecond() + MOST_SKEW));
    }

    /** All windows were read, or are known to be Unknown. */
    void end() {
        ended = true;
        months.forEach((month, read) -> {
            if (read.trouble.isEmpty()) {
                totals.put(month, read.finished.used().plus(read.rest));
            }
        });
    }

    /** What a resource used in a month, by user and TRES; empty if that is Unknown. */
    Optional<SortedMap<String, SortedMap<String, BigDecimal>>> of(YearMonth month, Resource resource) {
        return of(month).map(used -> used.of(holders.key(resource)));
    }

    /** What was used in a month; empty if that is Unknown. */
    Optional<Consumption> of(YearMonth month) {
        return Optional.ofNullable(totals.get(month));
    }

    /** Why a month is Unknown; empty if it is known. */
    String trouble(YearMonth month) {
        Month read = months.get(month);
        return read == null ? "it was not read" : read.trouble.orElse(ended ? "" : "it was not read to its end");
    }

    /** What is finished, by month, where that is news. */
    Map<YearMonth, Finished> news() {
        Map<YearMonth, Finished> news = new HashMap<>();
        months.forEach((month, read) -> {
            if (read.changed) {
                news.put(month, read.finished);
            }
        });
        return news;
    }

    List<LiveJobs.Runaway> runaways() {
        return new ArrayList<>(runaways.values());
    }

    SortedMap<YearMonth, Boolean> known() {
        SortedMap<YearMonth, Boolean> known = new TreeMap<>();
        months.forEach((month, read) -> known.put(month, read.trouble.isEmpty()));
        return known;
    }

    boolean isPartial() {
        return partial;
    }

    Accounts accounts() {
        return accounts;
    }

    Holders holders() {
        return holders;
    }

    LiveJobs live() {
        return live;
    }

    ZoneId zone() {
        return zone;
    }

    /** The moment at which the reading began. */
    Instant asOf() {
        return asOf;
    }
}
