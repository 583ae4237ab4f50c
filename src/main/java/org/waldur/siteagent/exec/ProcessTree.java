package org.waldur.siteagent.exec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A command and all that it has started. Who has been left behind by his parent, or has made himself a daemon, is no descendant any
 * more; but he still has the mark that the command had in its environment (proc(5), environ).
 */
final class ProcessTree {
    private static final String MARK = "WALDUR_SITE_AGENT_COMMAND";
    private static final long LOOK_MS = 100;
    private static final long GRACE_MS = 2_000;
    private static final long MOST_MS = 3_000;
    private final String mark = UUID.randomUUID().toString();

    /** Puts the mark where whatever the command starts will have it from. */
    void mark(Map<String, String> environment) {
        environment.put(MARK, mark);
    }

    /** TERM to all of them, and KILL to those who are left after two seconds, and to whom they have started meanwhile. */
    void kill(List<Process> processes) throws InterruptedException {
        members(processes).forEach(ProcessHandle::destroy);
        long started = System.nanoTime();
        for (long passed = 0; passed < MOST_MS; passed = (System.nanoTime() - started) / 1_000_000) {
            Thread.sleep(LOOK_MS);
            Set<ProcessHandle> left = members(processes);
            if (left.isEmpty()) {
                return;
            }
            if (passed >= GRACE_MS) {
                left.forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    private Set<ProcessHandle> members(List<Process> processes) {
        Set<ProcessHandle> members = new LinkedHashSet<>();
        for (Process process : processes) {
            // parents first: a shell whose child has ended would go on to its next line
            members.add(process.toHandle());
            members.addAll(process.descendants().toList());
        }
        ProcessHandle.allProcesses().filter(this::isMarked).forEach(members::add);
        members.removeIf(member -> !member.isAlive());
        return members;
    }

    private boolean isMarked(ProcessHandle process) {
        try {
            Path environment = Path.of("/proc", String.valueOf(process.pid()), "environ");
            return new String(Files.readAllBytes(environment), StandardCharsets.ISO_8859_1).contains(MARK + "=" + mark);
        } catch (IOException e) {
            return false; // it is gone, or it is not ours
        }
    }
}
