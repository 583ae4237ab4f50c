package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.waldur.siteagent.slurm.RealSlurm;

/**
 * The same random commands on the simulator and on a real slurmdbd: equal exit codes and texts, and in the end equal worlds.
 * {@code -Dslurm.contract.commands=N} and {@code -Dslurm.contract.seed=N} for other sequences than the usual one.
 */
@ExtendWith(RealSlurm.class)
class SlurmContractTest {
    private static final String COLUMNS = "account,user,partition,share,qos,defaultqos,grptresmins,grpsubmitjobs";

    @TempDir
    Path folder;

    @Test
    void simulatorAndSlurmDoTheSame(RealSlurm.Lab running) throws Exception {
        long seed = Long.getLong("slurm.contract.seed", 1);
        int count = Integer.getInteger("slurm.contract.commands", 100);
        int every = Integer.getInteger("slurm.contract.every", 25);
        running.clear();
        SlurmLab lab = new SlurmLab(running.binPath());
        String cluster = lab.run(folder, List.of("sacctmgr", "-nP", "show", "cluster", "format=cluster")).out().trim();
        RandomCommands commands = new RandomCommands(seed, "c" + Long.toString(System.nanoTime() % 1_000_000, 36), cluster, folder);
        List<String> log = new ArrayList<>();
        long lastAdd = 0;
        try (SlurmSimulator simulator = SlurmSimulator.start(folder, cluster)) {
            for (String qos : commands.qos()) {
                running.sacctmgr("add", "qos", qos);
                simulator.addQos(qos);
            }
            for (int i = 0; i < count; i++) {
                List<String> argv = commands.next();
                log.add(String.join(" ", argv));
                boolean add = argv.contains("add") || argv.contains("load");
                // slurmdbd tells by seconds which association is younger, the simulator by commands
                while (add && lastAdd == Instant.now().getEpochSecond()) {
                    Thread.sleep(20);
                }
                SlurmLab.Answer real = lab.run(folder, argv);
                lastAdd = add ? Instant.now().getEpochSecond() : lastAdd;
                SlurmCommand simulated = simulator.run(argv.toArray(String[]::new));
                assertThat(new SlurmLab.Answer(simulated.rc(), simulated.out(), simulated.err()))
                        .as("seed %d, command %d: %s%nbefore it:%n%s", seed, i, String.join(" ", argv), String.join("\n", log))
                        .isEqualTo(new SlurmLab.Answer(real.rc(), real.out(), real.err().replaceAll("usec=\\d+", "usec=1")));
                if (i % every == every - 1 || i == count - 1) {
                    assertThat(world(commands, read -> simulator.run(read.toArray(String[]::new)).out()))
                            .as("seed %d, after command %d:%n%s", seed, i, String.join("\n", log))
                            .isEqualTo(world(commands, read -> lab.run(folder, read).out()));
                }
            }
        } finally {
            lab.run(folder, List.of("sacctmgr", "-i", "remove", "user", String.join(",", commands.users())));
            lab.run(folder, List.of("sacctmgr", "-i", "remove", "account", String.join(",", commands.accounts())));
            lab.run(folder, List.of("sacctmgr", "-i", "remove", "qos", String.join(",", commands.qos())));
        }
    }

    private interface Reader {
        String out(List<String> argv) throws Exception;
    }

    /** Associations in the order of lft, their parents, accounts and users: those of the test. */
    private String world(RandomCommands commands, Reader reader) throws Exception {
        String accounts = String.join(",", commands.accounts());
        String users = String.join(",", commands.users());
        List<List<String>> reads = List.of(
                List.of("association", "WOPInfo", "where", "account=" + accounts, "format=" + COLUMNS),
                List.of("association", "where", "account=" + accounts, "format=account,user,partition,parentname,qos,defaultqos"),
                List.of("association", "WOPInfo", "OnlyDefaults", "where", "account=" + accounts, "format=cluster,account,user,partition"),
                List.of("account", accounts, "format=account,description,organization"),
                List.of("user", users, "format=user,defaultaccount,adminlevel"));
        StringBuilder world = new StringBuilder();
        for (List<String> read : reads) {
            List<String> argv = new ArrayList<>(List.of("sacctmgr", "-nP", "show"));
            argv.addAll(read);
            world.append(reader.out(argv)).append("--\n");
        }
        return world.toString();
    }
}
