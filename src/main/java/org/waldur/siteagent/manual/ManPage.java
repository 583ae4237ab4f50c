package org.waldur.siteagent.manual;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A manual page in the macros of man(7), which groff and mandoc read. Texts are plain, but for `words` and **words** in bold. */
final class ManPage {
    private static final int WIDTH = 78;
    private final StringBuilder roff = new StringBuilder();
    /** A heading begins a paragraph by itself. */
    private boolean afterHeading;

    /** @param section of the manual, like 1 @param date of the page, YYYY-MM-DD @param source name and version of the program */
    ManPage(String name, int section, String date, String source, String summary) {
        line(".TH \"" + escaped(name.toUpperCase(Locale.ROOT)) + "\" " + section + " " + date + " \"" + escaped(source) + "\" \"Waldur site agent\"");
        // no hyphens in words that somebody may copy, and no blanks spread over the line
        line(".nh");
        line(".ad l");
        heading("Name");
        line(escaped(name) + " \\- " + formatted(summary));
    }

    ManPage heading(String heading) {
        line(".SH " + quoted(heading.toUpperCase(Locale.ROOT)));
        afterHeading = true;
        return this;
    }

    ManPage subheading(String heading) {
        line(".SS " + quoted(heading));
        afterHeading = true;
        return this;
    }

    ManPage paragraph(String text) {
        begin();
        return text(text);
    }

    private void begin() {
        if (!afterHeading) {
            line(".PP");
        }
    }

    /** A word to be written as it is, what comes after it, and what it means, further right. Either of the first two may be empty. */
    ManPage item(String word, String argument, List<String> meaning) {
        line(".TP");
        line(Stream.of(word.isEmpty() ? "" : "\\fB" + escaped(word) + "\\fR", argument.isEmpty() ? "" : "\\fI" + escaped(argument) + "\\fR").filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" ")));
        for (int i = 0; i < meaning.size(); i++) {
            if (i > 0) {
                line(".br");
            }
            text(meaning.get(i));
        }
        return this;
    }

    /** Lines that stay as they are. */
    ManPage verbatim(List<String> lines) {
        begin();
        line(".nf");
        lines.forEach(each -> line(protect(escaped(each))));
        line(".fi");
        return this;
    }

    private ManPage text(String text) {
        StringBuilder row = new StringBuilder();
        for (String word : formatted(text.strip()).split("\\s+")) {
            if (row.length() > 0 && row.length() + word.length() >= WIDTH) {
                line(protect(row.toString()));
                row.setLength(0);
            }
            row.append(row.length() == 0 ? "" : " ").append(word);
        }
        line(protect(row.toString()));
        return this;
    }

    private void line(String line) {
        roff.append(line).append('\n');
        afterHeading = false;
    }

    /** A text in which marked words are bold. */
    private static String formatted(String text) {
        return escaped(text).replaceAll("\\*\\*([^*]+)\\*\\*", "\\\\fB$1\\\\fR").replaceAll("`([^`]+)`", "\\\\fB$1\\\\fR");
    }

    private static String quoted(String text) {
        return "\"" + escaped(text) + "\"";
    }

    /** A backslash and a dash mean something else in roff, and a straight quote would end an argument. */
    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq").replace("'", "\\(aq");
    }

    /** A line that begins with a dot would be a command. */
    private static String protect(String line) {
        return line.startsWith(".") ? "\\&" + line : line;
    }

    @Override
    public String toString() {
        return roff.toString();
    }
}
