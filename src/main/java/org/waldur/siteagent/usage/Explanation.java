package org.waldur.siteagent.usage;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The runs that the figures of one account in one month are made of. It hears of them from {@link Sacct}. */
public final class Explanation implements WindowCount.Listener {
    /** Runs of so many jobs are held in memory, about 130 bytes each. */
    static final int MOST = 200_000;

    /** A run, or that part of it that lies in one window. */
    private record Part(JobRun run, long seconds) {
        private Part plus(Part other) {
            // of a run that is not over the later window knows better when it ended
            return new Part(other.run.end() > run.end() ? other.run : run, seconds + other.seconds);
        }
    }

    private final String account;
    private final String user;
    private final int most;
    private final List<Part> parts = new ArrayList<>();
    private final List<Part> ofWindow = new ArrayList<>();
    private final Map<String, String> runaways = new HashMap<>();

    /** @param user whose runs are wanted, in any case of letters; empty: those of all */
    public Explanation(String account, String user) {
        this(account, user, MOST);
    }

    Explanation(String account, String user, int most) {
        this.account = account.toLowerCase(Locale.ROOT);
        this.user = user.toLowerCase(Locale.ROOT);
        this.most = most;
    }

    @Override
    public void begin(Window window) {
        ofWindow.clear();
    }

    @Override
    public void counted(Window window, JobRun run, long seconds) {
        if (run.account().equals(account) && (user.isEmpty() || run.user().equals(user))) {
            if (parts.size() + ofWindow.size() >= most) {
                throw new UsageUnknown("the usage of " + account + " is made of more than " + most + " runs, which is too much to list; name one of the people with --user");
            }
            ofWindow.add(new Part(run, seconds));
        }
    }

    @Override
    public void end(WindowCount count) {
        parts.addAll(ofWindow);
        ofWindow.clear();
        count.runaways().forEach((key, runaway) -> runaways.put(key, runaway.why()));
    }

    /** All runs, in the order in which they began. */
    public Stream<CountedRun> runs() {
        parts.sort(Comparator.comparingLong((Part part) -> part.run.start()).thenComparingLong(part -> part.run.id()));
        List<Part> whole = new ArrayList<>();
        for (Part part : parts) {
            Part last = whole.isEmpty() ? null : whole.get(whole.size() - 1);
            if (last != null && last.run.id() == part.run.id() && last.run.start() == part.run.start()) {
                whole.set(whole.size() - 1, last.plus(part));
            } else {
                whole.add(part);
            }
        }
        return whole.stream().map(this::counted);
    }

    private CountedRun counted(Part part) {
        JobRun run = part.run;
        Map<String, BigDecimal> tres = new HashMap<>();
        for (int i = 0; i < run.tres().kinds().length; i++) {
            tres.put(TresKind.name(run.tres().kinds()[i]), run.tres().exact()[i]);
        }
        return new CountedRun(run.id(), run.user(), Instant.ofEpochSecond(run.start()), Instant.ofEpochSecond(run.end()), run.open(),
                runaways.getOrDefault(run.key(), ""), part.seconds, tres);
    }
}
