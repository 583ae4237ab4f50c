package org.waldur.siteagent.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Debian with a Java in a folder, in which packages are installed, so that this machine stays as it is. The first one is made by debootstrap
 * and kept in the temporary folder; each further one is a copy. It has no systemd, and the network of this machine.
 */
final class Debian {
    private static final String SUITE = "bookworm";
    private static final Path KEPT = Path.of(System.getProperty("java.io.tmpdir"), "waldur-site-agent-" + SUITE);
    /** Mounts are seen by the command alone, and end with it. */
    private static final String INSIDE = "mount -t proc proc \"$1/proc\" && umask 022 && shift && exec \"$@\"";
    private final Path root;

    private Debian(Path root) {
        this.root = root;
    }

    /** What a command printed, stderr included, and its exit code. */
    record Ended(int code, String said) {
        String good() {
            assertThat(code).as(said).isZero();
            return said;
        }
    }

    /** A new one in this folder, which is deleted first; skips the test, loudly, where there can be none. With CI=true that is a failure. */
    static Debian at(Path root, String... tools) throws Exception {
        for (String tool : tools) {
            need(tool);
        }
        need("debootstrap");
        if (!System.getProperty("user.name").equals("root")) {
            cannot("only root can make a root file system");
        }
        if (!Files.exists(KEPT, LinkOption.NOFOLLOW_LINKS)) {
            make();
        }
        if (!Files.getOwner(KEPT, LinkOption.NOFOLLOW_LINKS).getName().equals("root") || !Files.isDirectory(KEPT, LinkOption.NOFOLLOW_LINKS)) {
            cannot(KEPT + " is not root's; delete it");
        }
        run(120, "rm", "-rf", root.toString()).good();
        Files.createDirectories(root.getParent());
        run(300, "cp", "-a", KEPT.resolve("root").toString(), root.toString()).good();
        return new Debian(root.toAbsolutePath());
    }

    /** It has its name when it is complete, and not before; somebody else may have made one meanwhile. */
    private static void make() throws Exception {
        Path folder = Files.createTempDirectory("waldur-site-agent");
        try {
            Ended made = run(900, "debootstrap", "--variant=minbase", "--include=openjdk-17-jre-headless,logrotate", SUITE, folder.resolve("root").toString());
            if (made.code() != 0) {
                cannot("debootstrap ended with " + made.code() + ": " + made.said().substring(Math.max(0, made.said().length() - 500)));
            }
            Files.move(folder, KEPT, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(KEPT)) {
                throw e;
            }
        } finally {
            run(120, "rm", "-rf", folder.toString()).good();
        }
    }

    private static void need(String tool) throws Exception {
        if (run(60, "sh", "-c", "command -v " + tool).code() != 0) {
            cannot("there is no " + tool + " (apt-get install debootstrap rpm)");
        }
    }

    private static void cannot(String why) {
        String reason = "PACKAGES ARE NOT TRIED: " + why;
        System.err.println(reason);
        if ("true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        abort(reason);
    }

    /** The path on this machine of one there. */
    Path path(String there) {
        return root.resolve(there.substring(1));
    }

    Ended run(String... command) throws Exception {
        return as("root", command);
    }

    Ended as(String user, String... command) throws Exception {
        return run(240, inside(user, List.of(), command));
    }

    /** A process that goes on. @param environment as {@code NAME=VALUE} */
    Process start(String user, List<String> environment, Path output, String... command) throws IOException {
        return new ProcessBuilder(inside(user, environment, command)).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    private String[] inside(String user, List<String> environment, String... command) {
        List<String> words = new ArrayList<>(List.of("unshare", "--mount", "--", "sh", "-c", INSIDE, "sh", root.toString(),
                "chroot", "--userspec=" + user + ":" + user, root.toString(), "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive"));
        words.addAll(environment);
        words.addAll(List.of(command));
        return words.toArray(String[]::new);
    }

    /** Runs a command of this machine. */
    static Ended run(int seconds, String... command) throws Exception {
        Path output = Files.createTempFile("output", "");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(Path.of("/dev/null").toFile()).redirectOutput(output.toFile()).start();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                fail("no end within " + seconds + " s: " + List.of(command) + ": " + Files.readString(output));
            }
            return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }

    /** {@code MODE OWNER:GROUP} of a path there, by the names that it has there; empty: there is nothing. */
    Optional<String> rights(String there) throws Exception {
        Ended stat = run("stat", "-c", "%a %U:%G", there);
        return stat.code() == 0 ? Optional.of(stat.said().strip()) : Optional.empty();
    }

    /** What either package leaves when it is installed: files with their rights, and nothing that is enabled. */
    void hasAllThatIsInstalled() throws Exception {
        assertThat(rights(Built.CONFIG)).hasValue("640 root:waldur-agent");
        assertThat(rights(Built.ROUTES)).hasValue("750 root:waldur-agent");
        assertThat(rights(Built.STATE)).hasValue("750 waldur-agent:waldur-agent");
        assertThat(names("/usr/bin")).containsAll(Built.COMMANDS);
        assertThat(names("/usr/lib/systemd/system")).containsAll(Built.UNITS);
        assertThat(rights("/usr/libexec/waldur-agent-make-homedirs")).hasValue("755 root:root");
        assertThat(run(60, "find", path("/etc").toString(), "-name", "waldur-agent*").said()).as("nothing is enabled").isEmpty();
    }

    /** Names in a folder there, sorted. */
    List<String> names(String there) throws IOException {
        try (var files = Files.list(path(there))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
