package org.waldur.siteagent.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.waldur.siteagent.simulator.SlurmSimulator;
import org.waldur.siteagent.slurm.TresLimits;

/** The cluster that the demo plays on: simulated, or real. */
interface DemoCluster extends AutoCloseable {
    List<String> USERS = List.of("alice", "bob", "carol");

    Path binPath();

    /** Properties that name the programs of this cluster. */
    Map<String, String> programs();

    /** Associations like {@code account|cpu=1} and {@code account/user|}. */
    List<String> associations();

    String tree();

    @Override
    void close() throws IOException;

    static DemoCluster simulated(Path folder) throws IOException {
        SlurmSimulator slurm = SlurmSimulator.start(folder.resolve("slurm"), "demo");
        slurm.addLinuxUsers(USERS.toArray(String[]::new));
        return new DemoCluster() {
            @Override
            public Path binPath() {
                return slurm.binPath();
            }

            @Override
            public Map<String, String> programs() {
                return Map.of("agent.user", "root", "agent.root", "true", "host.getent", slurm.binPath().resolve("getent").toString(),
                        "host.mkhomedir_helper", slurm.binPath().resolve("mkhomedir_helper").toString());
            }

            @Override
            public List<String> associations() {
                return slurm.associations().stream().map(a -> a.account() + (a.user().isEmpty() ? "" : "/" + a.user()) + "|"
                        + TresLimits.format(a.grpTresMins())).toList();
            }

            @Override
            public String tree() {
                return slurm.tree();
            }

            @Override
            public void close() throws IOException {
                slurm.close();
            }
        };
    }

    /** A Slurm from Debian's packages, started by the project's own script in a folder of its own, and stopped by it. */
    static DemoCluster real(Path folder) throws IOException {
        Path script = Path.of(System.getProperty("agent.home", "."), "share", "slurm-lab", "slurm-lab");
        if (!Files.isExecutable(script)) {
            throw new WrongConfig(script + ": the script that starts a Slurm is not there; use the distribution that `mvn package` leaves");
        }
        return RealDemoCluster.start(script, folder.resolve("slurm"));
    }
}
