package org.waldur.siteagent.slurm;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterReaderTest {
    private static final String ASSOCIATIONS = """
            Cluster|Account|User|Partition|GrpTRESMins|GrpSubmit|LFT|RGT
            lab|hpc_a|alice|||||
            lab|root|root||||10|11
            lab|root|||||1|12
            lab|hpc_cust|||||2|9
            lab|HPC_Proj|||||3|8
            lab|hpc_a|||cpu=600,mem=600G|0|4|7
            """.replace("lab|hpc_a|alice|||||", "lab|hpc_a|Alice||||5|6");
    private static final String ACCOUNTS = """
            Account|Org|Descr
            root|root|default root account
            hpc_cust|hpc_cust|customer
            hpc_proj|hpc_proj|project | with a bar
            and a newline
            hpc_a|hpc_proj|sample waldur:0123456789abcdef0123456789abcdef
            """;
    private static final String USERS = """
            User|Def Acct|Admin
            alice|hpc_a|None
            agent||Operator
            root|root|Administrator
            """;
    private static final String TRES = """
            Type|Name
            cpu|
            gres|gpu
            """;

    private static Cluster read(String associations) {
        return ClusterReader.read(associations, ACCOUNTS, USERS, TRES, "", new Caller("agent", "-"));
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
        assertThat(cluster.marker("hpc_a")).contains("0123456789abcdef0123456789abcdef");
        assertThat(cluster.knows("gres/gpu")).isTrue();
        assertThat(cluster.defaultAccount("Alice")).contains("hpc_a");
        assertThat(cluster.defaultAccount("agent")).isEmpty();
    }

    @Test
    void newerSlurmNamesTheParents() {
        Cluster cluster = read("""
                Cluster|Account|User|Partition|ParentName|GrpTRESMins|GrpSubmit
                lab|root|||||
                lab|hpc_cust|||root||
                """);
        assertThat(cluster.parent("hpc_cust")).isEqualTo("root");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Cluster|Account|User|Partition|GrpTRESMins|GrpSubmit|LFT|RGT\n", "sacctmgr: warning\n"})
    void anAnswerWithoutRootIsUnknown(String output) {
        assertThatThrownBy(() -> read(output)).isInstanceOf(ClusterUnknown.class);
    }

    @Test
    void everyCutOfTheDumpIsUnknown() {
        int whole = ASSOCIATIONS.length();
        for (int cut = 1; cut < whole; cut++) {
            String part = ASSOCIATIONS.substring(0, whole - cut);
            boolean atALineEnd = part.endsWith("\n");
            if (!atALineEnd) {
                assertThatThrownBy(() -> read(part)).as(part).isInstanceOf(ClusterUnknown.class);
            }
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
        assertThatThrownBy(() -> ClusterReader.read(ASSOCIATIONS, ACCOUNTS, USERS, TRES, "", new Caller("alice", "-")))
                .isInstanceOf(ClusterUnknown.class).hasMessageContaining("adminlevel=Operator");
        assertThat(ClusterReader.read(ASSOCIATIONS, ACCOUNTS, USERS, TRES, "", new Caller("root", "-")).exists("hpc_a")).isTrue();
        assertThat(ClusterReader.read(ASSOCIATIONS, ACCOUNTS, USERS, TRES, "", new Caller("alice", "alice")).loadable()).isFalse();
    }

    @Test
    void slurmUserIsAskedForOnlyByThoseWhoHaveNoOtherRight() {
        assertThat(new Slurm("agent", Path.of("/nowhere")).unprivileged(USERS)).isFalse();
        assertThat(new Slurm("root", Path.of("/nowhere")).unprivileged(USERS)).isFalse();
        assertThat(new Slurm("slurm", Path.of("/nowhere")).unprivileged(USERS)).isTrue();
        assertThat(new Slurm("slurm", Path.of("/nowhere")).slurmUser("SlurmUserId            = other(1)\nSlurmUser              = slurm(64030)\n"))
                .isEqualTo("slurm");
        assertThat(new Slurm("slurm", Path.of("/nowhere")).slurmUser("sacctmgr: error: nothing of the kind")).isEqualTo("-");
    }

    @Test
    void aForgedRowTakesTheMarkerAway() {
        String forged = ACCOUNTS + "evil|evil|x\nhpc_cust|y|z waldur:ffffffffffffffffffffffffffffffff\n";
        assertThat(ClusterReader.read(ASSOCIATIONS, forged, USERS, TRES, "", new Caller("root", "-")).marker("hpc_cust")).isEmpty();
    }

    @Test
    void severalClustersNeedAName() {
        String two = ASSOCIATIONS + "other|root|||||1|2\n";
        assertThatThrownBy(() -> read(two)).isInstanceOf(ClusterUnknown.class).hasMessageContaining("cluster_name");
        assertThat(ClusterReader.read(two, ACCOUNTS, USERS, TRES, "lab", new Caller("root", "-")).accounts()).contains("hpc_a");
    }
}
