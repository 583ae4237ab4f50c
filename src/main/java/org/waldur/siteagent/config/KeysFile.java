package org.waldur.siteagent.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;

/** {@code keys.yaml}, from which everything comes that is known about keys and environment variables. */
final class KeysFile {
    private static final Map<String, Located> FILE = read();

    private KeysFile() {
    }

    private static Map<String, Located> read() {
        try (InputStream in = KeysFile.class.getResourceAsStream("keys.yaml")) {
            return new Located(new Compose(LoadSettings.builder().build()).composeInputStream(in).orElseThrow(), "", new Findings()).map();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The keys of a place, or the environment variables, by name, in the order of the file. */
    static Map<String, Key> keys(String place) {
        Map<String, Key> keys = new LinkedHashMap<>();
        FILE.get(place).map().forEach((name, row) -> keys.put(name, new Key(name, row)));
        return keys;
    }

    /** A text that stands at the top of the file. */
    static String text(String name) {
        return FILE.get(name).text();
    }
}
