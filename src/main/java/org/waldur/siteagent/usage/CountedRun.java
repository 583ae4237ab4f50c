package org.waldur.siteagent.usage;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * One run of a job as it is counted in a month.
 *
 * @param job     raw job id; a job that was requeued or resized has several runs
 * @param start   when it began, in this month or before
 * @param end     when it ended; of a run that is not over, the moment up to which it is counted
 * @param open    it is not over
 * @param runaway why it is not counted further, although slurmdbd says that it runs; empty if it is
 * @param seconds that are counted in this month
 * @param tres    what it holds while it runs, mem in MB
 */
public record CountedRun(long job, String user, Instant start, Instant end, boolean open, String runaway, long seconds, Map<String, BigDecimal> tres) {
}
