package org.waldur.siteagent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.waldur.siteagent.simulator.WaldurSimulator;

/**
 * How many Slurm processes, requests and seconds a cycle of orders takes: on a real Slurm, against the Waldur simulator, beside the
 * incumbent if its Python is given. It is started by {@code src/bench/orders}.
 */
public final class OrdersBenchmark {
    private static final int MEMBERS = 4;
    /** 200 orders would take it half an hour. */
    private static final int MOST_FOR_THE_INCUMBENT = 20;
    /** An agent, and the command of one cycle of it. */
    private enum Agent { OURS, INCUMBENT }

    private record Row(Agent agent, String teams, int creates, int processes, int requests, double seconds) {
    }

    private final Path distribution;
    private final Optional<Path> python;
    private final List<Row> rows = new ArrayList<>();

    private OrdersBenchmark(Path distribution, Optional<Path> python) {
        this.distribution = distribution;
        this.python = python;
    }

    /** @param args the distribution; the Python that has the incumbent, or {@code -}; how many orders at once, several times */
    public static void main(String[] args) throws Exception {
        Path distribution = Path.of(args[0]).toAbsolutePath();
        Optional<Path> python = args[1].equals("-") ? Optional.empty() : Optional.of(Path.of(args[1]).toAbsolutePath());
        OrdersBenchmark benchmark = new OrdersBenchmark(distribution, python);
        for (String argument : Arrays.asList(args).subList(2, args.length)) {
            int creates = Integer.parseInt(argument);
            if (python.isPresent() && creates <= MOST_FOR_THE_INCUMBENT) {
                benchmark.measure(Agent.INCUMBENT, creates, false);
            }
            benchmark.measure(Agent.OURS, creates, false);
            benchmark.measure(Agent.OURS, creates, true);
        }
        benchmark.print();
    }

    private void measure(Agent agent, int creates, boolean sameTeam) throws Exception {
        Path folder = Files.createTempDirectory("orders-benchmark");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path lab = folder.resolve("slurm");
        run(List.of("src/slurm-lab/slurm-lab", "up", lab.toString()), folder, Map.of());
        try (WaldurSimulator waldur = WaldurSimulator.start()) {
            CountedPrograms programs = CountedPrograms.of(lab.resolve("bin"), folder);
            String offering = waldur.addOffering("bench", "");
            Incumbent.answer(waldur);
            List<String> orders = order(waldur, offering, creates, sameTeam);
            Path config = config(folder, waldur, offering, programs.bin());
            long start = System.nanoTime();
            run(command(agent, config), folder, Map.of("STATE_DIRECTORY", folder.resolve("state").toString()));
            double seconds = (System.nanoTime() - start) / 1e9;
            int processes = programs.calls().size();
            check(waldur, orders, lab, folder, creates);
            Row row = new Row(agent, sameTeam ? "one" : "each its own", creates, processes, waldur.requests().size(), seconds);
            System.err.println(row);
            rows.add(row);
        } finally {
            run(List.of("src/slurm-lab/slurm-lab", "down", lab.toString()), folder, Map.of());
        }
    }

    private static List<String> order(WaldurSimulator waldur, String offering, int creates, boolean sameTeam) {
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < creates; i++) {
            String project = sameTeam ? "project" : "project-" + i;
            for (int member = 0; member < MEMBERS && (i == 0 || !sameTeam); member++) {
                waldur.join(offering, project, "user" + (sameTeam ? "" : i + "x") + member);
            }
            orders.add(waldur.create(offering, "Allocation " + i, project, "customer", Map.of("cpu", 10 + i % 3)));
        }
        return orders;
    }

    private static Path config(Path folder, WaldurSimulator waldur, String offering, Path bin) throws IOException {
        return Files.writeString(folder.resolve("config.yaml"), """
                offerings:
                  - name: bench
                    waldur_api_url: %s
                    waldur_api_token: %s
                    waldur_offering_uuid: %s
                    backend_type: slurm
                    order_processing_backend: slurm
                    backend_settings:
                      default_account: root
                      customer_prefix: hpc_
                      project_prefix: hpc_
                      allocation_prefix: hpc_
                      slurm_bin_path: %s
                      enable_user_homedir_account_creation: false
                    backend_components:
                      cpu: {label: CPU, measured_unit: k-Hours, unit_factor: 60000, accounting_type: limit}
                """.formatted(waldur.apiUrl(), waldur.token(), offering, bin));
    }

    private List<String> command(Agent agent, Path config) {
        return switch (agent) {
            case OURS -> List.of(distribution.resolve("bin/waldur-site-agent").toString(), "--once", "-c", config.toString());
            case INCUMBENT -> Incumbent.cycle(python.orElseThrow(), "order_process", config);
        };
    }

    private static void check(WaldurSimulator waldur, List<String> orders, Path lab, Path folder, int creates) throws Exception {
        long done = orders.stream().filter(order -> waldur.order(order).get("state").equals("done")).count();
        Path dump = folder.resolve("dump");
        Process sacctmgr = new ProcessBuilder(lab.resolve("bin/sacctmgr").toString(), "-nP", "show", "association", "format=account,user,grptresmins")
                .redirectOutput(dump.toFile()).start();
        sacctmgr.waitFor();
        List<String> associations = Files.readAllLines(dump);
        long limited = associations.stream().filter(a -> a.matches("hpc_allocation-\\d+\\|\\|cpu=\\d+")).count();
        long members = associations.stream().filter(a -> a.matches("hpc_allocation-\\d+\\|user.*")).count();
        if (done != creates || limited != creates || members != (long) creates * MEMBERS) {
            throw new IllegalStateException(done + " orders done, " + limited + " accounts, " + members + " members of " + creates + " creates; see " + folder);
        }
    }

    private static void run(List<String> command, Path folder, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IllegalStateException(command + " ended with " + process.exitValue() + "; see " + folder.resolve("log"));
        }
    }

    private void print() {
        System.out.printf("%-10s %-13s %8s %10s %9s %9s   %s%n", "agent", "teams", "creates", "processes", "requests", "seconds", "incumbent : ours");
        for (Row row : rows) {
            String ratio = rows.stream().filter(o -> row.agent() == Agent.OURS && o.agent() == Agent.INCUMBENT && o.creates() == row.creates()
                    && o.teams().equals(row.teams())).findFirst().map(o -> String.format("processes %.1f, requests %.1f, seconds %.1f",
                    (double) o.processes() / row.processes(), (double) o.requests() / row.requests(), o.seconds() / row.seconds())).orElse("");
            System.out.printf("%-10s %-13s %8d %10d %9d %9.1f   %s%n", row.agent().name().toLowerCase(java.util.Locale.ROOT), row.teams(), row.creates(),
                    row.processes(), row.requests(), row.seconds(), ratio);
        }
    }
}
