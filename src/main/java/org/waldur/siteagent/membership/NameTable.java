package org.waldur.siteagent.membership;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A table of usernames that a site keeps: a line for each person, what Waldur calls him, a comma, and his username. Lines that begin with
 * {@code #} and blank ones are comments. Bean {@code nameTable} of the routes.
 */
public final class NameTable {
    private static final String NONE = "-";

    /**
     * The username of a person; {@code -} if the table does not have him.
     *
     * @param key what Waldur calls him, compared without regard to case; blank: nobody
     * @throws IOException           if the table cannot be read
     * @throws IllegalStateException for a table with another line in it, or with two names for him
     */
    public String username(String file, String key) throws IOException {
        if (key == null || key.isBlank()) {
            return NONE;
        }
        List<String> lines = Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int comma = line.lastIndexOf(',');
            if (comma < 1) {
                throw new IllegalStateException(file + ":" + (i + 1) + ": a line is what Waldur calls somebody, a comma, and his username");
            }
            if (line.substring(0, comma).strip().equalsIgnoreCase(key.strip())) {
                names.add(line.substring(comma + 1).strip());
            }
        }
        if (names.size() > 1) {
            throw new IllegalStateException(file + " has several usernames for one person: " + names);
        }
        return names.stream().findFirst().orElse(NONE);
    }
}
