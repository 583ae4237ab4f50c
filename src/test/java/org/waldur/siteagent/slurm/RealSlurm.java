package org.waldur.siteagent.slurm;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.waldur.siteagent.simulator.SlurmRun;

/**
 * A real Slurm for tests, one for the whole run, started by the project's own script. Where it cannot be had its tests are skipped
 * with the reason; with CI=true that is a failure.
 */
public final class RealSlurm implements ParameterResolver {
    private static final int CANNOT = 77;

    /** The running Slurm. */
    public static final class Lab implements ExtensionContext.Store.CloseableResource {
        private final Path folder;
        private boolean rolledUp;

        private Lab(Path folder) {
            this.folder = folder;
        }

        public Path binPath() {
            return folder.resolve("bin");
        }

        /** Output of sacctmgr; fails the test unless it exits with 0. */
        public String sacctmgr(String... arguments) {
            List<String> command = new ArrayList<>(List.of(binPath().resolve("sacctmgr").toString(), "--immediate", "--parsable2", "--noheader"));
            command.addAll(List.of(arguments));
            return run(command, 0);
        }

        /** Accounts and users as {@code account|user|parent|limits}, sorted. */
        public List<String> associations() {
            return sacctmgr("show", "association", "format=account,user,parentname,grptresmins").lines().sorted().toList();
        }

        /** What sacct prints, with times in epoch seconds and windows in UTC; fails the test unless it exits with 0. */
        public String sacct(String... arguments) {
            return program("sacct", arguments);
        }

        /** What squeue prints; fails the test unless it exits with 0. */
        public String squeue(String... arguments) {
            return program("squeue", arguments);
        }

        /** What sreport prints; jobs that were added are counted, up to the last full hour. Days are UTC. */
        public String sreport(String... arguments) {
            if (!rolledUp) {
                String first = sql("select from_unixtime(min(time_eligible), '%Y-%m-%d') from lab_job_table where time_eligible > 0").strip();
                if (!first.equals("NULL")) {
                    // what happened before the cluster was registered is counted for nobody
                    sql("update lab_event_table set time_start = least(time_start, unix_timestamp('" + first + "'))");
                    sacctmgr("roll", first + "T00:00:00", "now", "0");
                }
                rolledUp = true;
            }
            return program("sreport", arguments);
        }

        /**
         * Writes runs into the database. Their accounts and users have to be there, or to have been there. slurmctld does not know them:
         * those that are not over are runaways. One with the same id and time of submission is replaced.
         */
        public void addJobs(List<SlurmRun> runs) {
            rolledUp = false;
            new RealJobs(this).add(runs);
        }

        /** Removes all jobs from the database, and what sreport has counted. */
        public void clearJobs() {
            rolledUp = false;
            sql("show tables").lines()
                    .filter(table -> table.matches("lab_(job|step|suspend|(assoc_)?usage_(hour|day|month))_table"))
                    .forEach(table -> sql("delete from " + table));
        }

        /** Runs statements on the database of slurmdbd; rows come as lines, their cells separated by tabs. */
        public String sql(String statements) {
            return RealSlurm.run(List.of("mariadb", "--no-defaults", "--skip-column-names", "--batch", "--init-command=set time_zone='+00:00'",
                    "--socket=" + folder.resolve("run/mysqld/mysqld.sock"), "slurm_acct_db"), Map.of(), statements, 0);
        }

        /** What one of Slurm's programs prints, in UTC; fails the test unless it exits with 0. */
        public String program(String name, String... arguments) {
            List<String> command = new ArrayList<>(List.of(binPath().resolve(name).toString()));
            command.addAll(List.of(arguments));
            return RealSlurm.run(command, Map.of("TZ", "UTC", "SLURM_TIME_FORMAT", "%s"), "", 0);
        }

        /** Kills one of its daemons ({@code slurmdbd}, {@code mariadbd}) as a crash would. */
        public void kill(String daemon) {
            pid(daemon).destroyForcibly();
            pid(daemon).onExit().join();
        }

