package org.waldur.siteagent.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The life of the .rpm on a machine, in the order of the tests. The machine is a Debian, so rpm knows nothing of its Java. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RpmPackageIT {
    private static final Path FOLDER = Built.TARGET.resolve("installed-rpm");
    private static final Path ROOT = FOLDER.resolve("root");
    private static final String MINE = "# mine\n";
    private static Debian debian;

    @BeforeAll
    static void machine() throws Exception {
        debian = Debian.at(ROOT, "rpm", "rpmbuild");
    }

    @AfterAll
    static void delete() throws Exception {
        Debian.run(120, "rm", "-rf", FOLDER.toString()).good();
    }

    private static String rpm(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "--", "sh", "-c", "mount -t proc proc \"$1/proc\" && shift && exec rpm \"$@\"", "sh",
                ROOT.toString(), "--root", ROOT.toString()));
        command.addAll(List.of(words));
        return Debian.run(240, command.toArray(String[]::new)).good();
    }

    @Test
    @Order(1)
    void itNeedsNothingButAJava() throws Exception {
        assertThat(Debian.run(60, "rpm", "-qp", "--requires", Built.RPM.toString()).good().lines().filter(line -> !line.startsWith("rpmlib(")).distinct())
                .containsExactlyInAnyOrder("java-headless >= 1:17", "/bin/sh", "/usr/sbin/useradd");
        assertThat(Debian.run(60, "rpm", "-qp", "--qf", "%{VERSION} %{ARCH} %{LICENSE} %{BUILDHOST}", Built.RPM.toString()).good())
                .isEqualTo(Built.version() + " noarch MIT localhost");
    }

    /** An earlier version with one route file only, which the operator has changed. */
    @Test
    @Order(2)
    void anUpgradeKeepsWhatWasChanged() throws Exception {
        rpm("--install", older().toString());
        Path changed = debian.path(Built.ROUTES + "/order-process.camel.yaml");
        Files.writeString(changed, "# old\n" + MINE);
        rpm("--upgrade", "--nodeps", Built.RPM.toString());
        assertThat(Files.readString(changed)).isEqualTo("# old\n" + MINE);
        assertThat(Files.readString(debian.path(Built.ROUTES + "/order-process.camel.yaml.rpmnew"))).isEqualTo(Files.readString(Path.of("routes/order-process.camel.yaml")));
        assertThat(Files.readString(debian.path(Built.ROUTES + "/slurm.camel.yaml"))).isEqualTo(Files.readString(Path.of("routes/slurm.camel.yaml")));
        Files.delete(changed);
        Files.move(debian.path(Built.ROUTES + "/order-process.camel.yaml.rpmnew"), changed);
    }

    private static Path older() throws Exception {
        Path top = FOLDER.resolve("rpmbuild");
        Path spec = Files.createDirectories(top).resolve("older.spec");
        Files.writeString(spec, """
                Name: waldur-site-agent
                Version: 0.0.1
                Release: 1
                Summary: an earlier version
                License: MIT
                BuildArch: noarch
                %description
                An earlier version.
                %install
                mkdir -p %{buildroot}/etc/waldur/routes
                echo '# old' >%{buildroot}/etc/waldur/routes/order-process.camel.yaml
                %files
                %config(noreplace) /etc/waldur/routes/order-process.camel.yaml
                """);
        Debian.run(120, "rpmbuild", "-bb", "--define", "_topdir " + top, "--define", "_rpmdir " + top, spec.toString()).good();
        return top.resolve("noarch/waldur-site-agent-0.0.1-1.noarch.rpm");
    }

    @Test
    @Order(3)
    void itIsInstalled() throws Exception {
        assertThat(debian.run("getent", "passwd", "waldur-agent").good()).contains(":" + Built.STATE + ":/sbin/nologin\n");
        debian.hasAllThatIsInstalled();
        assertThat(rpm("--verify", "--nodeps", "waldur-site-agent")).isEmpty();
    }

    @Test
    @Order(4)
    void itStarts() throws Exception {
        assertThat(debian.as("waldur-agent", "waldur-site-agent", "--version").good()).isEqualTo("waldur-site-agent " + Built.version() + "\n");
        debian.as("waldur-agent", "waldur-site-agent", "demo").good();
        assertThat(debian.path(Built.HOME + "/lib/waldur-site-agent.jsa")).exists();
    }

    @Test
    @Order(5)
    void theServiceOfTheUnitWorks() throws Exception {
        new ServiceInPlay(debian, "waldur-agent-order-process.service").carriesOutAnOrder();
    }

    @Test
    @Order(6)
    void removedItLeavesStateAndWhatWasChanged() throws Exception {
        Path changed = debian.path(Built.ROUTES + "/order-process.camel.yaml");
        Files.writeString(changed, MINE);
        rpm("--erase", "waldur-site-agent");
        assertThat(debian.path(Built.HOME)).doesNotExist();
        assertThat(debian.names("/usr/bin")).doesNotContainAnyElementsOf(Built.COMMANDS);
        assertThat(debian.names(Built.ROUTES)).containsExactly("order-process.camel.yaml.rpmsave");
        assertThat(Files.readString(debian.path(Built.ROUTES + "/order-process.camel.yaml.rpmsave"))).isEqualTo(MINE);
        assertThat(debian.path(Built.CONFIG + ".rpmsave")).exists();
        assertThat(debian.names(Built.STATE)).contains("audit.jsonl");
    }

    /** The config of the Python agent has the same name. */
    @Test
    @Order(7)
    void theConfigOfAnotherAgentStays() throws Exception {
        Files.writeString(debian.path(Built.CONFIG), "offerings: []\n");
        rpm("--install", "--nodeps", Built.RPM.toString());
        assertThat(Files.readString(debian.path(Built.CONFIG))).isEqualTo("offerings: []\n");
        assertThat(Files.readString(debian.path(Built.CONFIG + ".rpmnew"))).contains("waldur_api_token");
    }
}
