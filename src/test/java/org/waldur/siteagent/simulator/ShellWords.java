package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.List;

/** Words of a command line with the quotes of a shell; nothing is expanded. */
final class ShellWords {
    private ShellWords() {
    }

    static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (char next : line.toCharArray()) {
            if (quote != 0 && next == quote) {
                quote = 0;
            } else if (quote == 0 && (next == '\'' || next == '"')) {
                quote = next;
                word = word == null ? new StringBuilder() : word;
            } else if (quote == 0 && next == ' ') {
                if (word != null) {
                    words.add(word.toString());
                }
                word = null;
            } else {
                word = (word == null ? new StringBuilder() : word).append(next);
            }
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }
}
