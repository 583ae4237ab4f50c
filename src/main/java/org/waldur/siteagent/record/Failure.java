package org.waldur.siteagent.record;

/** What a failed step leaves behind, already bounded and without secrets; the fields are those of {@link DeadLetter}. */
public record Failure(String offering, String orders, String doing, String why, String command, String answer, String howToGoOn) {
}
