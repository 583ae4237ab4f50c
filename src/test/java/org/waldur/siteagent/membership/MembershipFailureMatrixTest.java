package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.SlurmCommand;
import org.waldur.siteagent.simulator.WaldurRequest;

class MembershipFailureMatrixTest {
    @TempDir
    private static Path folder;

    @Test
    void calm() throws IOException {
        for (int i = 0; i < 3; i++) {
        long t0 = System.nanoTime();
        try (MembershipWorld world = new MembershipWorld(Files.createTempDirectory(folder, "calm"))) {
            long t1 = System.nanoTime();
            int requests = world.site.waldur.requests().size();
            int commands = world.site.slurm.commands().size();
            if (i == 0) System.out.println(world.text());
            try (Site.Running agent = world.site.byHand()) {
            long t2 = System.nanoTime();
            agent.cycle(MembershipWorld.JOB);
            long t3 = System.nanoTime();
            if (i == 0) {
            System.out.println(world.text());
            world.site.waldur.requests().stream().skip(requests).forEach(r -> System.out.println(r.line() + " " + r.status()));
            world.site.slurm.commands().stream().skip(commands).forEach(c -> System.out.println(String.join(" ", c.argv()) + " " + c.rc()));
            System.out.println(world.site.deadLetters());
            System.out.println(String.join("\n", world.site.printed));
            }
            world.isUnharmed();
            agent.cycle(MembershipWorld.JOB);
            long t4 = System.nanoTime();
            System.out.printf("world %d start %d cycle %d again %d%n", (t1-t0)/1000000, (t2-t1)/1000000, (t3-t2)/1000000, (t4-t3)/1000000);
            }
        }
        }
    }
}
