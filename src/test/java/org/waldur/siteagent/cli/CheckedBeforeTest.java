package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a check has said holds only while nothing of all that it looked at has changed. That an installed service goes by it is seen in TarArchiveIT. */
class CheckedBeforeTest {
    @TempDir
    private Path routes;
    private final Properties properties = new Properties();
    private final Set<String> seen = new HashSet<>();

    private boolean isNew(String program) {
        String print = CheckedBefore.fingerprint(routes, properties, program).orElseThrow();
        assertThat(CheckedBefore.fingerprint(routes, properties, program)).contains(print);
        return seen.add(print);
    }

    @Test
    void everyChangeIsAnotherFingerprint() throws IOException {
        Path file = Files.writeString(routes.resolve("a.camel.yaml"), "- route");
        assertThat(isNew("one")).isTrue();
        assertThat(isNew("two")).as("another program").isTrue();
        properties.setProperty("order_process.period", "1");
        assertThat(isNew("one")).as("a property").isTrue();
        properties.setProperty("order_process.period", "2");
        assertThat(isNew("one")).as("its value").isTrue();
        Files.writeString(file, "- router");
        assertThat(isNew("one")).as("a file").isTrue();
        Files.move(file, routes.resolve("b.camel.yaml"));
        assertThat(isNew("one")).as("its name").isTrue();
        Files.writeString(routes.resolve("c.yaml"), "");
        assertThat(isNew("one")).as("an empty file more, which would not be loaded").isTrue();
        Files.createDirectory(routes.resolve("d"));
        assertThat(isNew("one")).as("a folder").isTrue();
        Files.writeString(routes.resolve("d/a.camel.yaml"), "- route");
        assertThat(isNew("one")).as("a route in it, which would not be loaded").isTrue();
        Files.delete(routes.resolve("d/a.camel.yaml"));
        Files.delete(routes.resolve("d"));
        Files.delete(routes.resolve("c.yaml"));
        assertThat(isNew("one")).as("as it was before").isFalse();
    }

    /** As where the disk is full: the service starts all the same, and checks again the next time. */
    @Test
    void whatCannotBeWrittenKeepsNobodyFromStarting() throws IOException {
        CheckedBefore before = new CheckedBefore(Files.createDirectories(routes.resolve("taken/by-others")).getParent(), Optional.of("print"));
        before.remember();
        assertThat(before.holds()).isFalse();
    }

    @Test
    void whatCannotBeReadHasNone() {
        assertThat(CheckedBefore.fingerprint(routes.resolve("none"), properties, "one")).isEmpty();
    }
}
