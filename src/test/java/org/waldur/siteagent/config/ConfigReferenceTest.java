package org.waldur.siteagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** README and example are what {@code keys.yaml} makes of them, and it makes a line of every key. */
class ConfigReferenceTest {
    private static final String REMEDY = "src/build/refresh-docs makes it anew";

    @Test
    void theExampleIsWhatTheTableOfKeysMakes() throws IOException {
        assertThat(Files.readString(Configs.EXAMPLE)).as(REMEDY).isEqualTo(ExampleFile.text());
    }

    @Test
    void theTablesOfTheReadmeAreWhatTheTableOfKeysMakes() throws IOException {
        String readme = Files.readString(RefreshDocs.README);
        assertThat(readme).as(REMEDY).isEqualTo(ReadmeTables.in(readme));
    }

    @ParameterizedTest
    @EnumSource(Keys.class)
    void theReadmeHasEveryKey(Keys keys) throws IOException {
        List<String> lines = Files.readAllLines(RefreshDocs.README);
        assertThat(keys.used()).allMatch(key -> lines.stream().anyMatch(row -> row.matches("\\| [^|]*`" + key.name() + "`[^|]*\\|[^|]+\\|.*\\|")));
        assertThat(keys.unused()).allMatch(key -> lines.stream().anyMatch(line -> line.startsWith("- " + keys.place() + ": ") && line.contains("`" + key.name() + "`")));
    }

    @ParameterizedTest
    @EnumSource(Keys.class)
    void theExampleHasEveryKeyThatIsUsed(Keys keys) throws IOException {
        List<String> example = Files.readAllLines(Configs.EXAMPLE);
        assertThat(keys.used()).extracting(Key::name).allMatch(key -> example.stream().anyMatch(line -> line.matches("\\s*(- |#  *)?" + key + ":.*")));
    }
}
