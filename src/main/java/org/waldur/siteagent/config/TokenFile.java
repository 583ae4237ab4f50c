package org.waldur.siteagent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.function.Consumer;

/** A token in a file of its own, beside the config. */
public final class TokenFile {
    private TokenFile() {
    }

    /**
     * The token. Throws {@link IllegalArgumentException}, whose message never shows it.
     *
     * @param warnings get what is not well and no mistake
     */
    public static Secret read(Path file, Consumer<String> warnings) {
        try {
            String token = Files.readString(file).strip();
            if (!TokenSource.isPossible(token)) {
                throw new IllegalArgumentException(token.isEmpty() ? "the file is empty; right would be: the token in its first line"
                        : "there is more in the file than a token; right would be: the token alone, 40 letters and digits as a rule");
            }
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                warnings.accept("everybody can read the token in " + file + "; chmod o-r " + file);
            }
            return new Secret(token);
        } catch (IOException e) {
            throw new IllegalArgumentException("the file cannot be read: " + Document.why(e) + "; right would be: a file with nothing but the token in it", e);
        }
    }
}
