package org.waldur.siteagent.rehearsal;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is played.
 *
 * @param name    the file's name
 * @param now     the moment at which it begins
 * @param outside what answers for programs and servers that are none of the simulators'
 * @param properties what the routes may name besides the usual properties, like {@code site.qos}
 */
public record Scenario(String name, String description, Instant now, Given given, Outside.Answers outside, Map<String, String> properties, List<Step> steps) {

    /**
     * What is there before the first step.
     *
     * @param users       of the machine, besides the members of teams
     * @param qos         of the cluster, besides {@code normal} and those of the config
     * @param options     plugin options of the offering
     * @param components  of the offering in Waldur which the config does not have: type to how it is billed
     * @param allocations made by the shipped routes, 60 days before the scenario begins
     */
    record Given(List<String> users, List<String> qos, Map<String, String> options, Map<String, String> components, Map<String, Project> projects,
            List<Wanted> allocations) {
    }

    /** A project with its team. */
    record Project(String customer, List<String> members) {
    }

    /**
     * An allocation that somebody orders.
     *
     * @param limits by component; empty: 10 of each that is billed by limit
     */
    record Wanted(String name, String project, Map<String, BigDecimal> limits) {
    }
}
