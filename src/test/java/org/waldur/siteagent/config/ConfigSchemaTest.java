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
    void theExampleIsGoodWhenItIsFilledInAndWhenEachOfItsKeysIsThere() throws Exception {
        assertThat(Editor.mistakes(Configs.filledIn())).isEmpty();
        String all = everyKey(Configs.filledIn());
        assertThat(Editor.mistakes(all)).isEmpty();
        assertThat(ConfigFile.load(Files.writeString(folder.resolve("all.yaml"), all.replaceAll("ca_file: .*", "")), Map.of()).warnings()).hasSize(1).allMatch(w -> w.contains("old name"));
    }

    /** The example without its comments, but with what is commented out. */
    private static String everyKey(String example) {
        return example.lines().map(line -> line.replaceFirst("^( *)# ( *\\S+:( .*)?)$", "$1$2")).filter(line -> !line.strip().startsWith("#"))
                .filter(line -> line.matches("\\s*(- )?[\\w/]+:( \\S.*)?")).filter(line -> !line.contains("waldur_api_token_"))
                .filter(line -> !line.matches("\\s*(common|true|false|limit|Members|Default): .*[.].*|.*:  .*")).reduce("", (a, b) -> a + b + "\n");
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
