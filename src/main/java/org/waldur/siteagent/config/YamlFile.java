package org.waldur.siteagent.config;

import java.nio.file.Path;
import java.util.function.Function;

/** A file of our own that is YAML and is no config, read as a config is: all of it, or every mistake at once, with its line. */
public final class YamlFile {
    private YamlFile() {
    }

    /**
     * Reads a map of keys. Throws {@link ConfigException} with all that the reader has said is wrong.
     *
     * @param right  what would be right where this is no such file at all
     * @param reader may give anything where it has said that something is wrong
     */
    public static <T> T read(Path file, String right, Function<Located, T> reader) throws ConfigException {
        Findings findings = new Findings();
        T read = reader.apply(new Located(Document.read(file, right), "", findings));
        findings.refuse(file);
        return read;
    }
}
