package org.waldur.siteagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** README and example are what {@code keys.yaml} makes of them, and it makes a line of every key. */
class ConfigReferenceTest {
    /** It is set for commands, so that they are found again, and is no setting. */
    private static final String MARK = "WALDUR_SITE_AGENT_COMMAND";
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

    /** Those of our own, and those that the Python agent has; what others set, like systemd, nobody forgets. */
    @Test
    void everyEnvironmentVariableThatIsReadIsInTheTable() throws IOException {
        Pattern name = Pattern.compile("\\b(?:WALDUR|REQUESTS|SENTRY|AGENT)_[A-Z_]*[A-Z]\\b");
        try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
            for (Path file : files.filter(each -> each.toString().matches(".*\\.(java|xml)|.*/bin/waldur-site-agent")).toList()) {
                List<String> names = name.matcher(Files.readString(file)).results().map(MatchResult::group).filter(each -> !each.equals(MARK)).toList();
                assertThat(Keys.environment().keySet()).as(file + " reads them; they belong in keys.yaml").containsAll(names);
            }
        }
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
