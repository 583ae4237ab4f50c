package org.waldur.siteagent.route;

import java.nio.file.Path;

/** What is wrong in a route file. @param line 1-based; 0 if it is about the whole file @param advice what would be right; may be empty */
public record Mistake(Path file, int line, String message, String advice) {

    /** {@code FILE:LINE: what is wrong; what would be right}. */
    public String text() {
        return file + (line > 0 ? ":" + line : "") + ": " + message + (advice.isEmpty() ? "" : "; " + advice);
    }
}
