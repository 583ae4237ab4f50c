package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The edits of examples/edits that give usernames, each applied to the shipped routes; each makes another world. */
class UsernameEditsTest extends NamesSite {

    @BeforeEach
    void join() {
        site.waldur.joinRequested(site.offering, "proj-1", "Erin");
        site.waldur.joinRequested(site.offering, "proj-1", "Frank");
        site.slurm.addLinuxUsers("erin");
    }

    private String waldurName(String person) {
        return (String) site.waldur.offeringUser(person).get("user_username");
    }

    @Test
    void aScriptGivesNames() throws Exception {
        copy.edit("17");
        Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\ncase $1,$2 in " + waldurName("Erin") + ",email=*) echo erin;; *) echo -;; esac\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        site.property("site.username_script", script.toString());
        assertThat(sync()).isZero();
        assertThat(state("Erin", true)).isEqualTo("OK erin");
        assertThat(state("Frank", true)).isEqualTo("Requested ");
        assertThat(users("hpc_one")).contains("erin", "alice");
    }

    @Test
    void aTableGivesNames() throws Exception {
        copy.edit("18");
        Path table = Files.writeString(folder.resolve("table"), "# in Waldur, here\n" + waldurName("Erin") + ", erin\n");
        site.property("site.username_table", table.toString());
        assertThat(sync()).isZero();
        assertThat(state("Erin", true)).isEqualTo("OK erin");
        assertThat(state("Frank", true)).isEqualTo("Requested ");
        assertThat(users("hpc_one")).contains("erin", "alice");
    }

    @Test
    void aTableThatIsNotThereChangesNothing() throws Exception {
        copy.edit("18");
        site.property("site.username_table", folder.resolve("none").toString());
        assertThat(sync()).isEqualTo(1);
        assertThat(written()).isEmpty();
        assertThat(site.deadLetters()).hasSize(2);
    }

    @Test
    void waldurGivesNames() throws Exception {
        copy.edit("19");
        site.waldur.changeOfferingUser("", "user_username", "ERIN");
        assertThat(sync()).as("both are called so").isEqualTo(1);
        assertThat(List.of(state("Erin", true), state("Frank", true))).containsExactlyInAnyOrder("OK erin", "Error creating ");
    }
}
