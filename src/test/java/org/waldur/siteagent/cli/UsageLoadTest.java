package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.WaldurFault;
import org.waldur.siteagent.usage.UsageSite;

/** {@code waldur-site-agent usage load}: history, with a token of Waldur's staff and without. */
class UsageLoadTest extends UsageSite {
    private Path token;

    @BeforeEach
    void history() throws IOException {
        ran(1, "hpc_one", "alice", "2026-09-20T00:00:00Z", "2026-09-20T20:00:00Z");
        ran(2, "hpc_one", "alice", "2026-10-03T00:00:00Z", "2026-10-03T10:00:00Z");
        ran(3, "hpc_two", "bob", "2026-10-31T22:00:00Z", "2026-11-01T03:00:00Z");
        token = Files.writeString(folder.resolve("staff"), site.waldur.staffToken() + "\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    }

    private Site.Said load(String... more) {
        List<String> words = new ArrayList<>(List.of("usage", "load", "--from", "2026-09", "--to", "2026-10"));
        words.addAll(List.of(more));
        return site.command(words.toArray(String[]::new));
    }

    private Site.Said loadAsStaff(String... more) {
        List<String> words = new ArrayList<>(List.of("--token-file", token.toString()));
        words.addAll(List.of(more));
        return load(words.toArray(String[]::new));
    }

    private long sacct(int since) {
        return site.slurm.commands().stream().skip(since).filter(command -> String.valueOf(command).contains("sacct")).count();
    }

    @Test
    void staffLoadsTheMonthsOldestFirst() {
        Site.Said said = loadAsStaff();
        assertThat(said.code()).isZero();
        assertThat(site.waldur.usages()).containsExactly("hpc_one 2026-09 cpu 1.28", "hpc_one 2026-09 cpu alice 1.28", "hpc_one 2026-09 mem 1280.00",
                "hpc_one 2026-09 mem alice 1280.00", "hpc_one 2026-10 cpu 0.64", "hpc_one 2026-10 cpu alice 0.64", "hpc_one 2026-10 mem 640.00",
                "hpc_one 2026-10 mem alice 640.00", "hpc_two 2026-10 cpu 0.13", "hpc_two 2026-10 cpu bob 0.13", "hpc_two 2026-10 mem 128.00",
                "hpc_two 2026-10 mem bob 128.00");
        assertThat(said.err().lines()).containsExactly("2026-09 slurm: 3 told, 0 left, 0 held", "2026-10 slurm: 6 told, 0 left, 0 held");
        assertThat(said.out()).contains("2 months of offerings looked at, 0 loaded before; 9 changes told, 0 left, 0 held");
        assertThat(site.command("usage", "audit", "--month", "2026-09,2026-10").code()).isZero();
        assertThat(said.out() + said.err()).doesNotContain(site.waldur.staffToken());
    }

    @Test
    void whatIsLoadedIsNotReadAgain() {
        loadAsStaff();
        int commands = site.slurm.commands().size();
        Site.Said said = loadAsStaff();
        assertThat(said.code()).isZero();
        assertThat(said.err()).contains("2026-10 slurm: loaded before");
        assertThat(sacct(commands)).isZero();
    }

    @Test
    void withOtherFormulasItIs() {
        loadAsStaff();
        site.components("cpu: {label: CPU, measured_unit: k-Hours, unit_factor: 6000, accounting_type: usage}");
        assertThat(loadAsStaff().err()).contains("2026-09 slurm: 2 told").doesNotContain("before");
        assertThat(site.waldur.usages()).contains("hpc_one 2026-09 cpu 12.80");
    }

    @Test
    void withoutStaffItIsRefusedAtOnceAndNothingIsTold() {
        Site.Said said = load();
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("the load has stopped: Waldur takes usage of months that are over from its staff only (\"backfilling past billing periods\")",
                "2026-09 of offering slurm is not loaded", "right would be: --token-file").doesNotContain("2026-10");
        assertThat(site.waldur.usages()).isEmpty();
        assertThat(site.waldur.requests()).filteredOn(r -> r.method().equals("POST") && r.path().contains("usages")).hasSize(1);
        assertThat(loadAsStaff().code()).isZero();
    }

    @Test
    void aDryRunShowsItAndWritesNothing() {
        Site.Said said = loadAsStaff("--dry-run");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).contains("+ hpc_one 2026-09: cpu 1.28, mem 1280.00", "9 changes to tell");
        assertThat(site.waldur.usages()).isEmpty();
        assertThat(site.stateDir().resolve("usage")).doesNotExist();
        loadAsStaff();
        assertThat(loadAsStaff("--dry-run").code()).isZero();
    }

    /** The second month fails; the first is done, and the run after it goes on with the second. */
    @Test
    void anInterruptedLoadGoesOnWhereItWas() {
        aDayInAWindow();
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("sacct") && argv.contains("--starttime=2026-10-05T00:00:00"), 1, "sacct: error: no").times(1));
        Site.Said said = load("--token-file", token.toString());
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("2026-09 slurm: 3 told", "the load has stopped: 2026-10 of offering slurm is unknown");
        assertThat(site.waldur.usages()).hasSize(4);
        int commands = site.slurm.commands().size();
        assertThat(loadAsStaff().code()).isZero();
        assertThat(site.slurm.commands().stream().skip(commands).map(String::valueOf)).anyMatch(command -> command.contains("--starttime=2026-10-"))
                .noneMatch(command -> command.contains("--starttime=2026-09-"));
        assertThat(site.waldur.usages()).hasSize(12);
    }

    @Test
    void aWaldurThatIsGoneStopsIt() {
        site.waldur.inject(WaldurFault.answer(r -> r.path().equals("marketplace-component-usages/"), 401, "{\"detail\": \"Invalid token.\"}"));
        Site.Said said = loadAsStaff();
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("the load has stopped: 2026-09 of offering slurm could not be read; the log says why");
        assertThat(site.deadLetters()).singleElement().asString().contains("history of offering", "usage load again");
        assertThat(loadAsStaff().code()).isZero();
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void whatOneResourceIsRefusedIsTriedAgainAndTheOthersGoOn() {
        site.waldur.inject(WaldurFault.answer(r -> r.path().endsWith("set_usage/") && String.valueOf(r).contains("2026-09"), 400, "{\"usages\": [\"no\"]}"));
        Site.Said said = loadAsStaff();
        assertThat(said.code()).isEqualTo(1);
        assertThat(site.waldur.usages()).isNotEmpty();
        assertThat(loadAsStaff().code()).isZero();
        assertThat(site.waldur.usages()).hasSize(12);
        assertThat(site.deadLetters()).isEmpty();
    }

    /** As it is left by a run that was killed between the usage of a resource and that of its people. */
    @Test
    void whatPeopleUsedIsToldByTheNextRun() {
        site.waldur.inject(WaldurFault.answer(r -> r.path().endsWith("set_user_usages/"), 403, "{\"detail\": \"no\"}").times(6));
        assertThat(loadAsStaff().code()).isEqualTo(1);
        assertThat(site.waldur.usages()).contains("hpc_one 2026-09 cpu 1.28").noneMatch(usage -> usage.contains("alice"));
        Site.Said said = loadAsStaff();
        assertThat(said.code()).isZero();
        assertThat(said.err()).contains("2026-09 slurm: 2 told, 0 left, 0 held", "2026-10 slurm: 4 told, 0 left, 0 held");
        assertThat(site.waldur.usages()).hasSize(12);
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void whatWouldFallIsHeldAnd3UntilItIsReleased() {
        site.waldur.putUsage(one, "2026-09", "cpu", "5.00");
        Site.Said said = loadAsStaff();
        assertThat(said.code()).isEqualTo(3);
        assertThat(said.err()).contains("2026-09 slurm: 0 told, 0 left, 1 held", "2026-10 slurm: 6 told");
        String plan = loadAsStaff("--dry-run").out();
        assertThat(plan).contains("usage load --from 2026-09 --to 2026-10 --token-file " + token + " --release ");
        String release = plan.replaceAll("(?s).*--release ([0-9a-f]{12}).*", "$1");
        assertThat(loadAsStaff("--release", release).code()).isZero();
        assertThat(site.waldur.usages()).contains("hpc_one 2026-09 cpu 1.28");
    }

    /** The service remembers what it has read, and the moment at which it saw runaways; none of it is touched. */
    @Test
    void whatTheServiceRemembersStays() throws IOException {
        assertThat(report()).isZero();
        Path jobs = site.stateDir().resolve("usage").resolve("lab-jobs.json");
        String before = Files.readString(jobs);
        site.now("2026-11-20T13:00:00Z");
        loadAsStaff();
        assertThat(Files.readString(jobs)).isEqualTo(before);
        assertThat(site.stateDir().resolve("usage").resolve("lab-2026-09.json")).doesNotExist();
    }

    @Test
    void theCurrentMonthIsLoadedAsTheReportDoes() {
        Site.Said said = site.command("usage", "load", "--from", "2026-11", "--to", "2026-11");
        assertThat(said.code()).isZero();
        assertThat(site.waldur.usages()).contains("hpc_two 2026-11 cpu 0.19");
    }

    @Test
    void aTokenFileThatEverybodyCanReadIsSaid() throws IOException {
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(loadAsStaff("--dry-run").err()).contains("warning: everybody can read the token in " + token);
    }

    @Test
    void aTokenFileWithMoreThanATokenIs64AndIsNotShown() throws IOException {
        Files.writeString(token, "secretsecret and more");
        Site.Said said = loadAsStaff();
        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err()).contains("there is more in the file than a token").doesNotContain("secretsecret");
    }
}
