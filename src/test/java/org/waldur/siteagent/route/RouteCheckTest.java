package org.waldur.siteagent.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.waldur.siteagent.cli.Checked;

class RouteCheckTest {
    private static final String ROUTE = """
            - route:
                id: site
                description: A route of the site
                from:
                  uri: direct:site
                  steps:
                    - log:
                        id: site-log
                        message: hello
            """;

    @TempDir
    private Path temp;
    private Checked checked;

    @BeforeEach
    void copy() throws Exception {
        checked = new Checked(temp);
    }

    @Test
    void theShippedRoutesHaveNoMistake() throws Exception {
        assertThat(checked.check()).isEmpty();
    }

    /** The table of what operators do to route files: the mistake, the line where it is said, a part of what is said. */
    static Stream<Arguments> mistakes() {
        return Stream.of(
                arguments("unknown step", ROUTE.replace("- log:", "- logg:"), 7, "logg"),
                arguments("unknown key", ROUTE.replace("message:", "mesage:"), 9, "mesage"),
                arguments("steps at the wrong level", ROUTE.replace("      steps:", "  steps:"), 0, "steps"),
                arguments("tab", ROUTE.replace("        - log", "\t- log"), 7, "YAML"),
                arguments("open quote", ROUTE.replace("hello", "\"hello"), 0, "YAML"),
                arguments("two documents", ROUTE + "---\n" + ROUTE, 0, "YAML"),
                arguments("unknown endpoint option", ROUTE.replace("direct:site\n", "timer:site\n      parameters:\n        perod: 1000\n"), 7, "perod"),
                arguments("unknown option in the uri", ROUTE.replace("direct:site\n", "timer:site?perod=1000\n"), 5, "perod"),
                arguments("unknown component", ROUTE.replace("direct:site\n", "timmer:site\n"), 5, "timmer"),
                arguments("missing bean", step("- bean:\n            id: b\n            ref: myBean\n            method: x"), 0, "myBean"),
                arguments("missing processor", step("- process:\n            id: p\n            ref: myProc"), 0, "myProc"),
                arguments("bad simple function", step("- log:\n            id: l\n            message: ${bodi}"), 0, "bodi"),
                arguments("bad simple in a condition", step("- filter:\n            id: f\n            expression:\n              simple:\n                expression: ${body} ===\n            steps:\n              - stop:\n                  id: s"), 0, ""),
                arguments("missing property", step("- log:\n            id: l\n            message: \"{{agent.perid}}\""), 9, "agent.perid"),
                arguments("missing property in a uri", ROUTE.replace("direct:site\n", "timer:site\n      parameters:\n        period: \"{{order_process.perod}}\"\n"), 7, "order_process.period"),
                arguments("duplicate route id", ROUTE + ROUTE.replace("direct:site", "direct:other").replace("site-log", "other-log"), 11, "twice"),
                arguments("period that is none", ROUTE.replace("direct:site\n", "timer:site\n      parameters:\n        period: soon\n"), 0, "soon"),
                arguments("empty file", "", 0, "empty"),
                arguments("file of comments", "# nothing\n", 0, "empty"),
                arguments("a map at the top", "route:\n  id: site\n", 1, "not a list"),
                arguments("duplicate key", ROUTE.replace("message: hello", "message: hello\n            message: world"), 10, "twice"),
                arguments("unknown routeConfigurationId", ROUTE.replace("    from:", "    routeConfigurationId: retry\n    from:"), 4, "retry"),
                arguments("a configuration with an id that nobody names", ROUTE + "- routeConfiguration:\n    id: retry\n    onException: []\n", 10, "holds nowhere"),
                arguments("direct without a consumer", step("- to:\n            id: t\n            uri: direct:read-clustr"), 9, "read-cluster"),
                arguments("misspelt option of http", step("- to:\n            id: t\n            uri: http://127.0.0.1/\n            parameters:\n              responseTimout: 5"), 11, "responseTimout"),
                arguments("misspelt option of http in the uri", step("- to:\n            id: t\n            uri: http://127.0.0.1/?httpMetod=GET"), 9, "httpMethod"),
                arguments("misspelt option of https", step("- to:\n            id: t\n            uri: https://127.0.0.1/\n            parameters:\n              conectTimeout: 5"), 11, "conectTimeout"),
                arguments("followRedirects", step("- to:\n            id: t\n            uri: https://127.0.0.1/\n            parameters:\n              followRedirects: true"), 11, "followRedirects"),
                arguments("variable that nobody sets", step("- log:\n            id: l\n            message: ${variable.acount}"), 9, "acount"),
                arguments("header that nobody sets", step("- log:\n            id: l\n            message: ${header.slurmAccount}"), 9, "slurmAccount"),
                arguments("exec of a program", step("- to:\n            id: t\n            uri: exec:rm?args=-rf"), 9, "exec:command"),
                arguments("a command without a path", argv("sacctmgr\n                  show"), 8, "absolute path"),
                arguments("a command with a bad value", argv("/bin/echo\n                  ${bodi}"), 0, "bodi"),
                arguments("a script", step("- setBody:\n            id: s\n            expression:\n              groovy:\n                expression: 1 + 1"), 10, "script"),
                arguments("no description", ROUTE.replace("    description: A route of the site\n", ""), 1, "description"),
                arguments("an entrance of another name", ROUTE.replace("direct:site", "direct:sight"), 5, "sight"));
    }

