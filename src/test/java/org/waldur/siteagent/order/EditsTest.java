package org.waldur.siteagent.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waldur.siteagent.cli.Checked;
import org.waldur.siteagent.cli.Site;

/** The edits of examples/edits, each applied to the shipped routes; each makes another world. */
class EditsTest {
    @TempDir
    private Path folder;
    private Checked copy;
    private Site site;

    @BeforeEach
    void open() throws Exception {
        copy = new Checked(folder);
        site = new Site(folder.resolve("site"));
        site.routes(copy.folder());
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    private String create(String name, int cpu) {
        return site.waldur.create(site.offering, name, "proj-1", "cust-1", Map.of("cpu", cpu));
    }

    private Object state(String order) {
        return site.waldur.order(order).get("state");
    }

    @Test
    void everyPatchBeginsWithALineThatSaysWhatItIsFor() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples/edits"))) {
            assertThat(files.toList()).hasSize(22).allSatisfy(file -> assertThat(Files.readAllLines(file).get(0)).matches("[A-Z].*\\."));
        }
    }

    @Test
    void anotherPeriod() throws Exception {
        copy.edit("01");
        assertThat(copy.read("order-process.camel.yaml")).contains("period: \"600000\"").doesNotContain("{{order_process.period}}");
    }

    @Test
    void oneMoreArgument() throws Exception {
        copy.edit("02");
        create("One", 10);
        assertThat(site.cycle()).isZero();
        assertThat(site.slurm.associations()).filteredOn(a -> a.account().equals("hpc_one") && a.user().isEmpty()).allMatch(a -> a.share().equals("10"));
        for (int i = 0; i < 5; i++) {
            create("Many " + i, 10);
        }
        assertThat(site.cycle()).isZero();
        assertThat(site.slurm.associations()).filteredOn(a -> a.account().startsWith("hpc_many") && a.user().isEmpty()).hasSize(5).allMatch(a -> a.share().equals("10"));
    }

    @Test
    void aScriptAfterAnAccountIsCreated() throws Exception {
        copy.edit("03");
        Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\necho \"$1\" >>" + folder.resolve("said") + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        site.property("site.script", script.toString());
        create("One", 10);
        assertThat(site.cycle()).isZero();
        assertThat(Files.readString(folder.resolve("said"))).isEqualTo("hpc_one\n");
    }

    @Test
    void aScriptThatFailsKeepsItsOrderAndNoOther() throws Exception {
        copy.edit("03");
        Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n[ \"$1\" != hpc_one ]\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        site.property("site.script", script.toString());
        String one = create("One", 10);
        String two = create("Two", 10);
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(state(one)).isEqualTo("executing");
        assertThat(state(two)).isEqualTo("done");
    }

    @Test
    void noHomeDirectories() throws Exception {
        copy.edit("04");
        site.backend("enable_user_homedir_account_creation", "true").property("agent.root", "true");
        create("One", 10);
        assertThat(site.cycle()).isZero();
        assertThat(Files.exists(site.slurm.homePath().resolve("alice"))).isFalse();
        assertThat(site.associations()).contains("hpc_one|alice|");
    }

    @Test
    void largeOrdersAreRefused() throws Exception {
        copy.edit("05");
        String large = create("Large", 1001);
        String small = create("Small", 1000);
        assertThat(site.cycle()).isZero();
        assertThat(site.waldur.order(large)).containsEntry("state", "rejected").hasEntrySatisfying("provider_rejection_comment",
                comment -> assertThat(comment.toString()).contains("1000 k-Hours"));
        assertThat(state(small)).isEqualTo("done");
        assertThat(site.associations()).noneMatch(a -> a.startsWith("hpc_large"));
    }

    @Test
    void ordersWaitForOfficeHours() throws Exception {
        copy.edit("06");
        String order = create("One", 10);
        site.property("site.office_hours", "98..99");
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("pending-provider");
        site.property("site.office_hours", "0..24");
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
    }

    @Test
    void deadLettersGoToAHook() throws Exception {
        copy.edit("07");
        WireMockServer hook = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        hook.start();
        try {
            hook.stubFor(WireMock.post(WireMock.urlEqualTo("/letters")).willReturn(WireMock.ok()));
            site.property("site.hook", hook.baseUrl() + "/letters");
            String order = site.waldur.create(site.offering, "One", "proj-1", "cust-1", Map.of());
            assertThat(site.cycle()).isEqualTo(1);
            hook.verify(1, WireMock.postRequestedFor(WireMock.urlEqualTo("/letters")).withRequestBody(WireMock.containing(order))
                    .withoutHeader("Authorization"));
        } finally {
            hook.stop();
        }
        assertThat(site.cycle()).as("a hook that is down harms nothing").isEqualTo(1);
    }

    @Test
    void anotherRuleForNames() throws Exception {
        copy.edit("08");
        String order = create("One", 10);
        assertThat(site.cycle()).isZero();
        assertThat(site.waldur.resource(order)).containsEntry("backend_id", "hpc_proj-1-one");
    }

    @Test
    void aQosAfterTheLimits() throws Exception {
        copy.edit("09");
        site.property("site.qos", "normal");
        create("One", 10);
        assertThat(site.cycle()).isZero();
        assertThat(site.slurm.commands()).anyMatch(c -> c.rc() == 0 && c.argv().contains("qos=normal") && c.argv().contains("name=hpc_one"));
    }

    @Test
    void aStepIsSkippedForOneOffering() throws Exception {
        copy.edit("10");
        site.property("site.own_members", "slurm");
        String order = create("One", 10);
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
        assertThat(site.associations()).contains("hpc_one||cpu=600000").noneMatch(a -> a.startsWith("hpc_one|alice"));
    }
}
