package org.waldur.siteagent.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.cli.SiteTest;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.WaldurFault;

/** What an operator finds after a failure of the shipped routes, and when it goes away. */
class FailedOrdersTest extends SiteTest {
    private String create() {
        return create("One");
    }

    private static SlurmFault down(String verb) {
        return SlurmFault.fail(argv -> argv.contains(verb), 1, " sacctmgr: error: Problem talking to the database: Connection refused");
    }

    /** A kind of trouble, and what stands in its only letter. */
    enum Trouble {
        SLURM_DOWN("Problem talking to the database", "\"orders\" : \"-\"") {
            @Override
            void make(Site site) {
                site.slurm.inject(down("show").times(9));
            }
        },
        SLURM_REFUSES("Problem talking to the database", "slurmdbd and its log") {
            @Override
            void make(Site site) {
                site.slurm.inject(down("add"));
            }
        },
        NO_RIGHTS("Access/permission denied", "set adminlevel=Operator") {
            @Override
            void make(Site site) {
                site.slurm.inject(SlurmFault.fail(argv -> argv.contains("add"), 1, " Access/permission denied"));
            }
        },
        WALDUR_FORBIDS("answered 403", "OFFERING.MANAGER") {
            @Override
            void make(Site site) {
                site.waldur.inject(WaldurFault.answer(r -> r.path().contains("approve"), 403, "{\"detail\": \"You do not have permission\"}"));
            }
        },
        WALDUR_HAS_TROUBLE("answered 502", "trouble of its own") {
            @Override
            void make(Site site) {
                site.waldur.inject(WaldurFault.answer(r -> r.path().contains("approve"), 502, "<html>bad gateway</html>").times(9));
            }
        },
        LOCK_BUSY("which is held by process", "if that process hangs, end it") {
            @Override
            void make(Site site) throws IOException {
                Path lock = Files.createDirectories(site.stateDir()).resolve("slurm.lock");
                holder = new ProcessBuilder("/usr/bin/flock", lock.toString(), "cat").start();
                site.property("slurm.lock_wait", "0.2");
                while (new ProcessBuilder("/usr/bin/flock", "--nonblock", lock.toString(), "true").start().onExit().join().exitValue() == 0) {
                    Thread.onSpinWait();
                }
            }
        },
        ROUTE_MISTAKE("the variable verdict is 'perhaps'", "waldur-site-agent check") {
            @Override
            void make(Site site) throws IOException {
                Path routes = Files.createDirectories(site.stateDir().resolveSibling("routes"));
                try (Stream<Path> files = Files.list(Path.of("routes"))) {
                    for (Path file : files.toList()) {
                        Files.writeString(routes.resolve(file.getFileName()), Files.readString(file).replace("expression: accept\n", "expression: perhaps\n"));
                    }
                }
                site.routes(routes);
            }
        };

        private final String cause;
        private final String advice;
        private static Process holder;

        Trouble(String cause, String advice) {
            this.cause = cause;
            this.advice = advice;
        }

        abstract void make(Site site) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void aLetterSaysWhatItWasAndHowToGoOn(Trouble trouble) throws IOException {
        String order = create();
        trouble.make(site);
        try {
            assertThat(site.cycle()).isEqualTo(1);
        } finally {
            if (trouble == Trouble.LOCK_BUSY) {
                Trouble.holder.destroy();
            }
        }
        assertThat(site.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter).contains(trouble.cause, trouble.advice).doesNotContain(site.waldur.token());
            assertThat(letter.length()).isLessThan(6_000);
        });
        assertThat(site.waldur.order(order).get("state").toString()).isIn("pending-provider", "executing");
    }

    @Test
    void whatIsSaidIsBoundedAndTheTokenIsCutOut() {
        create();
        site.waldur.inject(WaldurFault.answer(r -> r.path().contains("approve"), 400, "Token " + site.waldur.token() + " " + "x\n\t".repeat(100_000)));
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(site.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.length()).isLessThan(4_000);
            assertThat(letter).contains("Token *** x").doesNotContain(site.waldur.token());
        });
    }

    @Test
    void aLetterAboutNoOrderGoesWhenACycleHasGoneWell() {
        site.waldur.inject(WaldurFault.answer(r -> true, 403, "{\"detail\": \"no\"}").times(2));
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(site.deadLetters()).singleElement().asString().contains("\"count\" : 2");
        assertThat(site.dryRun()).isZero();
        assertThat(site.deadLetters()).as("a dry run settles nothing").hasSize(1);
        assertThat(site.cycle()).isZero();
        assertThat(site.deadLetters()).isEmpty();

        create();
        site.slurm.inject(down("show").times(9));
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(site.deadLetters()).hasSize(1);
        while (site.cycle() != 0) {
            assertThat(site.deadLetters()).as("it is there as long as it fails").hasSize(1);
        }
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void aLetterAboutAnOrderThatTheCustomerCancelledGoes() {
        String order = create();
        site.slurm.inject(down("add"));
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(site.deadLetters()).hasSize(1);
        site.waldur.spoil(order, "state", "canceled");
        assertThat(site.cycle()).isZero();
        assertThat(site.deadLetters()).isEmpty();
    }
}