    private static String step(String yaml) {
        return ROUTE.substring(0, ROUTE.indexOf("        - log:")) + "        " + yaml.replace("\n", "\n") + "\n";
    }

    private static String argv(String lines) {
        return step("- setBody:\n            id: c\n            expression:\n              language:\n                language: argv\n                expression: |\n                  " + lines)
                .replace("        - setBody:", "        - setBody:");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void isFoundInItsFileAndLine(String name, String text, int line, String part) throws Exception {
        checked.write("site.camel.yaml", text);
        List<Mistake> found = checked.check();
        assertThat(found).as(name).anySatisfy(mistake -> {
            assertThat(mistake.file().getFileName()).hasToString("site.camel.yaml");
            assertThat(mistake.text()).contains(part);
            if (line > 0) {
                assertThat(mistake.line()).isBetween(line - 1, line + 3);
            }
        });
    }

    @Test
    void allMistakesOfAllFilesComeAtOnce() throws Exception {
        checked.write("one.camel.yaml", ROUTE.replace("- log:", "- logg:"));
        checked.write("two.camel.yaml", ROUTE.replace("site", "two").replace("- log:", "- lag:"));
        checked.write("three.yaml", ROUTE);
        assertThat(checked.check()).extracting(m -> m.file().getFileName().toString()).contains("one.camel.yaml", "two.camel.yaml", "three.yaml");
    }

    @Test
    void anEmptyFolderIsAMistake() throws Exception {
        try (Stream<Path> files = Files.list(checked.folder())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        assertThat(checked.atStart()).singleElement().satisfies(m -> assertThat(m.message()).contains("no route file"));
    }

    static Stream<Arguments> spoilt() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.sorted().flatMap(file -> Stream.of(
                    arguments(file.getFileName().toString(), "      uri: direct:", "      uri: direct:x"),
                    arguments(file.getFileName().toString(), "      steps:", "      stebs:"),
                    arguments(file.getFileName().toString(), "            id: ", "\t    id: "),
                    arguments(file.getFileName().toString(), "${variable.", "${variable.x"),
                    arguments(file.getFileName().toString(), "${variable.", "${variables."),
                    arguments(file.getFileName().toString(), "{{", "{{x."),
                    arguments(file.getFileName().toString(), "                ref: ", "                ref: x"),
                    arguments(file.getFileName().toString(), "  uri: exec:command", "  uri: exec:sacctmgr"),
                    arguments(file.getFileName().toString(), "              timeout:", "              timout:"),
                    arguments(file.getFileName().toString(), "    description:", "    id:"))).toList().stream();
        }
    }

    /** The same mistake at every place of every shipped file where it can be made. */
    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @MethodSource("spoilt")
    void isFoundInEveryShippedFile(String file, String right, String wrong) throws Exception {
        String text = checked.read(file);
        boolean camel = wrong.contains("ref: x") || right.contains("steps:");
        int step = camel ? 4_000 : 400;
        for (int at = text.indexOf(right); at >= 0; at = text.indexOf(right, at + step)) {
            if (wrong.startsWith("${variables.") || text.startsWith("${variable.setLater", at)) {
                break;
            }
            checked.write(file, text.substring(0, at) + wrong + text.substring(at + right.length()));
            assertThat(camel ? checked.check() : checked.atStart()).as("at " + text.substring(at, Math.min(text.length(), at + 60))).isNotEmpty();
        }
    }
}
