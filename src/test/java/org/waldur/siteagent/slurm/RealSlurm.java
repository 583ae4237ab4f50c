package org.waldur.siteagent.slurm;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real Slurm for tests, one for the whole run, started by the project's own script. Where it cannot be had its tests are skipped
 * with the reason; with CI=true that is a failure.
 */
public final class RealSlurm implements ParameterResolver {
    private static final int CANNOT = 77;

    /** The running Slurm. */
    public static final class Lab implements ExtensionContext.Store.CloseableResource {
        private final Path folder;

        private Lab(Path folder) {
            this.folder = folder;
        }

        public Path binPath() {
            return folder.resolve("bin");
        }

        /** Output of sacctmgr; fails the test unless it exits with 0. */
        public String sacctmgr(String... arguments) {
            List<String> command = new ArrayList<>(List.of(binPath().resolve("sacctmgr").toString(), "--immediate", "--parsable2", "--noheader"));
            command.addAll(List.of(arguments));
            return run(command, 0);
        }

        /** Accounts and users as {@code account|user|parent|limits}, sorted. */
        public List<String> associations() {
            return sacctmgr("show", "association", "format=account,user,parentname,grptresmins").lines().sorted().toList();
        }

        /** Removes everything but root. */
        public void clear() {
            List<String> associations = associations();
            for (int round = 0; round < 4 && associations.size() > 2; round++) {
                for (String association : associations) {
                    String[] cells = association.split("\\|", -1);
                    if (!cells[0].equals("root") && !cells[1].isEmpty()) {
                        run(List.of(binPath().resolve("sacctmgr").toString(), "--immediate", "remove", "user", "where", "name=" + cells[1]), -1);
                    }
                }
                for (String association : associations) {
                    String[] cells = association.split("\\|", -1);
                    if (!cells[0].equals("root") && cells[1].isEmpty()) {
                        run(List.of(binPath().resolve("sacctmgr").toString(), "--immediate", "remove", "account", "where", "name=" + cells[0]), -1);
                    }
                }
                associations = associations();
            }
        }

        @Override
        public void close() {
            run(List.of("src/slurm-lab/slurm-lab", "down", folder.toString()), -1);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Object lab = context.getRoot().getStore(ExtensionContext.Namespace.create(RealSlurm.class)).getOrComputeIfAbsent("lab", key -> start());
        if (lab instanceof String why) {
            String reason = "NO REAL SLURM: " + why;
            System.err.println(reason);
            if ("true".equals(System.getenv("CI"))) {
                fail(reason);
            }
            abort(reason);
        }
        return lab;
    }

    private static Object start() {
        try {
            Path folder = Files.createTempDirectory("slurm-lab");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Process process = new ProcessBuilder("src/slurm-lab/slurm-lab", "up", folder.toString()).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes());
            int exit = process.waitFor();
            if (exit == 0) {
                return new Lab(folder);
            }
            return exit == CANNOT ? said.strip() : "exit code " + exit + ": " + said;
        } catch (IOException | InterruptedException e) {
            return e.toString();
        }
    }

    private static String run(List<String> command, int expected) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(expected != 0).start();
            String output = new String(process.getInputStream().readAllBytes());
            int exit = process.waitFor();
            if (expected >= 0 && exit != expected) {
                fail(command + " ended with " + exit + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
