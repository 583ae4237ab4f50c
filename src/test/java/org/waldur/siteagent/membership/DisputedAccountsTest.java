package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.cli.SiteTest;
import org.waldur.siteagent.simulator.WaldurFault;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** {@code import} where accounts are called after the project: a name alone does not say whose they are, and the description may. */
class DisputedAccountsTest extends SiteTest {
    private String one;
    private String two;

    @Override
    protected Site open(Path in) throws IOException {
        Site opened = new Site(in, WaldurSimulator.start(), "project_slug");
        opened.backend("allocation_prefix", "a_");
        one = resource(opened, "One");
        two = resource(opened, "Two");
        opened.slurm.run("sacctmgr", "-i", "add", "account", "name=hpc_proj-1", "parent=root", "description=p", "organization=hpc");
        return opened;
    }

    private static String resource(Site site, String name) {
        return (String) site.waldur.resource(site.waldur.create(site.offering, name, "proj-1", "cust-1", Map.of("cpu", 1))).get("uuid");
    }

    private void account(String name, String description) {
        site.slurm.run("sacctmgr", "-i", "add", "account", "name=" + name, "parent=hpc_proj-1", "description=" + description, "organization=hpc");
    }

    @Test
    void eachHasTheOneThatIsDescribedByItsName() {
        account("a_proj-1", "One");
        account("a_proj-1-0", "Two");
        Site.Said said = site.command("import");
        assertThat(said.code()).as(said.out() + said.err()).isEqualTo(2);
        assertThat(said.out()).contains("mark account a_proj-1 as that of resource " + one, "mark account a_proj-1-0 as that of resource " + two, "order_process goes on with it")
                .doesNotContain("= ");
    }

    @Test
    void severalThatSayNothingAreHeldAndNotCalledUnmatched() {
        account("a_proj-1", "x");
        account("a_proj-1-0", "y");
        account("a_proj-1-old", "z");
        Site.Said said = site.command("import");
        assertThat(said.code()).as(said.out()).isEqualTo(3);
        assertThat(said.out()).contains("= give resource " + one + " no account", "= give resource " + two + " no account", "by their names: a_proj-1, a_proj-1-0. If you know which",
                "set description=\"TEXT waldur:" + one + "\"", "= leave account a_proj-1-old, which matches no resource").doesNotContain("leave account a_proj-1,", "leave account a_proj-1-0,");
    }

    @Test
    void oneThatTwoMayHaveIsOfNeitherUnlessItTells() {
        account("a_proj-1", "x");
        Site.Said said = site.command("import");
        assertThat(said.code()).as(said.out()).isEqualTo(3);
        assertThat(said.out()).contains("by its name the account may be that of " + two + ", too", "by its name the account may be that of " + one + ", too");
        site.slurm.run("sacctmgr", "-i", "modify", "account", "where", "name=a_proj-1", "set", "description=One");
        assertThat(site.command("import").out()).contains("mark account a_proj-1 as that of resource " + one, "= give resource " + two + " no account, not even a_proj-1");
    }

    @Test
    void anotherOfferingOnTheClusterMayMeanTheSameAccount(@TempDir Path beside) throws IOException {
        account("a_proj-1", "x");
        try (Site other = another(beside)) {
            String theirs = resource(other, "Three");
            site.beside(other, "other");
            Site.Said disputed = site.command("import");
            assertThat(disputed.code()).as(disputed.out() + disputed.err()).isEqualTo(3);
            assertThat(disputed.out()).contains("import for offering other", "= give resource " + theirs + " no account, not even a_proj-1").containsPattern("may be that of .*" + theirs);
            site.slurm.run("sacctmgr", "-i", "modify", "account", "where", "name=a_proj-1", "set", "description=Three waldur:" + theirs);
            assertThat(site.command("import").out()).contains("tell Waldur account a_proj-1 as backend_id of resource " + theirs).doesNotContain("resource " + one, "leave account a_proj-1");
            other.waldur.inject(WaldurFault.answer(request -> request.path().contains("provider-resources"), 403, "{}").times(99));
            Site.Said unread = site.command("import");
            assertThat(unread.code()).as("what one offering claims is not known").isEqualTo(1);
            assertThat(unread.out()).doesNotContain("Plan ");
        }
    }

    @Test
    void aDescriptionThatAnotherClusterSharesIsNotTakenFromItsAccount(@TempDir Path beside) throws IOException {
        account("a_proj-1", "One");
        try (Site other = another(beside)) {
            String theirs = resource(other, "Three");
            other.backend("cluster_name", "elsewhere");
            site.backend("cluster_name", "lab");
            site.beside(other, "other");
            assertThat(site.command("import").out()).contains("+ mark account a_proj-1 as that of resource " + one);
            other.customer("marketplace-provider-resources/" + theirs + "/set_backend_id/", "{\"backend_id\": \"a_proj-1\"}");
            assertThat(site.command("import").out()).contains("= give resource " + one + " no account, not even a_proj-1", theirs + " has an account of that name on another cluster")
                    .doesNotContain("+ mark account");
        }
    }

    /** Another Waldur, whose offering is on the same slurmdbd. */
    private Site another(Path beside) throws IOException {
        WaldurSimulator waldur = WaldurSimulator.start();
        // uuids are numbered, and both have to be other ones
        for (int i = 0; i < 50; i++) {
            waldur.addOffering("unused" + i, "");
        }
        Site other = new Site(beside, waldur, "project_slug");
        return other.backend("allocation_prefix", "a_").backend("slurm_bin_path", site.slurm.binPath().toString());
    }
}
