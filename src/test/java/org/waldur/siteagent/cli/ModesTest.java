package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** An offering whose owner has switched a mode off is not served in it. */
class ModesTest {
    @TempDir
    private Path folder;
    private Site site;
    private String order;

    @BeforeEach
    void open() throws IOException {
        site = new Site(folder);
        order = site.waldur.create(site.offering, "One", "proj-1", "cust-1", Map.of("cpu", 10));
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    @ParameterizedTest
    @CsvSource({"order_processing_backend,slurm,done", "order_processing_backend,'\"\"',pending-provider",
        "reporting_backend,slurm,pending-provider"})
    void ordersAreCarriedOutOnlyWhereTheyAreAskedFor(String key, String value, String state) {
        site.offering(key, value);
        assertThat(site.cycle()).isZero();
        assertThat(site.waldur.order(order)).containsEntry("state", state);
        assertThat(site.associations().stream().anyMatch(a -> a.startsWith("hpc_"))).isEqualTo(state.equals("done"));
    }

    @Test
    void componentsAreLoadedForEveryOffering() {
        site.offering("reporting_backend", "slurm").components("node: {label: Node, measured_unit: h, unit_factor: 60, accounting_type: limit}");
        assertThat(site.run("load-components", false)).isZero();
        assertThat(site.waldur.components(site.offering)).extracting(component -> component.get("type")).containsExactly("node");
    }

    @Test
    void severalModesByHandComeOneAfterTheOther() {
        site.waldur.addComponent(site.offering, Map.of("type", "cpu", "name", "CPU", "billing_type", "limit", "measured_unit", "k-Hours"));
        CommandLine line = Main.commandLine();
        assertThat(line.execute("--once", "-m", "order_process,report", "-c", site.config().toString(), "--routes", "routes")).isZero();
        assertThat(site.waldur.order(order)).containsEntry("state", "done");
        assertThat(site.waldur.usages()).singleElement().asString().endsWith(" cpu 0.00");
    }

    @Test
    void aModeThatNoOfferingHasIsRefusedBeforeAnythingIsTouched() {
        site.offering("reporting_backend", "slurm");
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setErr(new PrintWriter(err));
        assertThat(line.execute("--once", "-c", site.config().toString(), "--routes", "routes")).isEqualTo(ExitCode.CONFIG);
        assertThat(err.toString()).contains("no offering is left for the mode order_process", "order_processing_backend: slurm").doesNotContain("\tat ");
        assertThat(site.stateDir()).doesNotExist();
    }

    @Test
    void aTerminationIsHeldWhereAccountsAreToBeKept() {
        assertThat(site.cycle()).isZero();
        String end = site.waldur.terminate(order);
        site.backend("soft_delete", "true").cycle();
        assertThat(site.waldur.order(end).get("state")).isNotIn("done", "erred");
        assertThat(site.associations()).contains("hpc_one||cpu=600000");
        assertThat(site.deadLetters()).singleElement().asString().contains("soft_delete");
    }
}
