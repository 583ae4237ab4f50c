package org.waldur.siteagent.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.record.StateFile;
import org.waldur.siteagent.waldur.Text;

/**
 * The file {@code STATE_DIR/usage/loaded.json}: the months of each offering whose history Waldur has. It may be deleted at any time; one that
 * cannot be read is as good as none. What was loaded by other formulas does not count.
 */
final class LoadedMonths {
    private static final Logger LOG = LoggerFactory.getLogger("usage");
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path file;

    LoadedMonths(Path stateDir) {
        this.file = stateDir.resolve("usage").resolve("loaded.json");
    }

    boolean contains(Offering offering, YearMonth month, Formulas formulas) {
        return months(read(), offering, formulas).contains(month.toString());
    }

    void add(Offering offering, YearMonth month, Formulas formulas) {
        ObjectNode all = read();
        TreeSet<String> months = months(all, offering, formulas);
        months.add(month.toString());
        all.put("about", "months whose history is loaded, by offering. May be deleted at any time");
        ObjectNode entry = all.withObject("/offerings").putObject(offering.uuid()).put("formulas", formulas.toString());
        ArrayNode list = entry.putArray("months");
        months.forEach(list::add);
        try {
            StateFile.write(file, JSON.writeValueAsBytes(all));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is JSON", e);
        }
    }

    private static TreeSet<String> months(JsonNode all, Offering offering, Formulas formulas) {
        JsonNode entry = all.path("offerings").path(offering.uuid());
        TreeSet<String> months = new TreeSet<>();
        if (entry.path("formulas").asText().equals(formulas.toString())) {
            entry.path("months").forEach(month -> months.add(month.asText()));
        }
        return months;
    }

    private ObjectNode read() {
        try {
            if (JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode all && all.path("offerings").isObject()) {
                return all;
            }
            ignored("it is not what was written there");
        } catch (NoSuchFileException e) {
            // nothing is loaded yet
        } catch (IOException e) {
            ignored(e.getMessage());
        }
        return JSON.createObjectNode();
    }

    private void ignored(String why) {
        LOG.warn("{} cannot be read, so all months are looked at again: {}", file, Text.oneLine(why, 200));
    }
}
