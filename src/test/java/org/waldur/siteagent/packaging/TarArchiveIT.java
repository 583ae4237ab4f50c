package org.waldur.siteagent.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive, unpacked anywhere. */
class TarArchiveIT {
    @TempDir
    private Path folder;

    @Test
    void itRunsWhereItIsUnpacked() throws Exception {
        assertThat(Debian.run(60, "tar", "-tvzf", Built.TAR.toString()).good().lines())
                .allMatch(line -> line.matches("(drwxr-xr-x|-rwxr-xr-x|-rw-r--r--) .* waldur-site-agent-" + Built.version() + "/.*"))
                .noneMatch(line -> line.endsWith(".jsa"));
        Debian.run(60, "tar", "-xzf", Built.TAR.toString(), "-C", folder.toString()).good();
        String program = folder.resolve("waldur-site-agent-" + Built.version() + "/bin/waldur-site-agent").toString();
        assertThat(Debian.run(60, program, "--version").good()).isEqualTo("waldur-site-agent " + Built.version() + "\n");
        Debian.run(120, program, "demo").good();
    }

    /** What was checked is not checked again, and whatever is edited is. */
    @Test
    void aServiceRemembersThatItsRoutesAreGood() throws Exception {
        Debian.run(60, "tar", "-xzf", Built.TAR.toString(), "-C", folder.toString()).good();
        Path home = folder.resolve("waldur-site-agent-" + Built.version());
        Path state = folder.resolve("state");
        String config = Files.readString(home.resolve("examples/waldur-site-agent-config.yaml.example")).replaceFirst("(?m)^# state_dir:.*", "state_dir: " + state)
                .replaceFirst("(?m)^( *waldur_api_token:).*", "$1 x").replace("https://waldur.example.com/api/", "http://127.0.0.1:9/api/").replace("0000-000000000000", "0000-00000000c0d5");
        String file = Files.writeString(folder.resolve("config.yaml"), config).toString();
        Path routes = home.resolve("routes");
        Path hooks = routes.resolve("hooks.camel.yaml");
        String shipped = Files.readString(hooks);

        assertThat(serve(home, file, routes)).as("it was told to end").isEqualTo(143);
        String known = Files.readString(state.resolve("checked-routes"));
        Files.writeString(hooks, shipped.replaceFirst("- log:", "- logg:"));
        assertThat(serve(home, file, routes)).as("an edit is looked at").isEqualTo(78);
        Files.writeString(hooks, shipped);
        assertThat(serve(home, file, routes)).isEqualTo(143);
        assertThat(state.resolve("checked-routes")).hasContent(known);
    }

    /** Until it has tried its first cycle, in which Waldur is not there; gives the exit code. */
    private int serve(Path home, String config, Path routes) throws Exception {
        Path log = folder.resolve("log");
        Files.deleteIfExists(log);
        Process service = new ProcessBuilder(home.resolve("bin/waldur-site-agent").toString(), "-c", config, "--routes", routes.toString()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        for (long since = System.nanoTime(); service.isAlive() && !Files.readString(log).contains("failed, which may pass"); service.waitFor(50, TimeUnit.MILLISECONDS)) {
            assertThat(Duration.ofNanos(System.nanoTime() - since)).as(Files.readString(log)).isLessThan(Duration.ofMinutes(2));
        }
        service.destroy();
        assertThat(service.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return service.exitValue();
    }
}
