package org.waldur.siteagent.simulator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.waldur.siteagent.simulator.WaldurWorld.Dialect;

/** {@code marketplace-offering-users/}: lists, usernames, and the life cycle, which Waldur 7 does not have. */
final class OfferingUsersApi {
    private static final Pattern ONE = Pattern.compile("marketplace-offering-users/([^/]+)/(?:(\\w+)/)?");
    private static final int USERNAME = 100;
    private static final String COMMENT = "service_provider_comment";
    private static final String COMMENT_URL = "service_provider_comment_url";
    private final WaldurWorld world;

    OfferingUsersApi(WaldurWorld world) {
        this.world = world;
    }

    /** Whether a body is refused here and in Waldur's own words, and not by the contract. */
    static boolean judges(WaldurRequest request) {
        return !request.method().equals("GET") && ONE.matcher(request.path()).matches();
    }

    /** Empty for a path that is none of offering users'. */
    Optional<Reply> answer(WaldurRequest request, Map<String, Object> body) {
        if (request.path().equals("marketplace-offering-users/") && request.method().equals("GET")) {
            return Optional.of(list(request.query()));
        }
        Matcher path = ONE.matcher(request.path());
        if (!path.matches()) {
            return Optional.empty();
        }
        String action = path.group(2) == null ? "" : path.group(2);
        Optional<OfferingUserStep> step = OfferingUserStep.of(action);
        if (!(action.isEmpty() || action.equals("update_restricted")) && isOld()) {
            return Optional.of(Reply.notFoundPage());
        }
        Map<String, Object> row = world.offeringUsers.get(WaldurApi.hex(path.group(1)));
        if (row == null) {
            return Optional.of(Reply.notFound("OfferingUser"));
        }
        BodyReader reader = new BodyReader(body);
        return Optional.of(switch (request.method() + " " + action) {
            case "GET " -> Reply.of(200, WaldurPage.fields(row, request.query()));
            case "PATCH ", "PUT " -> name(row, reader, request.method().equals("PUT"));
            case "POST update_restricted" -> restrict(row, reader);
            case "PATCH update_comments" -> comment(row, reader);
            default -> step.filter(s -> request.method().equals("POST")).map(s -> step(row, s, reader)).orElseGet(Reply::notFoundPage);
        });
    }

    /** In the order of usernames unless another is asked for, which changes as usernames are given. */
    private Reply list(Map<String, List<String>> query) {
        RowFilter filter = new RowFilter(query).uuid("user_uuid").flag("is_restricted").since("created").since("modified");
        WaldurPage.last(query, "user_username").ifPresent(name -> filter.and(row -> name.equalsIgnoreCase((String) row.get("user_username"))));
        List<Map<String, Object>> rows = isOld() ? filter.uuid("offering_uuid").of(world.offeringUsers.values())
                : filter.anyUuid("offering_uuid").any("state").of(world.offeringUsers.values());
        String order = WaldurPage.last(query, "o").orElse("username");
        if (!order.equals("created")) {
            // as they were made is how they stand here already, which matters with many
            rows.sort(RowFilter.order(order));
        }
        return WaldurPage.of(rows, query);
    }

    /** A username that is new makes an offering user OK; the one that he has already does not. */
    private Reply name(Map<String, Object> row, BodyReader body, boolean whole) {
        if (whole) {
            List.of("user", "offering").forEach(body::required);
        }
        String username = body.free("username", USERNAME);
        if (!body.errors().isEmpty()) {
            return Reply.of(400, body.errors());
        }
        if (body.has("username")) {
            Object before = row.put("username", username);
            world.teams.named(row);
            if (!isOld() && Teams.hasName(row) && !username.equals(before) && OfferingUserStep.UNNAMED.contains(row.get("state"))) {
                row.put("state", "OK");
            }
        }
        touch(row);
        return Reply.of(200, WaldurPage.fields(row, Map.of()));
    }

    private Reply restrict(Map<String, Object> row, BodyReader body) {
        body.required("is_restricted");
        boolean restricted = body.errors().isEmpty() && body.flag("is_restricted");
        if (!body.errors().isEmpty()) {
            return Reply.of(400, body.errors());
        }
        row.put("is_restricted", restricted);
        touch(row);
        return Reply.ok();
    }

    private Reply step(Map<String, Object> row, OfferingUserStep step, BodyReader body) {
        if (!step.from.contains(row.get("state"))) {
            return Reply.wrongState(String.join(", ", step.from));
        }
        boolean pending = step.to.startsWith("Pending");
        if (pending) {
            String comment = body.free("comment", Integer.MAX_VALUE);
            String url = body.url("comment_url");
            if (!body.errors().isEmpty()) {
                return Reply.of(400, body.errors());
            }
            put(row, COMMENT, comment);
            put(row, COMMENT_URL, url);
        } else if (step == OfferingUserStep.SET_VALIDATION_COMPLETE) {
            row.put(COMMENT, "");
            row.put(COMMENT_URL, "");
        }
        world.teams.state(row, step.to);
        return Reply.ok();
    }

    private Reply comment(Map<String, Object> row, BodyReader body) {
        if ("Deleted".equals(row.get("state"))) {
            return Reply.wrongState(String.join(", ", OfferingUserStep.STATES.stream().filter(state -> !state.equals("Deleted")).toList()));
        }
        String comment = body.free(COMMENT, Integer.MAX_VALUE);
        String url = body.url(COMMENT_URL);
        if (!body.errors().isEmpty()) {
            return Reply.of(400, body.errors());
        }
        put(row, COMMENT, comment);
        put(row, COMMENT_URL, url);
        touch(row);
        return Reply.ok();
    }

    private static void put(Map<String, Object> row, String field, String value) {
        if (value != null) {
            row.put(field, value);
        }
    }

    private void touch(Map<String, Object> row) {
        row.put("modified", world.now());
    }

    private boolean isOld() {
        return world.dialect == Dialect.V7;
    }
}
