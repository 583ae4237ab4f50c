package org.waldur.siteagent.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.exec.CommandOutput;

class ClusterReaderTest {
    private static final String ASSOCIATIONS = """
            Cluster|Account|User|Partition|GrpTRESMins|GrpSubmit|QOS|Def QOS|LFT|RGT
            lab|hpc_a|alice|||||
            lab|root|root||||||10|11
            lab|root|||||normal||1|12
            lab|hpc_cust|||||||2|9
            lab|HPC_Proj|||||||3|8
            lab|hpc_a|||cpu=600,mem=600G|0|Gpu,normal|gpu|4|7
            """.replace("lab|hpc_a|alice|||||", "lab|hpc_a|Alice||cpu=60||||5|6");
    private static final String ACCOUNTS = """
            Account|Org|Descr
            root|root|default root account
            hpc_cust|hpc_cust|customer
            hpc_proj|hpc_proj|project | with a bar
            and a newline
            hpc_a|hpc_proj|sample waldur:0123456789abcdef0123456789abcdef
            """;
    private static final String DEFAULTS = """
            Cluster|Account|User
            lab|hpc_a|Alice
            other|hpc_b|bob
            """;
    private static final String RIGHTS = """
            User|Admin
            alice|None
            agent|Operator
            """;
    private static final Caller AGENT = new Caller("agent", "operator", "-");

    private static Cluster read(String associations) {
        return read(associations, ACCOUNTS, DEFAULTS, "", AGENT);
    }

    private static Cluster read(String associations, String accounts, String defaults, String cluster, Caller caller) {
        return ClusterReader.read(CommandOutput.of(associations), CommandOutput.of(accounts), CommandOutput.of(defaults), Set.of("cpu", "gres/gpu"),
                cluster, caller);
    }

    @Test
    void theTreeComesFromTheNestedSet() {
        Cluster cluster = read(ASSOCIATIONS);
        assertThat(cluster.name()).isEqualTo("lab");
        assertThat(cluster.parent("hpc_a")).isEqualTo("hpc_proj");
        assertThat(cluster.parent("HPC_PROJ")).isEqualTo("hpc_cust");
        assertThat(cluster.children("hpc_cust")).containsExactly("hpc_proj");
        assertThat(cluster.users("hpc_a")).containsExactly("alice");
        assertThat(cluster.account("hpc_a").orElseThrow().grpTresMins()).containsEntry("mem", 614400L);
        assertThat(cluster.account("hpc_a").orElseThrow().grpSubmitJobs()).hasValue(0);
        assertThat(cluster.account("hpc_a").orElseThrow().qos()).containsExactly("gpu", "normal");
        assertThat(cluster.account("hpc_a").orElseThrow().defaultQos()).isEqualTo("gpu");
        assertThat(cluster.account("hpc_proj").orElseThrow().qos()).isEmpty();
        assertThat(cluster.userLimits("HPC_a", "alice")).containsOnly(Map.entry("cpu", 60L));
        assertThat(cluster.userLimits("hpc_a", "bob")).isEmpty();
        assertThat(cluster.marker("hpc_a")).contains("0123456789abcdef0123456789abcdef");
        assertThat(cluster.knows("gres/gpu")).isTrue();
        assertThat(cluster.defaultAccount("Alice")).contains("hpc_a");
        assertThat(cluster.defaultAccount("agent")).isEmpty();
        assertThat(cluster.defaultAccount("bob")).as("he has it on another cluster").isEmpty();
        assertThat(cluster.accountsOf("ALICE")).containsExactly("hpc_a");
        assertThat(cluster.marked("0123456789abcdef0123456789abcdef")).containsExactly("hpc_a");
    }

