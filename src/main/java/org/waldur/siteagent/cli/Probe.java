package org.waldur.siteagent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.waldur.siteagent.component.ComponentChange;
import org.waldur.siteagent.component.Components;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.diagnose.Clocks;
import org.waldur.siteagent.diagnose.Finding;
import org.waldur.siteagent.diagnose.TokenRights;
import org.waldur.siteagent.exec.CommandOutput;
import org.waldur.siteagent.record.Advice;
import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.waldur.Refusal;

/** Asks the Waldur, the slurmdbd or the slurmctld of one offering, by the very routes that the jobs use, how it is. One of them is asked once. */
final class Probe {
    /** The longest of what findings are about, without the name of the offering. */
    static final String LONGEST_AREA = "components of ";
    private final Agent agent;
    private final Offering offering;
    private final Clock clock;
    private final List<Finding> findings = new ArrayList<>();
    private long milliseconds;

    Probe(Agent agent, Offering offering, Clock clock) {
        this.agent = agent;
        this.offering = offering;
        this.clock = clock;
    }

    /** How its Waldur is, and what it says of the token and of the offering. */
    List<Finding> waldur() {
        String area = "Waldur of " + offering.name();
        if (ask("waldur-read-features", area).isEmpty()) {
            return findings;
        }
        long latency = milliseconds;
        ask("waldur-read-version", area);
        String version = agent.features().version(offering);
        boolean plugin = agent.features().hasPlugin(offering);
        findings.add(Finding.good(area, offering.apiUrl() + " answers in " + latency + " ms, version " + (version.isEmpty() ? "not told" : version) + (plugin ? ", with the plugin of Waldur 7" : "")));
        findings.add(Clocks.of(offering, agent.serverTime(offering), clock.instant()));
        Optional<JsonNode> found = ask("waldur-get-offering", "offering " + offering.name()).map(answer -> answer.getMessage().getBody(JsonNode.class));
        String provider = found.map(there -> there.path("customer_uuid").asText("")).orElse("");
        ask("waldur-who-am-i", "token of " + offering.name())
                .ifPresent(answer -> findings.addAll(TokenRights.of(offering, provider, answer.getMessage().getBody(JsonNode.class), plugin, clock.instant())));
        found.ifPresent(this::offering);
        return findings;
    }

    private void offering(JsonNode found) {
        String area = "offering " + offering.name();
        String state = found.path("state").asText("");
        findings.add(state.equals("Active") || state.isEmpty() ? Finding.good(area, "'" + found.path("name").asText() + "' in Waldur" + (state.isEmpty() ? "" : ", " + state))
                : Finding.warning(area, "'" + found.path("name").asText() + "' is " + state + " in Waldur, so nobody can order", "activate it in Waldur"));
        List<ComponentChange> differences = Components.difference(offering, found.path("components"));
        findings.add(differences.isEmpty() ? Finding.good(LONGEST_AREA + offering.name(), offering.components().size() + " components are in Waldur as in the config")
                : Finding.warning(LONGEST_AREA + offering.name(), String.join(", ", differences.stream().map(Probe::oneLine).toList()), "waldur-site-agent load-components --dry-run, then without it"));
    }

    private static String oneLine(ComponentChange change) {
        return change.type() + (change.action().startsWith("create") ? " is not there" : " differs: " + String.join(", ", change.changed().entrySet().stream()
                .map(field -> field.getKey() + " " + field.getValue()).sorted().toList()));
    }

    /** How its slurmdbd is, and what we may see of it. */
    List<Finding> slurmdbd() {
        String area = "slurmdbd of " + offering.name();
        Optional<Exchange> version = ask("read-slurm-version", area);
        Optional<Exchange> cluster = version.flatMap(any -> ask("read-cluster", area));
        cluster.map(answer -> answer.getVariable("cluster", Cluster.class)).ifPresent(found -> findings.add(Finding.good(area, version.get().getMessage().getBody(String.class).strip()
                + ", cluster " + found.name() + " is read in " + milliseconds + " ms; we may see all of it" + (found.loadable() ? " and use sacctmgr load" : ""))));
        return findings;
    }

    /** How its slurmctld is, whether slurmdbd is there or not. */
    List<Finding> slurmctld() {
        String area = "slurmctld of " + offering.name();
        ask("list-live-jobs", area).ifPresent(answer -> findings.add(Finding.good(area, "it answers in " + milliseconds + " ms")));
        return findings;
    }

    /** The answer of a route; empty, with a finding, if there is none. */
    private Optional<Exchange> ask(String route, String area) {
        long begin = System.nanoTime();
        try {
            return Optional.of(agent.ask(route, offering));
        } catch (Exception e) {
            Throwable cause = Refusal.cause(e);
            String why = cause instanceof HttpOperationFailedException refusal ? Refusal.text(refusal) : String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
            findings.add(Finding.wrong(area, why.replace(offering.token().reveal(), "***"), Advice.briefly(cause)));
            return Optional.empty();
        } finally {
            milliseconds = Duration.ofNanos(System.nanoTime() - begin).toMillis();
        }
    }
}