        private ProcessHandle pid(String daemon) {
            try {
                return ProcessHandle.of(Long.parseLong(Files.readString(folder.resolve("run").resolve(daemon + ".pid")).strip())).orElseThrow();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Starts the daemons that are not there. */
        public void up() {
            RealSlurm.run(List.of("src/slurm-lab/slurm-lab", "up", folder.toString()), Map.of("TZ", "UTC"), "", 0);
        }

        /** Whether slurmdbd shows nobody but Operators the jobs of others: PrivateData in slurmdbd.conf(5). */
        public void privateData(boolean on) {
            Path file = folder.resolve("etc/slurmdbd.conf");
            try {
                List<String> lines = new ArrayList<>(Files.readAllLines(file));
                lines.removeIf(line -> line.startsWith("PrivateData="));
                lines.add("PrivateData=" + (on ? "jobs" : "none"));
                // in place: it belongs to slurmdbd's user
                Files.write(file, lines);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            RealSlurm.run(List.of("kill", "-HUP", Long.toString(pid("slurmdbd").pid())), Map.of(), "", 0);
        }

        /** Removes everything but root. */
        public void clear() {
            List<String> associations = associations();
            for (int round = 0; round < 4 && associations.size() > 2; round++) {
                for (String association : associations) {
                    String[] cells = association.split("\\|", -1);
                    if (!cells[0].equals("root") && !cells[1].isEmpty()) {
                        run(List.of(binPath().resolve("sacctmgr").toString(), "--immediate", "remove", "user", "where", "name=" + cells[1]), -1);
                    }
                }
                for (String association : associations) {
                    String[] cells = association.split("\\|", -1);
                    if (!cells[0].equals("root") && cells[1].isEmpty()) {
                        run(List.of(binPath().resolve("sacctmgr").toString(), "--immediate", "remove", "account", "where", "name=" + cells[0]), -1);
                    }
                }
                associations = associations();
            }
        }

        @Override
        public void close() {
            run(List.of("src/slurm-lab/slurm-lab", "down", folder.toString()), -1);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Object lab = context.getRoot().getStore(ExtensionContext.Namespace.create(RealSlurm.class)).getOrComputeIfAbsent("lab", key -> start());
        if (lab instanceof String why) {
            String reason = "NO REAL SLURM: " + why;
            System.err.println(reason);
            if ("true".equals(System.getenv("CI"))) {
                fail(reason);
            }
            abort(reason);
        }
        return lab;
    }

    private static Object start() {
        try {
            Path folder = Files.createTempDirectory("slurm-lab");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            ProcessBuilder builder = new ProcessBuilder("src/slurm-lab/slurm-lab", "up", folder.toString()).redirectErrorStream(true);
            // slurmdbd counts usage by the days of its own time zone
            builder.environment().put("TZ", "UTC");
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes());
            int exit = process.waitFor();
            if (exit == 0) {
                return new Lab(folder);
            }
            return exit == CANNOT ? said.strip() : "exit code " + exit + ": " + said;
        } catch (IOException | InterruptedException e) {
            return e.toString();
        }
    }

    private static String run(List<String> command, int expected) {
        return run(command, Map.of(), "", expected);
    }

    private static String run(List<String> command, Map<String, String> environment, String input, int expected) {
        try {
            Path errors = Files.createTempFile("slurm-lab", ".err");
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(expected != 0);
            builder.environment().putAll(environment);
            if (expected == 0) {
                builder.redirectError(errors.toFile());
            }
            Process process = builder.start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes());
            }
            String output = new String(process.getInputStream().readAllBytes());
            int exit = process.waitFor();
            String said = Files.readString(errors);
            Files.delete(errors);
            if (expected >= 0 && exit != expected) {
                fail(command + " ended with " + exit + ": " + output + said);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
