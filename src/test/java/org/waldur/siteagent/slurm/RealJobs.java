package org.waldur.siteagent.slurm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.waldur.siteagent.simulator.SlurmRun;

/**
 * Writes runs of jobs into the database of a real Slurm, as slurmctld would have them written. slurmctld does not know these jobs, so
 * those that are not over are runaways.
 */
final class RealJobs {
    private static final Map<String, Integer> STATES = Map.ofEntries(Map.entry("PENDING", 0), Map.entry("RUNNING", 1), Map.entry("SUSPENDED", 2),
            Map.entry("COMPLETED", 3), Map.entry("CANCELLED", 4), Map.entry("FAILED", 5), Map.entry("TIMEOUT", 6), Map.entry("NODE_FAIL", 7),
            Map.entry("PREEMPTED", 8), Map.entry("OUT_OF_MEMORY", 11), Map.entry("REQUEUED", 0x400), Map.entry("RESIZING", 0x2000));
    private static final long NONE = 0xFFFF_FFFEL;
    /** Rows of one statement. */
    private static final int BATCH = 500;
    private static final String COLUMNS = "mod_time,account,cpus_req,flags,job_name,id_assoc,id_array_job,id_array_task,id_job,id_qos,id_resv,"
            + "id_wckey,id_user,id_group,het_job_id,het_job_offset,kill_requid,state_reason_prev,nodelist,nodes_alloc,node_inx,`partition`,priority,"
            + "state,timelimit,time_submit,time_eligible,time_start,time_end,time_suspended,tres_alloc,tres_req";
    private final RealSlurm.Lab lab;
    private final Map<String, String> associations = new HashMap<>();
    private final Map<String, String> tres = new HashMap<>();

    RealJobs(RealSlurm.Lab lab) {
        this.lab = lab;
    }

    void add(List<SlurmRun> runs) {
        lab.sql("select acct, user, id_assoc from lab_assoc_table where user <> ''").lines().map(line -> line.split("\t"))
                .forEach(row -> associations.put(row[0] + "|" + row[1], row[2]));
        readTres();
        runs.stream().flatMap(run -> List.of(run.allocTres().split(",")).stream()).filter(entry -> !entry.isEmpty())
                .map(entry -> entry.substring(0, entry.indexOf('='))).distinct().filter(name -> !tres.containsKey(name)).forEach(this::addTres);
        readTres();
        StringBuilder sql = new StringBuilder("start transaction;\n");
        for (int i = 0; i < runs.size(); i += BATCH) {
            List<SlurmRun> batch = runs.subList(i, Math.min(runs.size(), i + BATCH));
            sql.append("replace into lab_job_table (").append(COLUMNS).append(") values\n")
                    .append(String.join(",\n", batch.stream().map(this::row).toList())).append(";\n");
            batch.stream().flatMap(run -> suspensions(run).stream()).forEach(sql::append);
        }
        lab.sql(sql + "commit;\n");
    }

    private void readTres() {
        lab.sql("select id, type, name from tres_table").lines().map(line -> line.split("\t", -1))
                .forEach(row -> tres.put(row[1] + (row[2].isEmpty() ? "" : "/" + row[2]), row[0]));
    }

    /** As deleted: sacct shows it all the same, and {@code sacctmgr show tres} is as it was. */
    private void addTres(String name) {
        int slash = name.indexOf('/');
        lab.sql("insert into tres_table (creation_time, deleted, type, name) values (1, 1, '%s', '%s')"
                .formatted(name.substring(0, slash), name.substring(slash + 1)));
    }

    private String row(SlurmRun run) {
        String[] state = run.state().split(" by ");
        String association = associations.get(run.account() + "|" + run.user());
        if (association == null || !STATES.containsKey(state[0])) {
            throw new IllegalArgumentException("no association of " + run.user() + " with " + run.account() + ", or no state " + run.state());
        }
        boolean task = run.array() > 0;
        boolean component = run.leader() > 0;
        List<Object> values = List.of(seconds(run.submit()), quoted(run.account()), 1, 24, "'job'", association, run.array(),
                task ? run.index() : NONE, run.id(), 1, 0, 0, 65534, 65534, run.leader(), component ? run.index() : NONE,
                state.length > 1 ? state[1] : "null", 0, "'n0'", 1, "'0'", "'main'", 1, STATES.get(state[0]), run.timelimit(),
                seconds(run.submit()), seconds(run.eligible()), seconds(run.start()), seconds(run.end()), suspended(run),
                quoted(numbered(run.allocTres())), "''");
        return "(" + String.join(",", values.stream().map(Object::toString).toList()) + ")";
    }

    /** What the table has: the sum of the suspensions that are over; while one is open, its beginning less that sum. */
    private static long suspended(SlurmRun run) {
        long over = 0;
        for (SlurmRun.Suspension time : run.suspensions()) {
            over = time.to() == null ? seconds(time.from()) - over : over + seconds(time.to()) - seconds(time.from());
        }
        return over;
    }

    private static List<String> suspensions(SlurmRun run) {
        List<String> inserts = new ArrayList<>();
        for (SlurmRun.Suspension time : run.suspensions()) {
            inserts.add("replace into lab_suspend_table select job_db_inx, id_assoc, %d, %d from lab_job_table where id_job=%d and time_submit=%d;%n"
                    .formatted(seconds(time.from()), seconds(time.to()), run.id(), seconds(run.submit())));
        }
        return inserts;
    }

    /** {@code cpu=2,mem=1000M} as {@code 1=2,2=1000}. */
    private String numbered(String text) {
        return text.isEmpty() ? "" : String.join(",", List.of(text.split(",")).stream().map(entry -> {
            int equals = entry.indexOf('=');
            String count = entry.substring(equals + 1);
            return tres.get(entry.substring(0, equals)) + "=" + (entry.startsWith("mem=") ? count.replace("M", "") : count);
        }).toList());
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static long seconds(Instant time) {
        return time == null ? 0 : time.getEpochSecond();
    }
}
