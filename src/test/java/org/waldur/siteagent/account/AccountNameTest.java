package org.waldur.siteagent.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountNameTest {

    @Test
    void aNameIsPrefixAndSlugInLowerCase() {
        assertThat(AccountName.of("HPC_", "Project-1", 42)).isEqualTo("hpc_project-1");
    }

    @Test
    void longNamesAreCutAndStayDistinct() {
        String one = AccountName.of("hpc_", "a".repeat(5000) + "1", 34);
        String other = AccountName.of("hpc_", "a".repeat(5000) + "2", 34);
        assertThat(one).hasSize(34).isNotEqualTo(other).isEqualTo(AccountName.of("hpc_", "a".repeat(5000) + "1", 34));
        assertThat(AccountName.of("", "b".repeat(99), 99)).hasSize(AccountName.DISTINCT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a=b", "a,b", "a|b", "a\nb", "a\"b", "a'b", "\uD83D\uDE00", "[1-3]", "a;b", "$(id)", "a/b"})
    void whatSlurmCouldReadOtherwiseIsNoName(String slug) {
        assertThatThrownBy(() -> AccountName.of("hpc_", slug, 42)).isInstanceOf(AccountName.InvalidName.class);
        assertThat(AccountName.isUser(slug)).isFalse();
    }

    @Test
    void noNameBeginsWithADash() {
        assertThatThrownBy(() -> AccountName.of("", "-x", 42)).isInstanceOf(AccountName.InvalidName.class);
    }
}
