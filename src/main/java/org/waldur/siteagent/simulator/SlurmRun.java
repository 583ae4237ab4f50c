package org.waldur.siteagent.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A row of slurmdbd's table of jobs: one run of a job. A job that was requeued has several, with one id and different times of submission.
 *
 * @param id          what {@code sacct} calls JobIDRaw
 * @param jobId       what it calls JobID: the id, {@code 8_2} for a task of the array 8, {@code 9+1} for a component of the job 9
 * @param eligible    since when it may start; null: it is held, and no window shows it
 * @param start       null: it is pending, or was cancelled before it began
 * @param end         null: it is not over
 * @param suspensions in the order of time; only the last may be open, and only in the state {@code SUSPENDED}
 * @param allocTres   as {@code sacct --noconvert} prints it, for example {@code billing=1,cpu=1,mem=1024M,node=1}; empty if it never ran
 * @param timelimit   minutes, or one of the two constants
 * @param state       as {@code sacct} prints it, for example {@code RUNNING}, {@code COMPLETED}, {@code CANCELLED by 0}
 */
public record SlurmRun(int id, String jobId, String account, String user, Instant submit, Instant eligible, Instant start, Instant end,
        List<Suspension> suspensions, String allocTres, long timelimit, String state) {
    /** Time limit of a job that may run for ever. */
    public static final long UNLIMITED = 0xFFFF_FFFFL;
    /** Time limit of a job that asked for none, as long as no scheduler has looked at it. */
    public static final long PARTITION_LIMIT = 0xFFFF_FFFEL;

    /** A time in which a job had its nodes and did not run. @param to null: it is suspended now */
    public record Suspension(Instant from, Instant to) {
    }

    public SlurmRun {
        suspensions = List.copyOf(suspensions);
        boolean open = !suspensions.isEmpty() && suspensions.get(suspensions.size() - 1).to() == null;
        if (open != state.equals("SUSPENDED") || open && end != null) {
            throw new IllegalArgumentException("job " + id + " is " + state + ", with the suspensions " + suspensions + " and the end " + end);
        }
    }

    /** A run, submitted a minute before it began: COMPLETED, or RUNNING if the end is null. */
    public static SlurmRun ran(int id, String account, String user, Instant start, Instant end, String allocTres) {
        return new SlurmRun(id, Integer.toString(id), account, user, start.minusSeconds(60), start.minusSeconds(60), start, end, List.of(),
                allocTres, 1440, end == null ? "RUNNING" : "COMPLETED");
    }

    /** A job that waits. */
    public static SlurmRun pending(int id, String account, String user, Instant submit) {
        return new SlurmRun(id, Integer.toString(id), account, user, submit, submit, null, null, List.of(), "", PARTITION_LIMIT, "PENDING");
    }

    /** Submitted then, and eligible at once. */
    public SlurmRun submitted(Instant time) {
        return new SlurmRun(id, jobId, account, user, time, time, start, end, suspensions, allocTres, timelimit, state);
    }

    /** @param time null: it is held */
    public SlurmRun eligibleAt(Instant time) {
        return new SlurmRun(id, jobId, account, user, submit, time, start, end, suspensions, allocTres, timelimit, state);
    }

    /** Suspended once more. @param to null: until now */
    public SlurmRun suspended(Instant from, Instant to) {
        List<Suspension> all = new ArrayList<>(suspensions);
        all.add(new Suspension(from, to));
        return new SlurmRun(id, jobId, account, user, submit, eligible, start, end, all, allocTres, timelimit, to == null ? "SUSPENDED" : state);
    }

    /** Over, in this state. A suspended one is over since its suspension, as Slurm has it, and one that never began keeps no start. */
    public SlurmRun ended(Instant time, String last) {
        if (!state.equals("SUSPENDED")) {
            return new SlurmRun(id, jobId, account, user, submit, eligible, start, time, suspensions, allocTres, timelimit, last);
        }
        List<Suspension> all = new ArrayList<>(suspensions);
        Instant from = all.remove(all.size() - 1).from();
        all.add(new Suspension(from, from));
        return new SlurmRun(id, jobId, account, user, submit, eligible, start, from, all, allocTres, timelimit, last);
    }

    /** @param last as sacct prints it */
    public SlurmRun inState(String last) {
        return new SlurmRun(id, jobId, account, user, submit, eligible, start, end, suspensions, allocTres, timelimit, last);
    }

    public SlurmRun limitedTo(long minutes) {
        return new SlurmRun(id, jobId, account, user, submit, eligible, start, end, suspensions, allocTres, minutes, state);
    }

    /** As a task of an array. */
    public SlurmRun task(int array, int task) {
        return named(array + "_" + task);
    }

    /** As a component of a heterogeneous job. @param leader id of its first component */
    public SlurmRun component(int leader, int offset) {
        return named(leader + "+" + offset);
    }

    private SlurmRun named(String name) {
        return new SlurmRun(id, name, account, user, submit, eligible, start, end, suspensions, allocTres, timelimit, state);
    }

    /** Id of the array that this is a task of; 0 if it is none. */
    public int array() {
        return jobId.contains("_") ? Integer.parseInt(jobId.substring(0, jobId.indexOf('_'))) : 0;
    }

    /** Id of the first component of the heterogeneous job that this belongs to; 0 if it belongs to none. */
    public int leader() {
        return jobId.contains("+") ? Integer.parseInt(jobId.substring(0, jobId.indexOf('+'))) : 0;
    }

    /** Number within the array or within the heterogeneous job; -1 if it is in neither. */
    public int index() {
        return jobId.matches("\\d+") ? -1 : Integer.parseInt(jobId.substring(jobId.replace('+', '_').indexOf('_') + 1));
    }
}
