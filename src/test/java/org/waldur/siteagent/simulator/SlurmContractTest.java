package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same random commands on the simulator and on a real slurmdbd: equal exit codes and texts, and in the end equal worlds.
 * {@code -Dslurm.contract.commands=N} and {@code -Dslurm.contract.seed=N} for other sequences than the usual one.
 */
@EnabledIf(value = "org.waldur.siteagent.simulator.SlurmLab#present", disabledReason = "SLURMLAB names no lab with a real slurmdbd")
class SlurmContractTest {
    private static final String COLUMNS = "account,user,partition,share,qos,defaultqos,grptresmins,grpsubmitjobs";

    @TempDir
    Path folder;

    @Test
    void simulatorAndSlurmDoTheSame() throws Exception {
        long seed = Long.getLong("slurm.contract.seed", 1);
        int count = Integer.getInteger("slurm.contract.commands", 100);
        int every = Integer.getInteger("slurm.contract.every", 25);
        SlurmLab lab = SlurmLab.open();
        String cluster = lab.run(folder, List.of("sacctmgr", "-nP", "show", "cluster", "format=cluster")).out().trim();
        RandomCommands commands = new RandomCommands(seed, "c" + Long.toString(System.nanoTime() % 1_000_000, 36), cluster, folder);
        List<String> log = new ArrayList<>();
        try (SlurmSimulator simulator = SlurmSimulator.start(folder, cluster)) {
            long lastAdd = 0;
            for (int i = 0; i < count; i++) {
                List<String> argv = commands.next();
                // slurmdbd orders by seconds what the simulator orders by commands
                while (lastAdd == Instant.now().getEpochSecond() && (argv.contains("user") && argv.contains("add") || argv.contains("load"))) {
                    Thread.sleep(20);
                }
                SlurmLab.Answer real = lab.run(folder, argv);
                if (argv.contains("add") || argv.contains("load")) {
                    lastAdd = Instant.now().getEpochSecond();
                }
                SlurmCommand simulated = simulator.run(argv.toArray(String[]::new));
                log.add(String.join(" ", argv));
                assertThat(new SlurmLab.Answer(simulated.rc(), simulated.out(), simulated.err()))
                        .as("seed %d, command %d: %s%nbefore it:%n%s", seed, i, String.join(" ", argv), String.join("\n", log))
                        .isEqualTo(new SlurmLab.Answer(real.rc(), real.out(), real.err().replaceAll("usec=\\d+", "usec=1")));
                if (i % every == every - 1 || i == count - 1) {
                    assertThat(world(commands, argv2 -> simulator.run(argv2.toArray(String[]::new)).out()))
                            .as("seed %d, after command %d:%n%s", seed, i, String.join("\n", log))
                            .isEqualTo(world(commands, argv2 -> lab.run(folder, argv2).out()));
                }
            }
        } finally {
            lab.run(folder, List.of("sacctmgr", "-i", "remove", "user", String.join(",", commands.users())));
            lab.run(folder, List.of("sacctmgr", "-i", "remove", "account", String.join(",", commands.accounts())));
        }
    }

    private interface Reader {
        String out(List<String> argv) throws Exception;
    }

    /** Associations in the order of lft with their parents, accounts and users: those of the test. */
    private String world(RandomCommands commands, Reader reader) throws Exception {
        String accounts = String.join(",", commands.accounts());
        String bare = reader.out(List.of("sacctmgr", "-nP", "show", "association", "WOPInfo", "where", "account=" + accounts, "format=" + COLUMNS));
        String parents = reader.out(List.of("sacctmgr", "-nP", "show", "association", "where", "account=" + accounts, "format=account,user,parentname"));
        String rows = reader.out(List.of("sacctmgr", "-nP", "show", "account", accounts, "format=account,description,organization"));
        String users = reader.out(List.of("sacctmgr", "-nP", "show", "user", String.join(",", commands.users()), "format=user,defaultaccount,adminlevel"));
        return List.of(bare, parents, rows, users).stream().collect(Collectors.joining("--\n"));
    }
}
