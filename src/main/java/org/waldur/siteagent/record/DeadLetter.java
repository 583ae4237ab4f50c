package org.waldur.siteagent.record;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What failed for good, for an operator. No field holds a secret; every field is bounded, but for the list of orders.
 *
 * @param orders    uuids with commas between, or what else it is about, as {@code home of alice}; {@code -}: no single order
 * @param doing     the step of the routes that failed
 * @param why       the cause in one line
 * @param command   the command line or request; empty if it was neither
 * @param answer    what the command or Waldur said
 * @param first     when it failed first, UTC
 * @param count     how often it has failed since
 * @param nextTry   not before this moment is it tried again by the service; a run with {@code --once} does not wait
 * @param howToGoOn what an operator can do
 * @param held      nothing failed: it waits for an operator
 */
@JsonPropertyOrder({"id", "offering", "orders", "doing", "why", "command", "answer", "first", "last", "count", "nextTry", "howToGoOn", "held"})
public record DeadLetter(String id, String offering, String orders, String doing, String why, String command, String answer,
        String first, String last, int count, String nextTry, String howToGoOn, boolean held) {

    /** A letter of another version may lack some of them, and no letter may be in the way of the others. */
    public DeadLetter {
        offering = Objects.requireNonNullElse(offering, "-");
        doing = Objects.requireNonNullElse(doing, "");
        why = Objects.requireNonNullElse(why, "");
        command = Objects.requireNonNullElse(command, "");
        answer = Objects.requireNonNullElse(answer, "");
        first = Objects.requireNonNullElse(first, "");
        last = Objects.requireNonNullElse(last, "");
        nextTry = Objects.requireNonNullElse(nextTry, "");
        howToGoOn = Objects.requireNonNullElse(howToGoOn, "");
    }

    /** Jobs whose letters are settled by a later run of the same job that goes well. */
    public enum Topic {
        USAGE("usage "), MEMBERS("account ", "members ", "team "), IMPORT("import ");

        private final List<String> beginnings;

        Topic(String... beginnings) {
            this.beginnings = List.of(beginnings);
        }
    }

    /** The job whose next run does again what failed; empty if that is a command of its own, which {@link #howToGoOn} names. */
    public Optional<String> job() {
        if (isAboutOrdersOrNone()) {
            return Optional.of("order-process");
        } else if (isAbout(Topic.USAGE)) {
            return Optional.of("report");
        } else if (isAbout(Topic.MEMBERS) || orders.startsWith("offering user ")) {
            return Optional.of("membership-sync");
        }
        return orders.startsWith("home ") ? Optional.of("create-homedirs") : Optional.empty();
    }

    /** The orders that it is about; empty if it is about something else. */
    public List<String> orderUuids() {
        return isAboutOrdersOrNone() && !orders.equals("-") ? List.of(orders.split(",")) : List.of();
    }

    boolean isAbout(Topic topic) {
        return topic.beginnings.stream().anyMatch(orders::startsWith);
    }

    boolean isAboutOrdersOrNone() {
        return orders.matches("-|[0-9a-f]{32}(,[0-9a-f]{32})*");
    }

    boolean concerns(String order) {
        return List.of(orders.split(",")).contains(order);
    }

    /** Whether it says that it is too early for another try. A moment that cannot be read never holds anything up. */
    boolean waits(Instant now) {
        try {
            return !nextTry.isEmpty() && now.isBefore(Instant.parse(nextTry));
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