    @Test
    void newerSlurmNamesTheParents() {
        Cluster cluster = read("""
                Cluster|Account|User|Partition|ParentName|GrpTRESMins|GrpSubmit|QOS|Def QOS
                lab|root|||||||
                lab|hpc_cust|||root||||
                """);
        assertThat(cluster.parent("hpc_cust")).isEqualTo("root");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Cluster|Account|User|Partition|GrpTRESMins|GrpSubmit|QOS|Def QOS|LFT|RGT\n", "sacctmgr: warning\n"})
    void anAnswerWithoutRootIsUnknown(String output) {
        assertThatThrownBy(() -> read(output)).isInstanceOf(ClusterUnknown.class);
    }

    /**
     * A cut within a line is seen in every answer. After a full line it is seen only where something is missing that is known to be there:
     * the header, root, or what other rows refer to. The rest is what exit codes are for.
     */
    @Test
    void everyCutWithinALineIsUnknownAndACutAfterALineWhereSomethingKnownIsMissing() {
        for (int cut = 0; cut < ASSOCIATIONS.length(); cut++) {
            String part = ASSOCIATIONS.substring(0, cut);
            boolean seen = !part.endsWith("\n") || !part.contains("lab|root||") || !part.contains("hpc_a|||");
            assertThat(isUnknown(() -> read(part))).as(part).isEqualTo(seen);
        }
        for (int cut = 0; cut < ACCOUNTS.length(); cut++) {
            String part = ACCOUNTS.substring(0, cut);
            assertThat(isUnknown(() -> read(ASSOCIATIONS, part, DEFAULTS, "", AGENT))).as(part).isEqualTo(!part.endsWith("\n") || !part.contains("root|root"));
        }
        for (int cut = 0; cut < DEFAULTS.length(); cut++) {
            String part = DEFAULTS.substring(0, cut);
            assertThat(isUnknown(() -> read(ASSOCIATIONS, ACCOUNTS, part, "", AGENT))).as(part).isEqualTo(!part.endsWith("\n") || part.lines().count() == 1);
        }
        String tres = "Type|Name\ncpu|\nmem|\ngres|gpu\n";
        for (int cut = 0; cut < tres.length(); cut++) {
            String part = tres.substring(0, cut);
            assertThat(isUnknown(() -> ClusterReader.tres(CommandOutput.of(part)))).as(part).isEqualTo(!part.endsWith("\n") || !part.contains("cpu"));
        }
        for (int cut = 0; cut < RIGHTS.length(); cut++) {
            String part = RIGHTS.substring(0, cut);
            boolean refused = isUnknown(() -> read(ASSOCIATIONS, ACCOUNTS, DEFAULTS, "", Caller.of("agent", CommandOutput.of(part), "-")));
            assertThat(refused).as(part).isTrue();
        }
    }

    private static boolean isUnknown(Runnable reading) {
        try {
            reading.run();
            return false;
        } catch (ClusterUnknown e) {
            return true;
        }
    }

    @Test
    void aLineThatIsNoRowIsUnknown() {
        assertThatThrownBy(() -> read(ASSOCIATIONS.replace("lab|root|root", "slurm_load: warning\nlab|root|root")))
                .isInstanceOf(ClusterUnknown.class).hasMessageContaining("slurm_load");
    }

    @Test
    void aBrokenTreeIsUnknown() {
        assertThatThrownBy(() -> read(ASSOCIATIONS.replace("|3|8", "|3|10"))).isInstanceOf(ClusterUnknown.class).hasMessageContaining("tree");
    }

    @Test
    void whoMayNotSeeAllSeesNothing() {
        assertThatThrownBy(() -> read(ASSOCIATIONS, ACCOUNTS, DEFAULTS, "", caller("alice", "-")))
                .isInstanceOf(ClusterUnknown.class).hasMessageContaining("adminlevel=Operator");
        assertThat(read(ASSOCIATIONS, ACCOUNTS, DEFAULTS, "", caller("root", "-")).exists("hpc_a")).isTrue();
        assertThat(read(ASSOCIATIONS, ACCOUNTS, DEFAULTS, "", caller("alice", "alice")).loadable()).isFalse();
    }

    private static Caller caller(String name, String slurmUser) {
        return Caller.of(name, CommandOutput.of(RIGHTS), slurmUser);
    }

    @Test
    void slurmUserIsAskedForOnlyByThoseWhoHaveNoOtherRight() {
        CommandOutput rights = CommandOutput.of(RIGHTS);
        assertThat(new Slurm("agent", Path.of("/nowhere")).unprivileged(rights)).isFalse();
        assertThat(new Slurm("root", Path.of("/nowhere")).unprivileged(rights)).isFalse();
        assertThat(new Slurm("slurm", Path.of("/nowhere")).unprivileged(rights)).isTrue();
        assertThat(new Slurm("slurm", Path.of("/nowhere")).slurmUser("SlurmUserId            = other(1)\nSlurmUser              = slurm(64030)\n"))
                .isEqualTo("slurm");
        assertThat(new Slurm("slurm", Path.of("/nowhere")).slurmUser("sacctmgr: error: nothing of the kind")).isEqualTo("-");
    }

    @Test
    void aForgedRowTakesTheMarkerAway() {
        String forged = ACCOUNTS + "evil|evil|x\nhpc_cust|y|z waldur:ffffffffffffffffffffffffffffffff\n";
        assertThat(read(ASSOCIATIONS, forged, DEFAULTS, "", AGENT).marker("hpc_cust")).isEmpty();
    }

    @Test
    void severalClustersNeedAName() {
        String two = ASSOCIATIONS + "other|root|||||||1|2\n";
        assertThatThrownBy(() -> read(two)).isInstanceOf(ClusterUnknown.class).hasMessageContaining("cluster_name");
        assertThat(read(two, ACCOUNTS, DEFAULTS, "lab", AGENT).accounts()).contains("hpc_a");
    }
}
