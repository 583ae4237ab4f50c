package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.membership.MembershipSite;

/** The dashboard and the alert rules of examples/monitoring: each metric that they name is one that the agent has. */
class MonitoringExamplesTest extends MembershipSite {
    private static final Path EXAMPLES = Path.of("examples/monitoring");
    private static final Pattern METRIC = Pattern.compile("waldur_agent_[a-z_]+");

    private static Set<String> metrics(String text) {
        return METRIC.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    /** All that an agent shows that has just done something of each kind. */
    private String scrape() throws IOException, InterruptedException {
        site.property("agent.listen", "127.0.0.1:0");
        site.slurm.addLinuxUsers("erin");
        site.waldur.join(site.offering, "proj-1", "erin");
        HttpClient prometheus = HttpClient.newHttpClient();
        try (Site.Serving service = site.service(Mode.MEMBERSHIP_SYNC)) {
            URI metrics = service.status().resolve("metrics");
            String text = "";
            for (long since = System.nanoTime(); !text.contains("waldur_agent_plan_waiting");) {
                assertThat(Duration.ofNanos(System.nanoTime() - since)).as(text).isLessThan(Duration.ofMinutes(1));
                text = prometheus.send(HttpRequest.newBuilder(metrics).timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString()).body();
            }
            return text;
        }
    }

    @Test
    void theyNameNoMetricThatThereIsNot() throws IOException, InterruptedException {
        String shown = scrape();
        Set<String> there = metrics(shown);
        for (String name : Set.of("alerts.yaml", "grafana-dashboard.json")) {
            Set<String> named = metrics(Files.readString(EXAMPLES.resolve(name)));
            assertThat(named).as(name).isNotEmpty();
            assertThat(there).as(name).containsAll(named);
        }
        Set<String> documented = metrics(Files.readString(Path.of("README.md")));
        assertThat(there).as("README").containsAll(documented);
        assertThat(documented).as("README").containsAll(there.stream().filter(name -> !name.matches(".*_(sum|max|seconds)")).toList());
        assertThat(shown.lines().filter(line -> line.startsWith("# HELP waldur_agent_")).map(line -> line.split(" ", 4)).filter(words -> words.length < 4 || words[3].isBlank()))
                .as("each metric says what it is").isEmpty();
    }

    @Test
    void theyAreYamlAndJsonOfTheRightShape() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(EXAMPLES.resolve("grafana-dashboard.json").toFile());
        assertThat(dashboard.path("panels")).isNotEmpty().allSatisfy(panel -> assertThat(panel.path("targets")).isNotEmpty().allSatisfy(target -> assertThat(target.path("expr").asText()).isNotBlank()));
        Object alerts = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(EXAMPLES.resolve("alerts.yaml")));
        JsonNode rules = new ObjectMapper().<JsonNode>valueToTree(alerts).path("groups").get(0).path("rules");
        assertThat(rules).hasSizeGreaterThan(4).allSatisfy(rule -> assertThat(Stream.of("alert", "expr").allMatch(rule::hasNonNull)).isTrue());
    }
}
