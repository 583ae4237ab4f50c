package org.waldur.siteagent.usage;

/**
 * One run of a job: a row of sacct with {@code --duplicates}, where a job that was requeued has one for each time it ran. Times are in
 * epoch seconds, durations in seconds.
 *
 * @param id        raw job id: an array task and a component of a heterogeneous job have one of their own
 * @param end       when it ended; of a run that is not over, the moment at which slurmdbd was asked
 * @param open      it is not over
 * @param paused    it is suspended at this moment; only where the column State was asked for
 * @param elapsed   how long it ran; with {@code --truncate} how long within the window
 * @param suspended how long it was suspended between start and end
 * @param limit     its time limit; {@link #UNLIMITED} if it has none
 */
record JobRun(long id, Owner owner, long start, long end, boolean open, boolean paused, long elapsed, long suspended, long limit, Tres tres) {
    static final long UNLIMITED = Long.MAX_VALUE;

    /** Whose run it is, in lower case. Rows that name the same account and user have the same object, as far as that is cheap. */
    static final class Owner {
        private final String account;
        private final String user;
        private final int hash;

        Owner(String account, String user) {
            this.account = account;
            this.user = user;
            this.hash = 31 * account.hashCode() + user.hashCode();
        }

        String account() {
            return account;
        }

        String user() {
            return user;
        }

        @Override
        public boolean equals(Object other) {
            return this == other || other instanceof Owner o && hash == o.hash && account.equals(o.account) && user.equals(o.user);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    String account() {
        return owner.account;
    }

    String user() {
        return owner.user;
    }

    /** The same run, added up somewhere else than in its account. */
    JobRun in(String key) {
        return new JobRun(id, new Owner(key, owner.user), start, end, open, paused, elapsed, suspended, limit, tres);
    }

    /** What tells this run from all others: a job may have several, one after the other. */
    String key() {
        return id + ":" + start;
    }
}
