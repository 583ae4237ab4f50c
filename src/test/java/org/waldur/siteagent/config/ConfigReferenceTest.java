package org.waldur.siteagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The README and the example name every key, so that neither can be behind the code. */
class ConfigReferenceTest {
    @ParameterizedTest
    @EnumSource(Keys.class)
    void theReadmeExplainsEveryKeyThatIsUsed(Keys keys) throws IOException {
        List<String> rows = configure();
        assertThat(keys.used()).extracting(Key::name).allMatch(key -> rows.stream().anyMatch(row -> row.matches("\\| [^|]*`" + key + "`.*\\|.*\\|.*\\|")));
    }

    @ParameterizedTest
    @EnumSource(Keys.class)
    void theReadmeNamesEveryKeyThatIsAcceptedAndNotUsed(Keys keys) throws IOException {
        List<String> rows = configure();
        assertThat(keys.unused()).extracting(Key::name).allMatch(key -> rows.stream().anyMatch(row -> !row.startsWith("| `") && row.contains("`" + key + "`")));
    }

    @ParameterizedTest
    @EnumSource(Keys.class)
    void theExampleHasEveryKeyThatIsUsed(Keys keys) throws IOException {
        List<String> example = Files.readAllLines(Configs.EXAMPLE);
        assertThat(keys.used()).extracting(Key::name).allMatch(key -> example.stream().anyMatch(line -> line.matches("\\s*(- |#  *)?" + key + ":.*")));
    }

    private static List<String> configure() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String section = readme.substring(readme.indexOf("\n## Configure"));
        return section.substring(0, section.indexOf("\n## ", 1)).lines().toList();
    }
}
