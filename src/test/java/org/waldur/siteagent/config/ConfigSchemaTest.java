package org.waldur.siteagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the agent accepts the schema accepts, too. What it refuses is in {@link BrokenConfigTest}. */
class ConfigSchemaTest {
    @TempDir
    private Path folder;

    @Test
    void itIsASchema() {
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(SchemaLocation.of(SchemaId.V202012)).validate(ConfigSchema.node())).isEmpty();
        assertThat(ConfigSchema.text()).startsWith("{\n").endsWith("}\n").contains("\"" + SchemaId.V202012 + "\"");
    }

    @Test
    void theExampleIsGoodWhenItIsFilledInAndWhenNothingOfItIsCommentedOut() throws Exception {
        assertThat(Editor.mistakes(Configs.filledIn())).isEmpty();
        String all = Configs.filledIn(ExampleFile.withEveryKey()).replaceAll("ca_file: .*", "ca_file:");
        assertThat(Editor.mistakes(all)).isEmpty();
        for (Keys keys : Keys.values()) {
            assertThat(keys.used()).filteredOn(Key::isInExample).extracting(Key::name).allMatch(key -> all.lines().anyMatch(line -> line.matches(" *(- )?" + key + ":.*")));
        }
        assertThat(ConfigFile.load(Files.writeString(folder.resolve("all.yaml"), all), Map.of()).warnings()).singleElement().asString().contains("homedir_umask is the old name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024", "2025", "2026"})
    void theFilesOfThePythonAgentsUsersAreGood(String year) throws IOException {
        assertThat(Editor.mistakes(Files.readString(Path.of("src/test/resources/org/waldur/siteagent/config/python-agent-" + year + ".yaml")))).isEmpty();
    }

    @Test
    void whatIsNotUsedIsDeprecatedWithWhatFollows() {
        for (Keys keys : Keys.values()) {
            String pointer = keys == Keys.GLOBAL ? "" : "/$defs/" + (keys == Keys.OFFERING ? "offering_of_slurm" : keys.name().toLowerCase());
            for (Key key : keys.all()) {
                var node = ConfigSchema.node().at(pointer + "/properties/" + key.name());
                assertThat(node.path("deprecated").asBoolean()).as(key.name()).isEqualTo(key.unused().isPresent());
                assertThat(node.path("description").asText()).as(key.name()).isNotBlank().contains(key.unused().orElse(""));
            }
        }
        assertThat(List.of(Keys.values())).allMatch(keys -> !keys.all().isEmpty());
    }
}
