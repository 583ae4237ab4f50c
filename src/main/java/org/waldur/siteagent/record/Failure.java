package org.waldur.siteagent.record;

/** What a failed step leaves behind, already bounded and without secrets; the fields are those of {@link DeadLetter}. */
public record Failure(String offering, String orders, String doing, String why, String command, String answer, String howToGoOn, boolean held) {

    /** A cause without what differs each time: uuids, addresses and numbers, but for the code of an answer. */
    public static String kind(String cause) {
        return cause.replaceAll("(?i)\\b(?=[a-f-]*\\d)[0-9a-f][0-9a-f-]{6,}\\b", "#").replaceAll("(?<![0-9#])(?<!answered )\\d+(\\.\\d+)?", "#");
    }
}
