package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.cli.Site.Running;
import org.waldur.siteagent.cli.SiteTest;
import org.waldur.siteagent.simulator.SlurmFault;

/** Home directories of new members: by ourselves, by root's unit, or by nobody; and those that could not be made at first. */
class HomedirsTest extends SiteTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("homes");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Level before;

    @BeforeEach
    void listen() {
        site.backend("enable_user_homedir_account_creation", "true").property("agent.root", "false");
        before = logger.getLevel();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void silence() {
        logger.detachAppender(log);
        logger.setLevel(before);
        logger.setAdditive(true);
    }

    private List<String> said(Level level) {
        return log.list.stream().filter(event -> event.getLevel().equals(level)).map(ILoggingEvent::getFormattedMessage).toList();
    }

    private void enableUnit() throws IOException {
        Files.writeString(site.homedirUnit(), "");
    }

    private Path handedOver() {
        return site.stateDir().resolve("homedirs");
    }

    /** Names and contents of all that is in the folder that the unit watches, hidden files as well. */
    private Map<String, String> requests() throws IOException {
        Map<String, String> requests = new TreeMap<>();
        if (Files.isDirectory(handedOver())) {
            try (var files = Files.newDirectoryStream(handedOver())) {
                for (Path file : files) {
                    requests.put(file.getFileName().toString(), Files.readString(file));
                }
            }
        }
        return requests;
    }

    private long ran(String program) {
        return site.slurm.commands().stream().filter(c -> c.argv().get(0).equals(program)).count();
    }

    private Path home(String user) {
        return site.slurm.homePath().resolve(user);
    }

    private void cannotMake(String user) {
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("mkhomedir_helper") && argv.contains(user), 1, "no space left"));
    }

    /** An allocation of a team that has only erin in it. */
    private void createForErin(String name) {
        if (site.slurm.users().stream().noneMatch(user -> user.name().equals("erin"))) {
            site.slurm.addLinuxUsers("erin");
            site.waldur.join(site.offering, "proj-2", "erin");
        }
        site.waldur.create(site.offering, name, "proj-2", "cust-1", Map.of("cpu", 10));
    }

    @Test
    void whereTheUnitIsEnabledItIsAskedForWhatIsMissing() throws IOException {
        enableUnit();
        Files.createDirectories(home("carol"));
        site.backend("default_homedir_umask", "\"0027\"");
        create("One");
        assertThat(site.cycle()).isZero();
        assertThat(requests()).isEqualTo(Map.of("alice", "0027", "bob", "0027", "dave", "0027"));
        assertThat(ran("mkhomedir_helper")).isZero();
        assertThat(ran("getent")).isEqualTo(1);
        assertThat(site.deadLetters()).isEmpty();
        assertThat(said(Level.WARN)).isEmpty();
    }

    /** The agent, root's script, and the agent again. */
    @Test
    void whatIsHandedOverIsWhatTheScriptOfRootMakes() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can run what is root's");
        enableUnit();
        site.backend("default_homedir_umask", "\"0027\"");
        create("One");
        assertThat(site.cycle()).isZero();
        assertThat(requests()).hasSize(4);
        for (Path above : List.of(folder, site.stateDir())) {
            Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertThat(new ProcessBuilder("chown", "-R", "nobody", handedOver().toString()).start().waitFor()).isZero();
        Process script = new ProcessBuilder("src/main/libexec/make-homedirs", "nobody", handedOver().toString(), site.slurm.binPath().resolve("getent").toString(),
                site.slurm.binPath().resolve("mkhomedir_helper").toString()).inheritIO().start();
        assertThat(script.waitFor()).isZero();
        assertThat(requests()).isEmpty();
        assertThat(List.of("alice", "bob", "carol", "dave"))
                .allSatisfy(user -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home(user)))).isEqualTo("rwxr-x---"));
        create("Two");
        assertThat(site.cycle()).isZero();
        assertThat(requests()).isEmpty();
    }

    @Test
    void itIsAskedAgainForAHomeThatIsStillMissing() throws IOException {
        enableUnit();
        create("One");
        assertThat(site.cycle()).isZero();
        Files.createDirectories(home("alice"));
        for (String user : requests().keySet()) {
            Files.delete(handedOver().resolve(user));
        }
        create("Two");
        assertThat(site.cycle()).isZero();
        assertThat(requests()).containsOnlyKeys("bob", "carol", "dave");
        create("Three");
        assertThat(site.cycle()).isZero();
        assertThat(said(Level.WARN)).as("it may take a moment").isEmpty();

        Instant before = Instant.now().minus(Duration.ofMinutes(11)).truncatedTo(ChronoUnit.SECONDS);
        Files.setLastModifiedTime(handedOver().resolve("bob"), FileTime.from(before));
        Files.setLastModifiedTime(handedOver().resolve("dave"), FileTime.from(before));
        create("Four");
        assertThat(site.cycle()).isZero();
        assertThat(requests()).containsOnlyKeys("bob", "carol", "dave");
        assertThat(said(Level.WARN)).singleElement().asString().contains(handedOver() + "/bob stands there since " + before, "Does waldur-agent-homedirs.path run");
        site.backend("default_homedir_umask", "\"0022\"");
        create("Five");
        assertThat(site.cycle()).isZero();
        assertThat(requests()).isEqualTo(Map.of("bob", "0022", "carol", "0022", "dave", "0022"));
    }

    @Test
    void anUmaskThatTheUnitRefusesIsAFailureOfOurs() throws IOException {
        enableUnit();
        site.backend("default_homedir_umask", "\"0002\"");
        create("One");
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(requests()).isEmpty();
        assertThat(site.deadLetters()).hasSize(4).anySatisfy(letter -> assertThat(letter).contains("home of bob", "default_homedir_umask 0002 lets others write"));
        assertThat(site.associations()).contains("hpc_one|bob|");
    }

    @Test
    void whereNobodyMakesThemNothingIsDoneAndThatIsSaidOnce() throws IOException {
        create("One");
        try (Running agent = site.byHand()) {
            agent.cycle("order-process");
            create("Two");
            agent.cycle("order-process");
        }
        assertThat(site.associations()).contains("hpc_one|bob|", "hpc_two|bob|");
        assertThat(requests()).isEmpty();
        assertThat(ran("getent") + ran("mkhomedir_helper")).isZero();
        assertThat(site.deadLetters()).isEmpty();
        assertThat(said(Level.WARN)).singleElement().asString().contains("waldur-agent-homedirs.path is not enabled");
    }

    @Test
    void whoseHomeCouldNotBeMadeIsLookedAfterAgainWithOthers() {
        site.property("agent.root", "true");
        create("One");
        cannotMake("bob");
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(home("bob")).doesNotExist();
        createForErin("Two");
        assertThat(site.cycle()).isZero();
        assertThat(home("bob")).isDirectory();
        assertThat(home("erin")).isDirectory();
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void theLetterOfAHomeThatSomebodyElseMadeIsSettled() throws IOException {
        site.property("agent.root", "true");
        create("One");
        cannotMake("bob");
        assertThat(site.cycle()).isEqualTo(1);
        Files.createDirectories(home("bob"));
        createForErin("Two");
        assertThat(site.cycle()).isZero();
        assertThat(site.deadLetters()).isEmpty();
        assertThat(ran("mkhomedir_helper")).isEqualTo(5);
    }

    @Test
    void aLetterStaysUntilTheHomeThatTheUnitWasAskedForIsThere() throws IOException {
        site.property("agent.root", "true");
        create("One");
        cannotMake("bob");
        assertThat(site.cycle()).isEqualTo(1);
        enableUnit();
        site.property("agent.root", "false");
        createForErin("Two");
        assertThat(site.cycle()).isZero();
        assertThat(requests()).containsOnlyKeys("bob", "erin");
        assertThat(site.deadLetters()).singleElement().asString().contains("home of bob");
        Files.createDirectories(home("bob"));
        createForErin("Three");
        assertThat(site.cycle()).isZero();
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void theServiceDoesNotTryAHomeAgainAtOnce() {
        site.property("agent.root", "true");
        create("One");
        cannotMake("bob");
        assertThat(site.cycleOfService()).isEqualTo(1);
        createForErin("Two");
        assertThat(site.cycleOfService()).isZero();
        assertThat(home("erin")).isDirectory();
        assertThat(home("bob")).doesNotExist();
        assertThat(site.deadLetters()).singleElement().asString().contains("home of bob", "\"count\" : 1");
    }

    /** An old Waldur says nothing about states. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'{\"username\": \"Alice\"}'                                              | alice",
        "'{\"username\": \"alice\", \"state\": null, \"is_restricted\": null}'    | alice",
        "'{\"username\": \"alice\", \"state\": \"OK\", \"is_restricted\": false}' | alice",
        "'{\"username\": \"alice\", \"state\": \"OK\", \"is_restricted\": true}'  | ",
        "'{\"username\": \"alice\", \"state\": \"Creating\"}'                     | ",
        "'{\"username\": \"\"}'                                                   | ",
        "'{\"username\": null}'                                                   | ",
        "'{\"username\": \"../alice\"}'                                           | ",
        "'{\"username\": \"-alice\"}'                                             | "})
    void whoMayHaveAHome(String row, String user) throws IOException {
        Homes homes = new Homes(null, plan -> { });
        assertThat(homes.users(List.of(new ObjectMapper().readTree(row)))).isEqualTo(user == null ? List.of() : List.of(user));
    }

    @Test
    void aNameOfDigitsIsNobodysUid() {
        assertThat(Passwd.of(List.of("alice:x:1000:1000::/home/alice:/bin/sh\n"), List.of("1000")).names()).isEmpty();
        assertThat(Passwd.of(Arrays.asList("a:x:1:1::/h/a:/bin/sh\nb:x:2:2:A:B:/h/b\nshort:x\n", "", "c:x:3:3:G::\n"), List.of("a", "b", "c", "short")).names())
                .containsExactly("a", "b", "c");
    }
}
