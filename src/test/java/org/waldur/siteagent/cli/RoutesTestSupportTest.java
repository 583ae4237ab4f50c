package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The base class for tests of a site; org.example.site.OurRoutesTest is one. */
class RoutesTestSupportTest {
    @Test
    void theExampleOfTheReadmeIsTheTestThatRuns() throws IOException {
        String source = Files.readString(Path.of("src/test/java/org/example/site/OurRoutesTest.java"));
        String example = source.substring(source.indexOf("class OurRoutesTest")).indent(4).replaceAll("(?m)^ +$", "");
        assertThat(Files.readString(Path.of("README.md"))).contains(example);
    }
}
