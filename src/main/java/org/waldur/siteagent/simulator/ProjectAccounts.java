package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Accounts of projects that are no persons': service accounts and those of courses, as a server has them since November 2025. */
final class ProjectAccounts {
    static final List<String> STATES = List.of("OK", "Closed", "Erred");
    private final WaldurWorld world;
    private final List<Account> accounts = new ArrayList<>();

    ProjectAccounts(WaldurWorld world) {
        this.world = world;
    }

    /** @param row without what is its project's */
    private record Account(boolean course, String offering, String project, Map<String, Object> row) {
    }

    /** One that is there already changes its state. */
    void put(boolean course, String offering, String projectSlug, String username, String state) {
        if (!STATES.contains(state)) {
            throw new IllegalArgumentException(state + " is none of " + STATES);
        }
        String project = WaldurRows.id("project", projectSlug);
        Optional<Account> there = accounts.stream().filter(account -> account.course() == course && account.offering().equals(offering)
                && account.project().equals(project) && Objects.equals(account.row().get("username"), username)).findFirst();
        Map<String, Object> row = there.map(Account::row).orElseGet(() -> course ? course(username) : service(username));
        row.put("state", state);
        row.put("modified", world.now());
        if (there.isEmpty()) {
            accounts.add(new Account(course, offering, project, row));
        }
    }

    private Map<String, Object> row(String endpoint, String username) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("uuid", world.uuid());
        row.put("url", world.api + endpoint + "/" + row.get("uuid") + "/");
        row.put("created", world.now());
        row.put("username", username);
        row.put("description", "");
        row.put("email", "");
        row.put("error_message", "");
        row.put("error_traceback", "");
        return row;
    }

    private Map<String, Object> service(String username) {
        Map<String, Object> row = row("marketplace-project-service-accounts", username);
        row.put("preferred_identifier", "");
        row.put("token", null);
        row.put("expires_at", null);
        row.put("customer_abbreviation", "");
        return row;
    }

    private Map<String, Object> course(String username) {
        Map<String, Object> row = row("marketplace-course-accounts", username);
        row.put("user_uuid", username == null ? null : WaldurRows.id("user", username));
        row.put("project_start_date", null);
        row.put("project_end_date", null);
        return row;
    }

    /** Those of projects that have a resource of the offering. */
    Reply list(boolean course, String offering, Map<String, List<String>> query) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Account account : accounts) {
            if (account.course() == course && account.offering().equals(offering)) {
                world.resources.values().stream().filter(resource -> resource.get("offering_uuid").equals(offering)
                        && resource.get("project_uuid").equals(account.project()) && world.isLive(resource)).findFirst()
                        .ifPresent(resource -> rows.add(shown(account, resource)));
            }
        }
        return WaldurPage.of(rows, query);
    }

    private static Map<String, Object> shown(Account account, Map<String, Object> resource) {
        Map<String, Object> row = new LinkedHashMap<>(account.row());
        row.put("project", account.project());
        for (String field : List.of("project_uuid", "project_name", "customer_uuid", "customer_name")) {
            row.put(field, resource.get(field));
        }
        if (account.course()) {
            row.put("project_slug", resource.get("project_slug"));
        }
        return row;
    }
}
