package org.waldur.siteagent.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.cli.Site;

/** The shipped routes on a real slurmdbd: what is in it afterwards. */
@ExtendWith(RealSlurm.class)
class RealSlurmOrdersTest {
    @TempDir
    private Path folder;
    private Site site;
    private RealSlurm.Lab lab;

    @BeforeEach
    void open(RealSlurm.Lab running) throws IOException {
        lab = running;
        lab.clear();
        site = new Site(folder);
        site.backend("slurm_bin_path", lab.binPath().toString()).property("slurm.read_timeout", "60000").property("slurm.write_timeout", "60000");
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    private String create(String name) {
        return site.waldur.create(site.offering, name, "proj-1", "cust-1", Map.of("cpu", 10));
    }

    private static List<String> users(String account) {
        return List.of(account + "|alice||", account + "|bob||", account + "|carol||", account + "|dave||");
    }

    @Test
    void anAllocationLivesFromOrderToTermination() {
        String create = create("One");
        assertThat(site.cycle()).isZero();
        assertThat(site.waldur.order(create)).containsEntry("state", "done");
        List<String> expected = new ArrayList<>(users("hpc_one"));
        expected.addAll(List.of("hpc_cust-1||root|", "hpc_one||hpc_proj-1|cpu=600000", "hpc_proj-1||hpc_cust-1|", "root|||", "root|root||"));
        assertThat(lab.associations()).containsExactlyInAnyOrderElementsOf(expected);

        site.waldur.update(create, Map.of("cpu", 20.5));
        assertThat(site.cycle()).isZero();
        assertThat(lab.associations()).contains("hpc_one||hpc_proj-1|cpu=1230000");

        String end = site.waldur.terminate(create);
        assertThat(site.cycle()).isZero();
        assertThat(site.waldur.order(end)).containsEntry("state", "done");
        assertThat(lab.associations()).containsExactly("root|root||", "root|||");

        site.waldur.restore(create, Map.of("cpu", 5));
        assertThat(site.cycle()).isZero();
        assertThat(lab.associations()).contains("hpc_one||hpc_proj-1|cpu=300000").containsAll(users("hpc_one"));
    }

    @Test
    void manyAccountsAreLoadedAtOnceAndRemovedAtOnce() {
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            orders.add(create("Many " + i));
        }
        assertThat(site.cycle()).isZero();
        assertThat(lab.associations()).contains("hpc_many-5||hpc_proj-1|cpu=600000").containsAll(users("hpc_many-0")).containsAll(users("hpc_many-5"));
        orders.forEach(site.waldur::terminate);
        assertThat(site.cycle()).isZero();
        assertThat(lab.associations()).containsExactly("root|root||", "root|||");
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void teamsOfTheirOwnAreLoadedAtOnce() {
        lab.sacctmgr("add", "account", "physics", "description=physics", "organization=physics");
        lab.sacctmgr("add", "user", "shared", "account=physics", "fairshare=7");
        for (int i = 0; i < 4; i++) {
            site.waldur.join(site.offering, "own-" + i, "user" + i);
            site.waldur.join(site.offering, "own-" + i, "shared");
            site.waldur.create(site.offering, "Many " + i, "own-" + i, "cust-1", Map.of("cpu", 10));
        }
        assertThat(site.cycle()).isZero();
        assertThat(lab.associations()).contains("hpc_many-0|user0||", "hpc_many-0|shared||", "hpc_many-3|user3||", "hpc_many-3|shared||");
        assertThat(lab.sacctmgr("show", "association", "user=user0,shared", "format=account,user,fairshare").lines())
                .contains("physics|shared|7", "hpc_many-0|shared|parent", "hpc_many-0|user0|parent");
        assertThat(lab.sacctmgr("show", "user", "format=user,defaultaccount").lines()).contains("shared|physics", "user0|hpc_many-0");
    }

    @Test
    void aForeignAccountIsNotTakenOver() {
        lab.sacctmgr("add", "account", "hpc_one", "description=physics", "organization=physics");
        List<String> before = lab.associations();
        String order = create("One");
        site.cycle();
        assertThat(site.waldur.order(order)).containsEntry("state", "erred");
        assertThat(lab.associations()).isEqualTo(before);
        assertThat(lab.sacctmgr("show", "account", "hpc_one", "format=description,organization").strip()).isEqualTo("physics|physics");
    }

    @Test
    void aHostileNameIsOneHarmlessDescription() {
        String order = create("One");
        site.waldur.spoil(order, "resource_name", "x\" parent=root '|`\n waldur:" + "f".repeat(32) + "\uD83D\uDE00" + "y".repeat(500));
        assertThat(site.cycle()).isZero();
        assertThat(lab.associations()).contains("hpc_one||hpc_proj-1|cpu=600000");
        assertThat(lab.sacctmgr("show", "account", "hpc_one", "format=description").strip()).endsWith("waldur:" + site.waldur.order(order).get("marketplace_resource_uuid"));
    }

    /** The agent is killed while its n-th writing command runs; the command writes on, and the next run carries the orders on. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void aRunThatIsKilledInACreateIsCarriedOn(int write) throws Exception {
        create("One");
        create("Two");
        killAtWrite(write);
        carryOn();
        assertThat(lab.associations()).contains("hpc_one||hpc_proj-1|cpu=600000", "hpc_two||hpc_proj-1|cpu=600000", "hpc_proj-1||hpc_cust-1|")
                .containsAll(users("hpc_one")).containsAll(users("hpc_two"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void aRunThatIsKilledInATerminateIsCarriedOn(int write) throws Exception {
        String one = create("One");
        String two = create("Two");
        assertThat(site.cycle()).isZero();
        site.waldur.terminate(one);
        site.waldur.terminate(two);
        killAtWrite(write);
        carryOn();
        assertThat(lab.associations()).containsExactly("root|root||", "root|||");
    }

    private void carryOn() {
        for (int cycle = 0; cycle < 3 && (site.waldur.state().contains("executing") || cycle == 0); cycle++) {
            site.cycle();
        }
        assertThat(site.waldur.state()).doesNotContain("executing", "pending", "rred");
        assertThat(site.cycle()).isZero();
    }

    /** Starts the agent and kills it when the audit file has the line "before" of the n-th command. */
    private void killAtWrite(int write) throws Exception {
        Path audit = site.stateDir().resolve("audit.jsonl");
        AtomicInteger before = new AtomicInteger(commands(audit));
        AtomicReference<Process> agent = new AtomicReference<>(site.start());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (commands(audit) < before.get() + write && agent.get().isAlive() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        agent.get().destroyForcibly().waitFor();
    }

    private static int commands(Path audit) throws IOException {
        return !Files.exists(audit) ? 0
                : (int) Files.readString(audit).lines().filter(l -> l.contains("\"before\"") && l.contains("\"argv\"")).count();
    }
}
