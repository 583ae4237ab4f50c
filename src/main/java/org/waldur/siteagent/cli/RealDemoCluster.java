package org.waldur.siteagent.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real Slurm for the demo. */
final class RealDemoCluster implements DemoCluster {
    private final Path script;
    private final Path folder;

    private RealDemoCluster(Path script, Path folder) {
        this.script = script;
        this.folder = folder;
    }

    static RealDemoCluster start(Path script, Path folder) throws IOException {
        // the daemons run as users of their own, and have to reach their files
        Files.setPosixFilePermissions(folder.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        RealDemoCluster cluster = new RealDemoCluster(script, folder);
        // Ctrl-C must not leave a Slurm behind
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::leave, "stop the Slurm of the demo"));
        cluster.script("up", true);
        return cluster;
    }

    private void script(String action, boolean say) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(script.toString(), action, folder.toString()).redirectErrorStream(true);
        Process process = (say ? builder.redirectOutput(ProcessBuilder.Redirect.INHERIT) : builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)).start();
        try {
            if (process.waitFor() != 0) {
                throw new WrongConfig("a real Slurm could not be started, see above; without --real-slurm the demo needs none");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Path binPath() {
        return folder.resolve("bin");
    }

    @Override
    public Map<String, String> programs() {
        return Map.of();
    }

    @Override
    public List<String> associations() {
        return sacctmgr("show", "association", "format=account,user,grptresmins", "WOPInfo").lines().map(line -> {
            String[] cells = line.split("\\|", -1);
            return cells[0] + (cells[1].isEmpty() ? "" : "/" + cells[1]) + "|" + cells[2];
        }).toList();
    }

    @Override
    public String tree() {
        return sacctmgr("show", "association", "format=account,user,parentname,grptresmins");
    }

    private String sacctmgr(String... arguments) {
        List<String> command = new ArrayList<>(List.of(binPath().resolve("sacctmgr").toString(), "--parsable2", "--noheader"));
        command.addAll(List.of(arguments));
        try {
            return new String(new ProcessBuilder(command).start().getInputStream().readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** At the end of the process: after a demo that came to its end there is nothing left to do. */
    private void leave() {
        try {
            if (Files.exists(folder)) {
                close();
                Folders.delete(folder.getParent());
            }
        } catch (IOException e) {
            // the demo may be cleaning up, too
            if (Files.exists(folder)) {
                System.err.println("a Slurm is left below " + folder + ": " + e.getMessage());
            }
        }
    }

    @Override
    public void close() throws IOException {
        script("down", false);
    }
}
