package org.waldur.siteagent.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.waldur.siteagent.config.AgentConfig;
import org.waldur.siteagent.config.ConfigFile;

/** One cycle by hand in a process of its own, at a moment that stands still. See {@link Site#start(String)}. */
final class AgentProcess {
    private AgentProcess() {
    }

    /** @param words config, folder of the routes, job, moment, and properties as {@code NAME=VALUE} */
    public static void main(String[] words) throws Exception {
        AgentConfig config = ConfigFile.load(Path.of(words[0]), Map.of()).config();
        Map<String, String> properties = Arrays.stream(words).skip(4).map(word -> word.split("=", 2)).collect(Collectors.toMap(word -> word[0], word -> word[1]));
        Settings settings = new Settings(config, Path.of(words[1]), config.offerings(), Set.of(), true, false, properties);
        System.exit(new Agent(settings, Agent::log, Clock.fixed(Instant.parse(words[3]), ZoneOffset.UTC)).once(words[2]));
    }
}
