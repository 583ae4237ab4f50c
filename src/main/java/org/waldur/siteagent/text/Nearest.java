package org.waldur.siteagent.text;

import java.util.Collection;
import java.util.Comparator;

/** The word that somebody may have meant. */
public final class Nearest {
    private Nearest() {
    }

    /** The word of a collection that is nearest to a word; empty if there is none. */
    public static String of(String word, Collection<String> words) {
        return words.stream().min(Comparator.comparingInt(other -> distance(other, word))).orElse("");
    }

    /** Whether a word is another one with a slip or two of the finger. */
    public static boolean isSlip(String word, String meant) {
        return !word.equals(meant) && distance(word, meant) <= 2;
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
