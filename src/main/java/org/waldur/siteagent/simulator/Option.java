package org.waldur.siteagent.simulator;

import java.util.Locale;

/**
 * One word after sacctmgr's entity: {@code key=value}, or a bare word.
 *
 * @param key   lower case; empty for a bare word
 * @param value of a bare word: the word
 */
record Option(String word, String key, String value) {
    static Option of(String word) {
        int equals = word.indexOf('=');
        return equals < 0 ? new Option(word, "", word)
                : new Option(word, word.substring(0, equals).toLowerCase(Locale.ROOT), word.substring(equals + 1));
    }

    boolean bare() {
        return key.isEmpty() && word.indexOf('=') < 0;
    }

    /** Whether this is the given keyword of the grammar, like {@code where} or {@code set}. */
    boolean is(String keyword) {
        return bare() && word.equalsIgnoreCase(keyword);
    }
}
