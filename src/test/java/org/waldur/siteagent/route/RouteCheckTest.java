package org.waldur.siteagent.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
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

    /** All that it would have set is missing behind it, in files that nobody has touched. */
    @Test
    void oneMisspeltCallIsOneMistake() throws Exception {
        checked.write("order-process.camel.yaml", checked.read("order-process.camel.yaml").replaceFirst("direct:read-cluster\n", "direct:read-clusterx\n"));
        assertThat(checked.check()).singleElement().asString().contains("order-process.camel.yaml", "direct:read-clusterx, advice=the nearest is direct:read-cluster]");
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
                arguments("a step without its uri", step("- to:\n            id: t"), 7, "to has no uri"),
                arguments("a step without its expression", step("- setVariable:\n            id: t\n            name: x"), 7, "has no expression"),
                arguments("a variable that is set only on one way", step(SOMETIMES), 20, "set only sometimes"),
                arguments("a variable that is set in a split and read after it", step(SOMETIMES.replace("filter", "split")), 20, "qos"),
                arguments("a variable that is set after it is read", step("- log:\n            id: l\n            message: ${variable.qos}\n        - setVariable:\n            id: v\n"
                        + "            name: qos\n            expression:\n              constant:\n                expression: gold"), 9, "before this one"),
                arguments("a part that a variable does not have", hook("${variable.change.acount}"), 9, "account"),
                arguments("a method that a bean does not have", bean("changes", "anounce(${variable.cycle})"), 10, "announce"),
                arguments("a method with too few arguments", bean("members", "remember(${variable.offering})"), 10, "remember(Offering, OrderCycle)"),
                arguments("a method with the arguments in another order", bean("members", "remember(${variable.cycle}, ${variable.offering})"), 10, "argument 1"),
                arguments("a bracket that is not closed", bean("orders", "announce(${variable.cycle}"), 10, "not closed"),
                arguments("a comma that is missing", bean("members", "remember(${variable.offering} ${variable.cycle})"), 10, "comma"),
                arguments("a strategy that is none", step("- split:\n            id: s\n            aggregationStrategy: \"#orders\"\n            expression:\n              simple:\n"
                        + "                expression: ${body}\n            steps:\n              - stop:\n                  id: e"), 9, "AggregationStrategy"),
                arguments("an exception that does not exist", thrown("java.io.IOExeption"), 9, "no exception"),
                arguments("an exception that is none", thrown("java.lang.String"), 9, "is no exception"),
                arguments("a condition that is none", condition("${body} = 1"), 11, "Unexpected token"),
                arguments("an empty condition", condition("\"\""), 11, "empty"),
                arguments("a range that is none", condition("${date:now:HH} range '8-17'"), 11, "range"),
                arguments("a date that is none", condition("${date:nwo:HH} == '8'"), 11, "nwo"),
                arguments("a property of Camel that it does not have", condition("${exchangeProperty.CamelSplitIndx} == 0"), 11, "CamelSplitIndex"),
                arguments("brackets for braces", condition("$(variable.cycle) == 1"), 11, "$"),
                arguments("a level that is none", ROUTE.replace("message:", "loggingLevel: WARNN\n            message:"), 9, "WARN"),
                arguments("a retry delay that is none", ROUTE.replace("    from:", "    errorHandler:\n      deadLetterChannel:\n        deadLetterUri: direct:dead-letter\n"
                        + "        redeliveryPolicy:\n          redeliveryDelay: soon\n    from:"), 8, "soon"),
                arguments("a pipe", argv("/bin/echo\n                  hello | mail root"), 13, "shell"),
                arguments("quotes", argv("/bin/echo\n                  \"hello world\""), 13, "quotes"),
                arguments("a command on one line", argv("/bin/echo hello"), 11, "blank in it"),
                arguments("an optional line without a blank", argv("/bin/echo\n                  ?x=${body}"), 13, "? x="),
                arguments("text beside a list", argv("/bin/echo\n                  * x=${body}"), 11, "* ${...}"),
                arguments("exec without a command", step("- to:\n            id: t\n            uri: exec:command"), 7, "no step before"),
                arguments("a value in to", step("- to:\n            id: t\n            uri: https://127.0.0.1/${body}"), 9, "toD"),
                arguments("a circle", step("- to:\n            id: t\n            uri: direct:site"), 9, "circle"),
                arguments("a route that is called and never started", ROUTE.replace("    from:", "    autoStartup: false\n    from:") + ROUTE.replace("site", "other")
                        .replace("- log:\n            id: other-log\n            message: hello", "- to:\n            id: other-to\n            uri: direct:site"), 4, "never be started"),
                arguments("a comment in a text", ROUTE.replace("hello", "hello #${body}"), 9, "comment"),
                arguments("another encoding", "- \u0000", 0, "YAML"),
                arguments("a script", step("- setBody:\n            id: s\n            expression:\n              groovy:\n                expression: 1 + 1"), 10, "script"),
                arguments("no description", ROUTE.replace("    description: A route of the site\n", ""), 1, "description"),
                arguments("an entrance of another name", ROUTE.replace("direct:site", "direct:sight"), 5, "sight"));
    }

    private static String step(String yaml) {
        return ROUTE.substring(0, ROUTE.indexOf("        - log:")) + "        " + yaml.replace("\n", "\n") + "\n";
    }

    private static final String SOMETIMES = "- filter:\n            id: f\n            expression:\n              simple:\n                expression: ${body} == 'x'\n            steps:\n"
            + "              - setVariable:\n                  id: v\n                  name: qos\n                  expression:\n                    constant:\n"
            + "                      expression: gold\n        - log:\n            id: l\n            message: ${variable.qos}";

    private static String condition(String text) {
        return step("- filter:\n            id: f\n            expression:\n              simple:\n                expression: " + text + "\n            steps:\n              - stop:\n                  id: e");
    }

    private static String bean(String ref, String method) {
        return step("- bean:\n            id: b\n            ref: " + ref + "\n            method: " + method);
    }

    private static String thrown(String type) {
        return step("- throwException:\n            id: t\n            exceptionType: " + type + "\n            message: x");
    }

    private static String hook(String message) {
        return step("- log:\n            id: l\n            message: " + message);
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
                assertThat(mistake.line()).as(mistake.text()).isBetween(line - 1, line + 3);
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

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "a*", "a?", "a+b", "a%20b", "a{{b}}"})
    void aNameThatCamelTakesForAnotherIsAMistake(String name) throws Exception {
        assertThat(new Checked(temp.resolve(name)).check()).singleElement().satisfies(m -> assertThat(m.message()).contains("comma"));
        checked.write(name + ".camel.yaml", ROUTE);
        assertThat(checked.check()).singleElement().satisfies(m -> assertThat(m.message()).contains("comma"));
    }

    @Test
    void aMistakeThatIsNoYamlHidesNoOther() throws Exception {
        String hooks = checked.read("hooks.camel.yaml");
        checked.write("hooks.camel.yaml", hooks.replaceFirst("- log:", "\t- log:").replace("${variable.change.account} is going", "${variable.chang.account} is going"));
        assertThat(checked.check()).extracting(Mistake::message).anyMatch(m -> m.contains("YAML")).hasSize(1);
        checked.write("hooks.camel.yaml", hooks.replaceFirst("- log:", "\t- log:").replace("id: nothing-before-termination", "id: nothing-before-termination\n            id: x"));
        assertThat(checked.check()).extracting(Mistake::message).anyMatch(m -> m.contains("YAML")).anyMatch(m -> m.contains("twice")).hasSize(2);
    }

    @Test
    void allMistakesOfOneRouteComeAtOnce() throws Exception {
        checked.write("site.camel.yaml", ROUTE + """
                            - sotp:
                                id: one
                            - log:
                                id: two
                                mesage: x
                            - bean:
                                id: three
                                ref: ordres
                                method: announce
                            - log:
                                id: four
                                message: ${bodi}
                    """);
        assertThat(checked.check()).extracting(Mistake::line).containsExactly(10, 12, 14, 17, 21);
    }

    /** What the agent calls by name is missed by its name, and a service whose timer is gone would be idle. */
    @ParameterizedTest
    @CsvSource({"order-process.camel.yaml, order-process-cycle, direct:order-process-cycle", "load-components.camel.yaml, load-components-cycle, direct:load-components-cycle",
        "order-process.camel.yaml, order-process, would do nothing", "hooks.camel.yaml, before-allocation-terminated, direct:before-allocation-terminated",
        "report.camel.yaml, report-cycle, direct:report-cycle", "report.camel.yaml, report, would do nothing", "report.camel.yaml, audit-usage-cycle, direct:audit-usage-cycle",
        "report.camel.yaml, load-usage-cycle, direct:load-usage-cycle", "report.camel.yaml, weigh-usage, direct:weigh-usage", "slurm.camel.yaml, read-usage, direct:read-usage",
        "hooks.camel.yaml, after-usage-held, direct:after-usage-held",
        "errors.camel.yaml, dead-letter, direct:dead-letter"})
    void aRouteThatTheAgentNeedsIsMissed(String file, String id, String said) throws Exception {
        String text = checked.read(file);
        int from = text.indexOf("- route:\n    id: " + id + "\n");
        int to = text.indexOf("\n- route:", from);
        checked.write(file, text.substring(0, from) + (to < 0 ? "" : text.substring(to + 1)));
        assertThat(checked.check()).extracting(Mistake::message).anyMatch(m -> m.contains(said));
    }

    static Stream<Arguments> right() {
        return Stream.of(
                arguments("a timer", ROUTE.replace("direct:site\n", "timer:site\n      parameters:\n        period: 5m\n        repeatCount: 3\n")),
                arguments("a script of the site", argv("/usr/local/sbin/site\n                  --account=${body}\n                  ? qos=${header.CamelHttpResponseCode}\n                  a b c")
                        + "        - to:\n            id: run\n            uri: exec:command\n"),
                arguments("a shell", argv("/bin/sh\n                  -c\n                  echo \"$1\" | mail root\n                  sh\n                  ${body}")),
                arguments("a default before a filter", step("- setVariable:\n            id: d\n            name: qos\n            expression:\n              constant:\n"
                        + "                expression: silver\n        " + SOMETIMES)),
                arguments("a question whether a variable is there", step(SOMETIMES.replace("- log:", "- filter:\n            id: g\n            expression:\n              simple:\n"
                        + "                expression: ${variable.qos} != null\n            steps:\n              - log:").replace("            id: l\n            message: $",
                                "                  id: l\n                  message: $"))),
                arguments("a default of a property", hook("\"{{site.name:here}} {{env:HOME}}\"")),
                arguments("functions", hook("\"${date:now:yyyy-MM-dd HH:mm} ${env:HOME} ${exchangeProperty.CamelSplitIndex} ${header.CamelHttpResponseCode} ${body[name]} ${random(1,9)}\"")),
                arguments("parts and indexes", hook("${variable.offering.name.toUpperCase()} ${variable.cycle.created[0].account} ${variable.orders.get(0).uuid} ${variable.change?.account}")),
                arguments("headers of its own", step("- setHeaders:\n            id: h\n            headers:\n              - name: X-A\n                expression:\n                  constant:\n"
                        + "                    expression: a\n        - log:\n            id: l\n            message: ${header.X-A}")),
                arguments("an address of a variable", step("- toD:\n            id: t\n            uri: ${variable.offering.apiUrl}")),
                arguments("timeouts of http", step("- to:\n            id: t\n            uri: https://127.0.0.1/\n            parameters:\n              responseTimeout: \"5000\"\n"
                        + "              proxyHost: \"{{?site.proxy}}\"")),
                arguments("compact notation", step("- log: \"${body}\"\n        - to: direct:read-cluster\n        - filter:\n            simple: \"${body} != null\"\n"
                        + "            steps:\n              - stop: {}")),
                arguments("an anchor", step("- setBody:\n            id: a\n            expression: &e\n              constant:\n                expression: x\n        - setBody:\n            id: b\n"
                        + "            expression: *e")),
                arguments("carriage returns", ROUTE.replace("\n", "\r\n")),
                arguments("a mark of the byte order", "\uFEFF" + ROUTE));
    }

    /** What is right must not be refused. */
    @ParameterizedTest
    @ValueSource(strings = {"~", ".bak", ".orig", ".rej", ".rpmnew", ".rpmsave", ".rpmorig", ".dpkg-dist", ".dpkg-old", ".dpkg-new", ".dpkg-tmp", ".dpkg-bak", ".dpkg-remove",
        ".ucf-dist", ".ucf-new", ".ucf-old"})
    void whatAnUpgradeLeavesBesideAFileIsNone(String ending) throws Exception {
        checked.write("slurm.camel.yaml" + ending, "anything");
        assertThat(checked.check()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("right")
    void isNoMistake(String name, String text) throws Exception {
        checked.write("site.camel.yaml", text);
        assertThat(checked.check()).isEmpty();
    }

    private record Spoiling(String right, String wrong) {
        private static Spoiling of(String right, String wrong) {
            return new Spoiling(right, wrong);
        }
    }

    private static final List<Spoiling> SPOILINGS = List.of(
            Spoiling.of("uri: direct:(.*)", "uri: direct:x$1"), Spoiling.of("      steps:", "      stebs:"), Spoiling.of(" {10,}id: ", "\t    id: "),
            Spoiling.of("\\$\\{variable\\.(?!setLater)", "\\${variable.x"), Spoiling.of("(\\$\\{variable\\.[\\w.]+)}", "$1"), Spoiling.of("\\$\\{(variable\\.[\\w.]+)}", "\\$($1)"),
            Spoiling.of("(\\$\\{variable\\.(?:offering|cycle|change|order|cluster|report|reading|count|window))\\.(\\w+)", "$1.x$2"), Spoiling.of("\\{\\{", "{{x."), Spoiling.of("                ref: ", "                ref: x"),
            Spoiling.of("  uri: exec:command", "  uri: exec:sacctmgr"), Spoiling.of("              timeout:", "              timout:"), Spoiling.of("    description:", "    id:"),
            Spoiling.of(" method: (\\w+)", " method: x$1"), Spoiling.of("( method: \\w+\\(.*), [^,()]*\\)", "$1)"), Spoiling.of("(exception:\\n +- \\S+)", "$1x"),
            Spoiling.of(" == ", " = "), Spoiling.of("\"#(\\w+)\"", "\"#x$1\""), Spoiling.of("--immediate", "--immediate | cat"), Spoiling.of("loggingLevel: ", "loggingLevel: X"),
            Spoiling.of("\\n +uri: direct:.*", ""), Spoiling.of("\\n +ref: .*", ""), Spoiling.of("\\n +method: .*", ""), Spoiling.of("(\\n +(?:id|name): .*)\\n +expression:(\\n)", "$1$2"), Spoiling.of("\\n {6,}steps:", ""),
            Spoiling.of("(\\n +- setVariable:\\n +id: .*)\\n +name: .*", "$1"), Spoiling.of("\\n  ( {6,}id: )", "\n$1"),
            Spoiling.of("- (setVariable|setBody|split|filter|to|bean|log|choice):\\n", "- x$1:\n"), Spoiling.of(" (message|when|otherwise|doCatch|parameters|onWhen|handled):", " x$1:"));

    private static final int EVERY = 3;

    static Stream<Arguments> spoilt() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
            return IntStream.range(0, names.size()).boxed().flatMap(file -> IntStream.range(0, SPOILINGS.size()).filter(spoiling -> (file + spoiling) % EVERY == 0)
                    .mapToObj(spoiling -> arguments(names.get(file), SPOILINGS.get(spoiling))));
        }
    }

    /** The same mistake at many places of shipped files where it can be made: each mistake in a third of the files, and in each file a third of the mistakes. */
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("spoilt")
    void isFoundInShippedFiles(String file, Spoiling spoiling) throws Exception {
        String text = checked.read(file);
        Matcher place = Pattern.compile(spoiling.right()).matcher(text);
        int step = 18_000;
        for (int at = 0; at < text.length() && place.find(at); at = place.start() + step) {
            StringBuilder wrong = new StringBuilder(text.substring(0, place.start()));
            wrong.append(Pattern.compile(spoiling.right()).matcher(place.group()).replaceFirst(spoiling.wrong())).append(text.substring(place.end()));
            checked.write(file, wrong.toString());
            List<Mistake> found = checked.atStart();
            assertThat(found.isEmpty() ? checked.check() : found).as("at " + place.group()).isNotEmpty();
        }
    }
}
