package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is on the team of which project, and as which offering user on which offering. A person has one offering user on an offering,
 * whatever projects he is on, and keeps it when he leaves.
 */
final class Teams {
    /** Of an offering: its users are to be deleted when they have lost their last resource. */
    private static final String AUTO_DELETION = "offering_user_auto_deletion";
    private static final List<String> LEAVING = List.of("Requested deletion", "Deleting", "Error deleting");
    private final WaldurWorld world;
    private final Map<String, Set<String>> teams = new LinkedHashMap<>();
    /** User to the name that he joined with. */
    private final Map<String, String> names = new LinkedHashMap<>();
    /** What Waldur itself calls a person, to the user. */
    private final Map<String, String> waldurNames = new HashMap<>();
    private final Map<String, List<Map<String, Object>>> offeringUsers = new HashMap<>();
    /** Offering and username to whoever had it last. */
    private final Map<String, Map<String, Object>> named = new HashMap<>();

    Teams(WaldurWorld world) {
        this.world = world;
    }

    /**
     * @param name     whom a test means: the name that a person first joined with, or his username on this offering
     * @param username of the offering user, if he has none there yet; blank: it is still to be given
     */
    void join(String offering, String projectSlug, String name, String username) {
        String user = holder(offering, name).orElse(WaldurRows.id("user", name));
        names.putIfAbsent(user, name);
        waldurNames.put(WaldurRows.waldurName(user), user);
        teams.computeIfAbsent(WaldurRows.id("project", projectSlug), project -> new LinkedHashSet<>()).add(user);
        Optional<Map<String, Object>> there = offeringUser(offering, user);
        if (there.isPresent()) {
            restore(there.get());
        } else {
            Map<String, Object> row = WaldurRows.offeringUser(world, user, username, offering);
            world.offeringUsers.put((String) row.get("uuid"), row);
            offeringUsers.computeIfAbsent(user, u -> new ArrayList<>()).add(row);
            named(row);
        }
    }

    private Optional<String> holder(String offering, String username) {
        return Optional.ofNullable(named.get(offering + "/" + username)).filter(row -> username.equals(row.get("username")))
                .map(row -> (String) row.get("user_uuid"));
    }

    /** An offering user has got another username. */
    void named(Map<String, Object> offeringUser) {
        named.put(offeringUser.get("offering_uuid") + "/" + offeringUser.get("username"), offeringUser);
    }

    /** Who comes back while he is being deleted gets his account back; who was deleted is to be made again. He keeps his username. */
    private void restore(Map<String, Object> offeringUser) {
        if (LEAVING.contains(String.valueOf(offeringUser.get("state")))) {
            state(offeringUser, hasName(offeringUser) ? "OK" : "Requested");
        } else if ("Deleted".equals(offeringUser.get("state"))) {
            state(offeringUser, "Requested");
        }
    }

    void leave(String projectSlug, String name) {
        String user = person(name);
        if (!teams.getOrDefault(WaldurRows.id("project", projectSlug), Set.of()).remove(user)) {
            throw new IllegalArgumentException(name + " is not on the team of " + projectSlug);
        }
        offeringUsers(user).stream().filter(row -> row.containsKey("state") && isDeletedWhenLost(row) && !hasResource(row)).forEach(this::forget);
    }

    private boolean isDeletedWhenLost(Map<String, Object> offeringUser) {
        Map<String, Object> offering = world.offerings.get(offeringUser.get("offering_uuid"));
        return Boolean.TRUE.equals(WaldurWorld.pluginOptions(offering).get(AUTO_DELETION));
    }

    private void forget(Map<String, Object> offeringUser) {
        if ("Requested".equals(offeringUser.get("state"))) {
            state(offeringUser, "Deleted");
        } else if (OfferingUserStep.REQUEST_DELETION.from.contains(offeringUser.get("state"))) {
            state(offeringUser, "Requested deletion");
        }
    }

    private boolean hasResource(Map<String, Object> offeringUser) {
        return world.resources.values().stream().anyMatch(resource -> resource.get("offering_uuid").equals(offeringUser.get("offering_uuid"))
                && world.isLive(resource) && teams.getOrDefault(resource.get("project_uuid"), Set.of()).contains(offeringUser.get("user_uuid")));
    }

    /** As {@code team/} of a resource shows them. */
    List<Map<String, Object>> of(Map<String, Object> resource) {
        List<Map<String, Object>> members = new ArrayList<>();
        for (String user : teams.getOrDefault(resource.get("project_uuid"), Set.of())) {
            members.add(WaldurRows.member(world, user, offeringUser((String) resource.get("offering_uuid"), user).orElse(null)));
        }
        return members;
    }

    /** The uuid of a person by the name that he joined with, or by a username of his. */
    String person(String name) {
        String user = WaldurRows.id("user", name);
        return names.containsKey(user) ? user : world.offeringUsers.values().stream().filter(row -> name.equals(row.get("username")))
                .map(row -> (String) row.get("user_uuid")).findFirst().orElseThrow(() -> new IllegalArgumentException("nobody is called " + name));
    }

    /** The name that a person joined with; empty for a stranger. */
    Optional<String> name(String user) {
        return Optional.ofNullable(names.get(user));
    }

    /** The uuid of a person by what Waldur itself calls him. */
    Optional<String> byWaldurName(String username) {
        return Optional.ofNullable(waldurNames.get(username));
    }

    Optional<Map<String, Object>> offeringUser(String offering, String user) {
        return offeringUsers(user).stream().filter(row -> row.get("offering_uuid").equals(offering)).findFirst();
    }

    /** Of a person, one for each offering that he is known on. */
    List<Map<String, Object>> offeringUsers(String user) {
        return offeringUsers.getOrDefault(user, List.of());
    }

    void state(Map<String, Object> offeringUser, String state) {
        offeringUser.put("state", state);
        offeringUser.put("modified", world.now());
    }

    static boolean hasName(Map<String, Object> offeringUser) {
        return offeringUser.get("username") instanceof String username && !username.isEmpty();
    }
}
