package org.waldur.siteagent.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The life of the .deb on a machine, in the order of the tests. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DebPackageIT {
    private static final Path FOLDER = Built.TARGET.resolve("installed-deb");
    private static final String MINE = "# mine\n";
    private static Debian debian;

    @BeforeAll
    static void machine() throws Exception {
        debian = Debian.at(FOLDER.resolve("root"), "dpkg-deb");
    }

    @AfterAll
    static void delete() throws Exception {
        Debian.run(120, "rm", "-rf", FOLDER.toString()).good();
    }

    private static void install(Path deb) throws Exception {
        Files.copy(deb, debian.path("/root/" + deb.getFileName()));
        debian.run("dpkg", "--install", "--force-confold", "/root/" + deb.getFileName()).good();
    }

    @Test
    @Order(1)
    void itNeedsNothingButAJava() throws Exception {
        assertThat(Debian.run(60, "dpkg-deb", "--field", Built.DEB.toString(), "Depends").good().strip())
                .isEqualTo("default-jre-headless (>= 2:1.17) | openjdk-17-jre-headless | java17-runtime-headless");
        assertThat(Debian.run(60, "dpkg-deb", "--field", Built.DEB.toString(), "Version").good().strip()).isEqualTo(Built.version());
        assertThat(Debian.run(60, "dpkg-deb", "--contents", Built.DEB.toString()).good().lines()).allMatch(line -> line.matches("[dl-][rwx-]{9} root/root .*"));
        assertThat(Debian.run(60, "dpkg-deb", "--info", Built.DEB.toString(), "conffiles").good().lines())
                .containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of("/etc/logrotate.d/waldur-site-agent", Built.CONFIG), routes()).toList());
    }

    private static Stream<String> routes() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.map(file -> Built.ROUTES + "/" + file.getFileName()).toList().stream();
        }
    }

    @Test
    @Order(2)
    void itInstalls() throws Exception {
        install(Built.DEB);
        assertThat(debian.run("getent", "passwd", "waldur-agent").good()).matches("waldur-agent:x:[1-9][0-9]{1,2}:\\d+:Waldur site agent:" + Built.STATE + ":/usr/sbin/nologin\n");
        debian.hasAllThatIsInstalled();
    }

    @Test
    @Order(3)
    void itStarts() throws Exception {
        assertThat(debian.as("waldur-agent", "waldur-site-agent", "--version").good()).isEqualTo("waldur-site-agent " + Built.version() + "\n");
        Debian.Ended check = debian.as("waldur-agent", "waldur-site-agent", "check");
        assertThat(check.code()).isEqualTo(78);
        assertThat(check.said()).contains(Built.CONFIG + ":", "the token has not been filled in yet").doesNotContain(Built.ROUTES);
        debian.as("waldur-agent", "waldur-site-agent", "demo").good();
    }

    @Test
    @Order(4)
    void javaTakesTheArchiveThatWasMadeHere() throws Exception {
        String said = debian.as("waldur-agent", "env", "AGENT_JAVA_OPTS=-Xshare:on -Xlog:class+load", "waldur-site-agent", "--version").good();
        assertThat(said.lines().filter(line -> line.contains("org.waldur.siteagent.cli.Main ")).toList()).singleElement().asString().contains("shared objects file (top)");
    }

    @Test
    @Order(5)
    void thePythonAgentsCommandsAreThere() throws Exception {
        assertThat(debian.as("waldur-agent", "waldur_site_agent", "--help").good()).startsWith("Usage: waldur-site-agent [");
        assertThat(debian.as("waldur-agent", "waldur_site_load_components", "--help").good()).startsWith("Usage: waldur-site-agent load-components ");
        assertThat(debian.as("waldur-agent", "waldur_site_create_homedirs", "--help").good()).startsWith("Usage: waldur-site-agent create-homedirs ");
    }

    @Test
    @Order(6)
    void theServiceOfTheUnitWorks() throws Exception {
        new ServiceInPlay(debian, "waldur-agent.service").carriesOutAnOrder();
    }

    @Test
    @Order(7)
    void theAuditFileIsRotated() throws Exception {
        debian.run("logrotate", "--force", "/etc/logrotate.d/waldur-site-agent").good();
        assertThat(debian.names(Built.STATE)).doesNotContain("audit.jsonl").anyMatch(name -> name.matches("audit[.]jsonl-\\d{8}[.]gz"));
    }

    /** A new version with another order-process and another slurm, of which the operator has changed one; and with a route file more. */
    @Test
    @Order(8)
    void anUpgradeKeepsWhatWasChanged() throws Exception {
        String config = Files.readString(debian.path(Built.CONFIG));
        Path changed = debian.path(Built.ROUTES + "/order-process.camel.yaml");
        Path unchanged = debian.path(Built.ROUTES + "/slurm.camel.yaml");
        String before = Files.readString(changed);
        Files.writeString(changed, before + MINE);
        install(newer());
        assertThat(Files.readString(changed)).isEqualTo(before + MINE);
        assertThat(Files.readString(debian.path(Built.ROUTES + "/order-process.camel.yaml.dpkg-dist"))).isEqualTo(before + "# new\n");
        assertThat(Files.readString(unchanged)).endsWith("# new\n");
        assertThat(Files.readString(debian.path(Built.CONFIG))).isEqualTo(config);
        assertThat(debian.rights(Built.CONFIG)).hasValue("640 root:waldur-agent");
        assertThat(debian.as("waldur-agent", "cat", Built.ROUTES + "/more.camel.yaml").good()).isNotEmpty();
        // what dpkg leaves beside a route file is none
        assertThat(debian.as("waldur-agent", "env", "CREDENTIALS_DIRECTORY=/run/credentials", "waldur-site-agent", "check").good())
                .contains(Built.CONFIG, ", and " + Built.ROUTES + "\n");
    }

    private static Path newer() throws Exception {
        Path folder = FOLDER.resolve("newer");
        Debian.run(120, "dpkg-deb", "--raw-extract", Built.DEB.toString(), folder.toString()).good();
        for (String name : List.of("order-process", "slurm")) {
            Path file = folder.resolve("etc/waldur/routes/" + name + ".camel.yaml");
            Files.writeString(file, Files.readString(file) + "# new\n");
        }
        Files.writeString(folder.resolve("etc/waldur/routes/more.camel.yaml"), """
                - route:
                    id: more
                    description: Of the next version.
                    from:
                      uri: direct:more
                      steps:
                        - log:
                            id: say-more
                            message: more
                """);
        Path control = folder.resolve("DEBIAN/control");
        Files.writeString(control, Files.readString(control).replaceFirst("(?m)^Version: .*$", "Version: 99.0"));
        Path conffiles = folder.resolve("DEBIAN/conffiles");
        Files.writeString(conffiles, Files.readString(conffiles).strip() + "\n" + Built.ROUTES + "/more.camel.yaml\n");
        Files.deleteIfExists(folder.resolve("DEBIAN/md5sums"));
        Path deb = FOLDER.resolve("newer.deb");
        Debian.run(120, "dpkg-deb", "-Znone", "--build", folder.toString(), deb.toString()).good();
        return deb;
    }

    @Test
    @Order(9)
    void removedItLeavesConfigAndState() throws Exception {
        debian.run("dpkg", "--remove", "waldur-site-agent").good();
        assertThat(debian.path(Built.HOME)).doesNotExist();
        assertThat(debian.names("/usr/bin")).doesNotContainAnyElementsOf(Built.COMMANDS);
        assertThat(Files.readString(debian.path(Built.ROUTES + "/order-process.camel.yaml"))).endsWith(MINE);
        assertThat(debian.path(Built.CONFIG)).exists();
        assertThat(debian.names(Built.STATE)).anyMatch(name -> name.startsWith("audit.jsonl"));
    }

    @Test
    @Order(10)
    void purgedItLeavesItsUserAndWhatIsNotItsOwn() throws Exception {
        Files.writeString(debian.path("/etc/waldur/notes"), "of somebody else");
        Files.writeString(debian.path("/etc/waldur/token"), "secret");
        debian.run("dpkg", "--purge", "waldur-site-agent").good();
        assertThat(debian.path(Built.STATE)).doesNotExist();
        assertThat(debian.names("/etc/waldur")).containsExactly("notes");
        assertThat(debian.path("/etc/logrotate.d/waldur-site-agent")).doesNotExist();
        debian.run("getent", "passwd", "waldur-agent").good();
    }

    /** The config of the Python agent has the same name. */
    @Test
    @Order(11)
    void theConfigOfAnotherAgentStays() throws Exception {
        Files.writeString(debian.path(Built.CONFIG), "offerings: []\n");
        debian.run("chmod", "0644", Built.CONFIG).good();
        debian.run("dpkg", "--install", "--force-confold", "/root/" + Built.DEB.getFileName()).good();
        assertThat(Files.readString(debian.path(Built.CONFIG))).isEqualTo("offerings: []\n");
        assertThat(debian.rights(Built.CONFIG)).hasValue("644 root:waldur-agent");
        assertThat(Files.readString(debian.path(Built.CONFIG + ".dpkg-dist"))).contains("waldur_api_token");
    }
}
