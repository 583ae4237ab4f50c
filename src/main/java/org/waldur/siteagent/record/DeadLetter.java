package org.waldur.siteagent.record;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What failed for good, for an operator. No field holds a secret; every field is bounded.
 *
 * @param orders    uuids with commas between; {@code -}: no single order
 * @param doing     the step of the routes that failed
 * @param why       the cause in one line
 * @param command   the command line or request; empty if it was neither
 * @param answer    what the command or Waldur said
 * @param first     when it failed first, UTC
 * @param count     how often it has failed since
 * @param nextTry   not before this moment is it tried again by the service; a run with {@code --once} does not wait
 * @param howToGoOn what an operator can do
 */
@JsonPropertyOrder({"id", "offering", "orders", "doing", "why", "command", "answer", "first", "last", "count", "nextTry", "howToGoOn"})
public record DeadLetter(String id, String offering, String orders, String doing, String why, String command, String answer,
        String first, String last, int count, String nextTry, String howToGoOn) {
}
