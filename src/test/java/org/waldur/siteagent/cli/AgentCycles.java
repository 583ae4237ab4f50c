package org.waldur.siteagent.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.waldur.siteagent.config.AgentConfig;
import org.waldur.siteagent.config.ConfigFile;
import org.waldur.siteagent.record.StateFile;

/** Some cycles of one job in a process that stays, as the service does. How many seconds each took is printed, a line each. For benchmarks. */
public final class AgentCycles {
    private AgentCycles() {
    }

    /**
     * @param all config, folder of the routes, job, number of cycles; {@code anew} if what is finished is to be forgotten before each; and properties
     *            as {@code NAME=VALUE}
     */
    public static void main(String[] all) throws Exception {
        Map<String, String> properties = Arrays.stream(all).filter(word -> word.contains("=")).map(word -> word.split("=", 2)).collect(Collectors.toMap(p -> p[0], p -> p[1]));
        // a service makes a cycle in minutes; here one follows the other, and would spare itself the look of the one before
        properties.put("slurm.snapshot", "0");
        String[] words = Arrays.stream(all).filter(word -> !word.contains("=")).toArray(String[]::new);
        AgentConfig config = ConfigFile.load(Path.of(words[0]), System.getenv()).config();
        Agent agent = new Agent(new Settings(config, Path.of(words[1]).toAbsolutePath(), config.offerings(), Set.of(), false, false, properties), Agent::log);
        agent.start();
        for (int cycle = 0; cycle < Integer.parseInt(words[3]); cycle++) {
            if (words.length > 4) {
                forget(config.stateDir().resolve("usage"));
            }
            long start = System.nanoTime();
            agent.cycle(words[2]);
            System.out.println((System.nanoTime() - start) / 1e9);
        }
        agent.stop();
        System.exit(0);
    }

    private static void forget(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.toList().forEach(StateFile::delete);
            }
        }
    }
}
