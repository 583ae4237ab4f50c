package org.waldur.siteagent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code src/build/refresh-docs} calls: makes the example and the tables of the README anew, in the folder of the project. */
public final class RefreshDocs {
    static final Path README = Path.of("README.md");

    private RefreshDocs() {
    }

    /** @param args none */
    public static void main(String[] args) throws IOException {
        Files.writeString(Configs.EXAMPLE, ExampleFile.text());
        Files.writeString(README, ReadmeTables.in(Files.readString(README)));
    }
}
