package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameTableTest {
    @TempDir
    private Path folder;
    private final NameTable table = new NameTable();

    private String name(String lines, String key) throws IOException {
        return table.username(Files.writeString(folder.resolve("names.csv"), lines).toString(), key);
    }

    @Test
    void aPersonIsFoundWhateverTheCase() throws IOException {
        String lines = "# who, username\n\nErin@Example.org , erin\r\nDoe, Jane,jdoe\n";
        assertThat(name(lines, "erin@example.ORG")).isEqualTo("erin");
        assertThat(name(lines, "Doe, Jane")).isEqualTo("jdoe");
        assertThat(name(lines, "frank@example.org")).isEqualTo("-");
        assertThat(name(lines, "")).isEqualTo("-");
        assertThat(name(lines, null)).isEqualTo("-");
        assertThat(name(lines, "# who")).isEqualTo("-");
    }

    @Test
    void aTableThatIsWrongNamesNobody() {
        assertThatThrownBy(() -> name("erin\n", "erin")).isInstanceOf(IllegalStateException.class).hasMessageContaining("names.csv:1");
        assertThatThrownBy(() -> name("erin,a\nERIN,b\n", "erin")).isInstanceOf(IllegalStateException.class).hasMessageContaining("several");
        assertThatThrownBy(() -> table.username(folder.resolve("none").toString(), "erin")).isInstanceOf(IOException.class);
    }
}
