package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Site;

/** On a real Slurm: of an account that is imported only the description changes, and membership_sync takes it over. */
class RealSlurmImportTest extends RealMembershipSite {
    @Test
    void onlyTheDescriptionOfTheAccountChanges() {
        join("team-1", "games", "irc");
        String order = allocations("team-1", "One").get(0);
        String uuid = (String) site.waldur.resource(order).get("uuid");
        lab.sacctmgr("modify", "account", "where", "name=hpc_one", "set", "description=Größe One");
        lab.sacctmgr("add", "user", "lp", "account=hpc_one", "fairshare=7");
        lab.sacctmgr("add", "account", "hpc_one-0", "description=theirs", "organization=theirs");
        site.customer("marketplace-provider-resources/" + uuid + "/set_backend_id/", "{\"backend_id\": \"\"}");
        SortedSet<String> before = dump();

        Site.Said plan = site.command("import");
        assertThat(plan.code()).as(plan.out() + plan.err()).isEqualTo(2);
        assertThat(plan.out()).contains("users in it: games, irc, lp", "membership_sync would then remove lp from account hpc_one", "= leave account hpc_one-0");
        assertThat(dump()).isEqualTo(before);
        Matcher checksum = Pattern.compile("--checksum ([0-9a-f]{12})").matcher(plan.out());
        assertThat(checksum.find()).isTrue();
        assertThat(site.command("import", "--apply", "--checksum", checksum.group(1)).code()).as(site.deadLetters().toString()).isZero();

        assertThat(differences(before, dump())).hasSize(2).anyMatch(line -> line.startsWith("- account hpc_one|") && line.endsWith("|größe one"))
                .anyMatch(line -> line.startsWith("+ account hpc_one|") && line.contains("größe one waldur:" + uuid));
        assertThat(site.waldur.resource(order)).containsEntry("backend_id", "hpc_one");
        sync();
        assertThat(users("hpc_one")).containsExactly("games", "irc");
    }
}
