package org.waldur.siteagent.record;

import java.io.IOException;
import java.nio.file.Path;

/** A line of the audit file could not be written. Before a write this stops the write; after it, it only says that its end is not recorded. */
public final class NotAudited extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotAudited(Path file, IOException cause) {
        super("the audit file " + file + " cannot be written (" + cause.getMessage() + "), and nothing is changed without a line there", null, false, false);
    }
}
