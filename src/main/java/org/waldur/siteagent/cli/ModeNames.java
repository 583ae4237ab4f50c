package org.waldur.siteagent.cli;

import java.util.Arrays;
import java.util.Iterator;
import org.waldur.siteagent.config.Mode;

/** What a shell offers after {@code -m}. */
final class ModeNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return Arrays.stream(Mode.values()).map(Mode::key).iterator();
    }
}
