package org.waldur.siteagent.usage;

import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.plan.UsageChange.HoldUsage;
import org.waldur.siteagent.record.DeadLetters;

/**
 * The usage of months that are long over, on its way into Waldur, one month after the other. It stops at the first one that cannot be read, or
 * that Waldur does not take, because those after it would fare the same. Bean {@code history}.
 */
public final class History {
    /**
     * What became of one month of one offering.
     *
     * @param before Waldur had it before, as far as we remember
     * @param told   how many changes Waldur took; of a dry run, how many there are
     * @param left   how many it did not take
     * @param held   resources whose figures would fall
     */
    public record Step(String offering, YearMonth month, boolean before, int told, int left, int held) {
    }

    private final LoadedMonths loaded;
    private final boolean dryRun;
    private final Consumer<Step> progress;
    private final DeadLetters deadLetters;
    /** The month in hand, as people call it; empty: none. */
    private String inHand = "";
    private String stopped = "";

    /** @param progress hears of each month of each offering that is done with */
    public History(Path stateDir, boolean dryRun, DeadLetters deadLetters, Consumer<Step> progress) {
        this.loaded = new LoadedMonths(stateDir);
        this.dryRun = dryRun;
        this.deadLetters = deadLetters;
        this.progress = progress;
    }

    /** @param text months with commas between, like {@code 2024-01,2024-02}; gives them with the oldest first */
    public List<YearMonth> months(String text) {
        return Arrays.stream(text.split(",")).map(month -> YearMonth.parse(month.strip())).sorted().toList();
    }

    /** Whether a month of an offering is to be loaded: it is not loaded yet, and nothing has stopped the load. */
    public boolean isWanted(Offering offering, YearMonth month, Formulas formulas) {
        if (!inHand.isEmpty()) {
            stop(inHand + " could not be read; the log says why");
        }
        if (!stopped.isEmpty()) {
            return false;
        }
        if (loaded.contains(offering, month, formulas)) {
            progress.accept(new Step(offering.name(), month, true, 0, 0, 0));
            return false;
        }
        inHand = month + " of offering " + offering.name();
        return true;
    }

    /** The month is read and compared, and nothing of it is told yet. */
    public void compared(Offering offering, YearMonth month, UsageCycle cycle) {
        String of = inHand;
        inHand = "";
        List<Figure> figures = cycle.report().figures();
        first(figures, Figure.State.UNKNOWN).ifPresent(figure -> stop(of + " is unknown: " + figure.why()));
        first(figures, Figure.State.CLOSED).ifPresent(figure -> stop(of + " cannot be booked: " + figure.why()));
        if (dryRun) {
            int changes = (int) cycle.report().plan().changes().stream().filter(change -> !change.isHeld()).count();
            progress.accept(new Step(offering.name(), month, false, changes, 0, cycle.getHeld().size()));
        }
    }

    private static Optional<Figure> first(List<Figure> figures, Figure.State state) {
        return figures.stream().filter(figure -> figure.state() == state).findFirst();
    }

    /** All that Waldur takes of the month is told. */
    public void told(Offering offering, YearMonth month, Formulas formulas, UsageCycle cycle) {
        cycle.leaveAll("");
        if (cycle.isRefused()) {
            stop("Waldur takes usage of months that are over from its staff only (\"backfilling past billing periods\"), and the token is not of its staff; " + month
                    + " of offering " + offering.name() + " is not loaded; right would be: --token-file with the token of somebody who is");
        }
        int left = cycle.leftNumber();
        boolean whole = left == 0 && cycle.report().figures().stream().noneMatch(f -> f.state() == Figure.State.UNKNOWN || f.state() == Figure.State.CLOSED);
        List<HoldUsage> held = cycle.getHeld();
        if (whole) {
            deadLetters.settleHistory(offering.name(), month.toString());
        }
        if (whole && held.isEmpty()) {
            loaded.add(offering, month, formulas);
        }
        progress.accept(new Step(offering.name(), month, false, cycle.toldNumber(), left, held.size()));
    }

    private void stop(String why) {
        stopped = stopped.isEmpty() ? why : stopped;
    }

    /** Why not all months were looked at; empty if they were. Called when all is over. */
    public String stopped() {
        if (!inHand.isEmpty()) {
            stop(inHand + " could not be read; the log says why");
        }
        return stopped;
    }
}
