package org.waldur.siteagent.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.camel.Exchange;
import org.waldur.siteagent.config.ConfigException;
import org.waldur.siteagent.config.ConfigFile;
import org.waldur.siteagent.exec.Argv;
import org.waldur.siteagent.exec.CommandListener;
import org.waldur.siteagent.simulator.WaldurSimulator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "demo", mixinStandardHelpOptions = true,
        description = {"Play the main job against a Waldur and a Slurm that exist in memory only: a customer orders an allocation, changes its limits, terminates it.",
            "Every command and every request is shown as it happens."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:both worlds are as they should be at the end", "1:they are not"})
final class Demo implements Callable<Integer> {
    @Mixin
    private RoutesOption routes;

    @Option(names = "--real-slurm", description = {"Play on a real Slurm instead, in a folder of its own. It is installed from Debian's",
        "packages if it is missing and you are root, and stopped afterwards."})
    private boolean realSlurm;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("waldur-site-agent-demo");
        try (WaldurSimulator waldur = WaldurSimulator.start(); DemoCluster cluster = realSlurm ? DemoCluster.real(folder) : DemoCluster.simulated(folder)) {
            PrintWriter out = spec.commandLine().getOut();
            waldur.onRequest(request -> out.println("    waldur  " + request.status() + " " + request.line()));
            return play(out, waldur, cluster, folder) ? ExitCode.GOOD : ExitCode.FAILED;
        } finally {
            Folders.delete(folder);
        }
    }

    private boolean play(PrintWriter out, WaldurSimulator waldur, DemoCluster cluster, Path folder) throws Exception {
        String offering = waldur.addOffering("Our cluster", "");
        for (String user : DemoCluster.USERS) {
            waldur.join(offering, "brains", user);
        }
        waldur.join(offering, "brains", "");
        Settings settings = settings(waldur, offering, cluster, folder);
        boolean good = true;

        out.println("\n== A customer orders an allocation of 10 k-Hours; four people are on the team, one of them without a username.");
        String create = waldur.create(offering, "Brain images", "brains", "university", Map.of("cpu", 10));
        good &= cycle(out, settings);
        good &= expect(out, "order done, account with limits and users", waldur.order(create).get("state").equals("done")
                && waldur.resource(create).get("backend_id").equals("hpc_brain-images")
                && cluster.associations().containsAll(List.of("hpc_university|", "hpc_brains|", "hpc_brain-images|cpu=600000"))
                && DemoCluster.USERS.stream().allMatch(u -> cluster.associations().contains("hpc_brain-images/" + u + "|")));

        out.println("\n== The customer wants 20.5 k-Hours.");
        String update = waldur.update(create, Map.of("cpu", 20.5));
        good &= cycle(out, settings);
        good &= expect(out, "order done, limits changed", waldur.order(update).get("state").equals("done")
                && cluster.associations().contains("hpc_brain-images|cpu=1230000"));
        out.println("\n-- Both worlds now:\n" + waldur.state() + "\n" + cluster.tree());

        out.println("== The customer terminates the allocation.");
        String end = waldur.terminate(create);
        good &= cycle(out, settings);
        good &= expect(out, "order done, nothing of ours is left", waldur.order(end).get("state").equals("done")
                && waldur.resource(create).get("state").equals("Terminated")
                && cluster.associations().stream().noneMatch(a -> a.startsWith("hpc_")));
        out.println("\n-- Both worlds at the end:\n" + waldur.state() + "\n" + cluster.tree());
        out.println(good ? "All is as it should be." : "Something is not as it should be, see above.");
        out.flush();
        return good;
    }

    private static boolean cycle(PrintWriter out, Settings settings) throws Exception {
        return new Agent(settings, text -> out.println(text.stripTrailing().indent(2))).listen(new CommandListener() {
            @Override
            public void before(Exchange exchange, Argv argv) {
                // it is printed with its exit code, when it has ended
            }

            @Override
            public void after(Exchange exchange, Argv argv, int exit, double seconds, String stderr) {
                out.println("    slurm   " + exit + " " + argv);
            }
        }).once("order-process") == ExitCode.GOOD;
    }

    private static boolean expect(PrintWriter out, String what, boolean fulfilled) {
        out.println((fulfilled ? "  ok:  " : "  NOT: ") + what);
        return fulfilled;
    }

    private Settings settings(WaldurSimulator waldur, String offering, DemoCluster cluster, Path folder) throws IOException, ConfigException {
        Path config = folder.resolve("config.yaml");
        Files.writeString(config, """
                state_dir: %s
                offerings:
                  - name: Our cluster
                    waldur_api_url: %s
                    waldur_api_token: %s
                    waldur_offering_uuid: %s
                    backend_type: slurm
                    backend_settings:
                      default_account: root
                      customer_prefix: hpc_
                      project_prefix: hpc_
                      allocation_prefix: hpc_
                      slurm_bin_path: %s
                      enable_user_homedir_account_creation: %s
                    backend_components:
                      cpu: {label: CPU, measured_unit: k-Hours, unit_factor: 60000, accounting_type: limit}
                """.formatted(folder.resolve("state"), waldur.apiUrl(), waldur.token(), offering, cluster.binPath(), !realSlurm));
        return new Settings(ConfigFile.load(config, Map.of()).config(), routes.folder(), ConfigFile.load(config, Map.of()).config().offerings(),
                Set.of(), true, false, cluster.programs());
    }
}
