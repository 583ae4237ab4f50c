package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlurmSimulatorTest {
    private static final Predicate<List<String>> ADD = argv -> argv.contains("add");

    @TempDir
    Path folder;
    SlurmSimulator simulator;

    @BeforeEach
    void start() throws Exception {
        simulator = SlurmSimulator.start(folder, "lab");
    }

    @AfterEach
    void stop() throws Exception {
        simulator.close();
    }

    record Result(int rc, String out, String err) {
    }

    private Process launch(String... argv) throws Exception {
        List<String> command = new ArrayList<>(List.of(argv));
        command.set(0, simulator.binPath().resolve(argv[0]).toString());
        return new ProcessBuilder(command).redirectError(folder.resolve("stderr").toFile()).start();
    }

    private Result exec(String... argv) throws Exception {
        Process process = launch(argv);
        String out = new String(process.getInputStream().readAllBytes());
        return new Result(process.waitFor(), out, Files.readString(folder.resolve("stderr")));
    }

    private List<String> accountNames() {
        return simulator.accounts().stream().map(SlurmAccount::name).toList();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(10);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("deadline").isBefore(end);
            Thread.sleep(10);
        }
    }

    @Test
    void aProgramPrintsWhatTheRealOnePrints() throws Exception {
        assertThat(exec("sacctmgr", "--version")).isEqualTo(new Result(0, "slurm-wlm 22.05.8\n", ""));
        assertThat(exec("sacctmgr", "-i", "add", "account", "c1", "parent=nosuch")).isEqualTo(new Result(1, "", """
                 Parent account 'nosuch' doesn't exist on cluster lab
                        Contact your admin to add this account.
                 No associations created.
                """));
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        String[] argv = {"sacctmgr", "--bad", "", "a b", "x\ny", "'\"$(id)`*", "täpne 机", "\\0", "-n", "x".repeat(100_000)};
        assertThat(exec(argv).rc()).isEqualTo(64);
        assertThat(simulator.commands()).singleElement().satisfies(command -> assertThat(command.argv()).containsExactly(argv));
    }

    @Test
    void anUnknownArgumentFails() throws Exception {
        Result result = exec("sacctmgr", "-i", "add", "account", "c1", "maxjobs=4");
        assertThat(result.rc()).isEqualTo(64);
        assertThat(result.err()).contains("maxjobs=4");
        assertThat(exec("squeue", "--noheader", "--format=%i", "--steps").rc()).isEqualTo(64);
        assertThat(exec("sacctmgr", "add", "account", "c1").err()).contains("--immediate");
        assertThat(accountNames()).containsExactly("root");
    }

    @Test
    void commandsAreLoggedAndTold() throws Exception {
        List<SlurmCommand> told = new CopyOnWriteArrayList<>();
        simulator.onCommand(told::add);
        exec("sacctmgr", "-i", "add", "account", "c1");
        assertThat(simulator.commands()).isEqualTo(told).singleElement().satisfies(command -> {
            assertThat(command.argv()).containsExactly("sacctmgr", "-i", "add", "account", "c1");
            assertThat(command.rc()).isZero();
            assertThat(command.out()).startsWith(" Adding Account(s)");
            assertThat(command.end()).isAfterOrEqualTo(command.start());
        });
    }

    @Test
    void aFailureHasNoEffectUnlessItComesAfterwards() throws Exception {
        simulator.inject(SlurmFault.fail(ADD, 1, "sacctmgr: error: slurmdbd is down"));
        assertThat(exec("sacctmgr", "-i", "add", "account", "c1")).isEqualTo(new Result(1, "", "sacctmgr: error: slurmdbd is down\n"));
        assertThat(accountNames()).containsExactly("root");
        simulator.inject(SlurmFault.failAfterwards(ADD, 1, "lost"));
        assertThat(exec("sacctmgr", "-i", "add", "account", "c1").rc()).isEqualTo(1);
        assertThat(accountNames()).containsExactly("c1", "root");
        assertThat(exec("sacctmgr", "-i", "add", "account", "c2").rc()).isZero();
    }

    @Test
    void aFaultCanRepeat() throws Exception {
        simulator.inject(SlurmFault.fail(ADD, 1, "").times(2));
        assertThat(exec("sacctmgr", "-i", "add", "account", "c1").rc()).isEqualTo(1);
        assertThat(exec("sacctmgr", "-nP", "show", "account").rc()).isZero();
        assertThat(exec("sacctmgr", "-i", "add", "account", "c1").rc()).isEqualTo(1);
        assertThat(exec("sacctmgr", "-i", "add", "account", "c1").rc()).isZero();
    }

    @Test
    void aProgramCanDieOfAKill() throws Exception {
        simulator.inject(SlurmFault.kill(ADD));
        assertThat(exec("sacctmgr", "-i", "add", "account", "c1")).isEqualTo(new Result(137, "", ""));
        assertThat(accountNames()).containsExactly("root");
        simulator.inject(SlurmFault.killAfterwards(ADD));
        assertThat(exec("sacctmgr", "-i", "add", "account", "c1")).isEqualTo(new Result(137, "", ""));
        assertThat(accountNames()).containsExactly("c1", "root");
    }

    @Test
    void anAnswerCanBeCutOrMixedWithWarnings() throws Exception {
        String[] show = {"sacctmgr", "-nP", "show", "tres", "format=type"};
        String whole = exec(show).out();
        simulator.inject(SlurmFault.cutLastLine(argv -> true));
        assertThat(exec(show)).isEqualTo(new Result(0, whole.substring(0, whole.length() - 3), ""));
        simulator.inject(SlurmFault.warn(argv -> true, "sacctmgr: warning: clock"));
        assertThat(exec(show).out()).isEqualTo(whole.replaceFirst("\n", "\nsacctmgr: warning: clock\n"));
    }

    @Test
    void aKilledProgramsCommandRunsToItsEnd() throws Exception {
        simulator.inject(SlurmFault.hang(ADD, Duration.ofMillis(500)));
        Process process = launch("sacctmgr", "-i", "add", "account", "c1");
        await(() -> simulator.running() == 1);
        process.destroyForcibly().waitFor();
        assertThat(accountNames()).containsExactly("root");
        await(() -> accountNames().equals(List.of("c1", "root")));
    }

    @Test
    void aHangingCommandDoesNotHoldTheOthers() throws Exception {
        simulator.inject(SlurmFault.hangAfterwards(ADD, Duration.ofSeconds(20)));
        Process process = launch("sacctmgr", "-i", "add", "account", "c1");
        await(() -> accountNames().contains("c1"));
        assertThat(exec("sacctmgr", "-nP", "show", "account", "c1").out()).isEqualTo("c1|c1|c1\n");
        assertThat(process.isAlive()).isTrue();
        process.destroyForcibly();
    }

    @Test
    void aCancelledJobStaysForAWhile() throws Exception {
        exec("sacctmgr", "-i", "add", "account", "c1");
        exec("sacctmgr", "-i", "add", "user", "amy", "account=c1");
        simulator.addLinuxUsers("amy");
        simulator.submit("c1", "amy", "RUNNING");
        simulator.cancelTime(Duration.ofMillis(500));
        String[] queue = {"squeue", "--noheader", "--format=%i|%a|%u|%T", "--account=c1"};
        assertThat(exec(queue).out()).isEqualTo("1|c1|amy|RUNNING\n");
        assertThat(exec("scancel", "--account=c1").rc()).isZero();
        assertThat(exec(queue).out()).isEqualTo("1|c1|amy|COMPLETING\n");
        await(() -> simulator.jobs().isEmpty());
        assertThat(exec("sacctmgr", "-i", "remove", "account", "where", "name=c1").rc()).isZero();
    }

    /** So Slurm 22.05 does; only sacctmgr and sacct know the name then. */
    @Test
    void somebodyWhomTheMachineDoesNotKnowAnyMoreIsNobodyInTheQueue() {
        simulator.run("sacctmgr", "-i", "add", "account", "c1");
        simulator.run("sacctmgr", "-i", "add", "user", "amy,bob", "account=c1");
        simulator.addLinuxUsers("amy", "bob");
        simulator.submit("c1", "amy", "RUNNING");
        simulator.submit("c1", "bob", "RUNNING");
        simulator.removeLinuxUsers("amy");
        assertThat(simulator.run("squeue", "--noheader", "--format=%i|%u").out()).isEqualTo("2|bob\n1|nobody\n");
        assertThat(simulator.run("squeue", "--noheader", "--format=%i|%u", "--user=amy").out()).isEmpty();
        assertThat(simulator.run("scancel", "--account=c1", "--user=amy").err()).isEqualTo("scancel: error: Invalid user name: amy\n");
        assertThat(simulator.run("sacctmgr", "-i", "remove", "user", "where", "name=amy", "account=c1").err()).contains("  JobID = 1 ", " U = amy ");
        assertThat(simulator.run("scancel", "1").rc()).isZero();
        assertThat(simulator.jobs()).extracting(SlurmJob::user).containsExactly("bob");
    }

    @Test
    void anAssociationShowsWhatIsSetOnItself() {
        simulator.addQos("low", "high");
        simulator.run("sacctmgr", "-i", "add", "account", "c1", "qos=low,high", "defaultqos=high");
        simulator.run("sacctmgr", "-i", "add", "user", "amy", "account=c1", "partition=gpu,cpu");
        simulator.run("sacctmgr", "-i", "modify", "user", "where", "name=amy", "account=c1", "partition=cpu", "set", "qos=low", "defaultqos=low");
        assertThat(simulator.associations()).filteredOn(row -> row.account().equals("c1"))
                .extracting(row -> row.user() + "|" + row.partition() + "|" + row.qos() + "|" + row.defaultQos())
                .containsExactly("||[high, low]|high", "amy|gpu|[]|", "amy|cpu|[low]|low");
    }

    @Test
    void homeDirectoriesAreMadeForLinuxUsers() throws Exception {
        simulator.addLinuxUsers("amy", "bob");
        assertThat(exec("getent", "passwd", "amy", "zoe"))
                .isEqualTo(new Result(2, "amy:x:10000:10000::" + simulator.homePath().resolve("amy") + ":/bin/bash\n", ""));
        assertThat(exec("mkhomedir_helper", "amy", "0077").rc()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(simulator.homePath().resolve("amy")))).isEqualTo("rwx------");
        assertThat(simulator.homePath().resolve("bob")).doesNotExist();
        assertThat(exec("mkhomedir_helper", "zoe", "0077").rc()).isEqualTo(10);
    }

    @Test
    void aCallerWithoutRightsMayNotWriteAndSeesLess() throws Exception {
        simulator.run("sacctmgr", "-i", "add", "account", "c1");
        simulator.run("sacctmgr", "-i", "add", "user", "amy,bob,wsa", "account=c1");
        String[] add = {"sacctmgr", "-i", "add", "account", "c2"};
        String[] show = {"sacctmgr", "-nP", "show", "association", "WOPInfo", "format=account,user"};
        simulator.caller("wsa", SlurmUser.AdminLevel.NONE);
        assertThat(simulator.run(add).err()).isEqualTo(" Problem adding accounts: Access/permission denied\n");
        assertThat(simulator.run("sacctmgr", "-i", "remove", "account", "c1").rc()).isEqualTo(1);
        assertThat(simulator.run("sacctmgr", "-i", "modify", "account", "c1", "set", "GrpTRESMins=cpu=1").err()).isEqualTo("""
                sacctmgr: error: Your user doesn't have privilege to perform this action
                 Error with request: Access/permission denied
                """);
        simulator.privateData(true);
        assertThat(simulator.run(show).out()).isEqualTo("c1|wsa\nroot|\nc1|\n");
        assertThat(simulator.run("sacctmgr", "-nP", "show", "user").out()).isEqualTo("wsa|c1|None\n");
        assertThat(simulator.run("sacctmgr", "-nP", "show", "account").rc()).isEqualTo(1);
        simulator.caller("wsa", SlurmUser.AdminLevel.OPERATOR);
        assertThat(simulator.run(add).rc()).isZero();
        assertThat(simulator.run(show).out()).contains("c1|amy\n");
        Files.writeString(folder.resolve("f.cfg"), "Cluster - 'lab'\n");
        assertThat(simulator.run("sacctmgr", "-i", "load", "file=f.cfg").err())
                .isEqualTo(" Your user does not have sufficient privileges to load files.\n");
    }

    @Test
    void theTreeIsShownForPeople() {
        simulator.run("sacctmgr", "-i", "add", "account", "c1", "description=Customer");
        simulator.run("sacctmgr", "-i", "add", "account", "a1", "parent=c1", "description=x", "GrpTRESMins=cpu=60,mem=1024",
                "GrpSubmitJobs=0");
        simulator.run("sacctmgr", "-i", "add", "user", "amy", "account=a1");
        assertThat(simulator.tree()).isEqualTo("""
                root
                  user root (default account)
                  c1  "customer"
                    a1  "x"  GrpTRESMins=cpu=60,mem=1G  GrpSubmitJobs=0
                      user amy (default account)
                """);
    }
}
