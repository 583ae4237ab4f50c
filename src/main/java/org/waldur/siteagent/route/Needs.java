package org.waldur.siteagent.route;

import java.util.Set;

/**
 * What routes and the agent expect of each other.
 *
 * @param properties what routes may name as {@code {{name}}}
 * @param entrances  routes ({@code direct:NAME}) that commands of the agent call
 * @param timed      those of them that a route must call by itself, or the service would do nothing
 */
public record Needs(Set<String> properties, Set<String> entrances, Set<String> timed) {
}
