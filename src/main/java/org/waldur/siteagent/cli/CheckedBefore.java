package org.waldur.siteagent.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.record.StateFile;
import org.waldur.siteagent.route.RouteCheck;

/**
 * Remembers that a service has found its routes without a mistake, as {@code STATE_DIR/checked-routes}: while nothing has changed of all that the check
 * looks at, the next start of a service is spared it, a quarter of its time. Whoever deletes the file has them checked again.
 */
final class CheckedBefore {
    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private final Path file;
    private final Optional<String> fingerprint;

    CheckedBefore(Path file, Optional<String> fingerprint) {
        this.file = file;
        this.fingerprint = fingerprint;
    }

    /** What a service remembers; anything else remembers nothing. */
    static CheckedBefore of(Settings settings) {
        Optional<String> fingerprint = settings.once() ? Optional.empty() : program().flatMap(program -> fingerprint(settings.routes(), settings.properties(), program));
        return new CheckedBefore(settings.config().stateDir().resolve("checked-routes"), fingerprint);
    }

    boolean holds() {
        try {
            return fingerprint.isPresent() && fingerprint.get().equals(Files.readString(file));
        } catch (IOException e) {
            return false;
        }
    }

    /** From now on they are known to be good. Where it cannot be written they are checked again, and nothing fails for it. */
    void remember() {
        try {
            fingerprint.ifPresent(print -> StateFile.write(file, print.getBytes(StandardCharsets.UTF_8)));
        } catch (UncheckedIOException e) {
            LOG.warn("The routes will be checked again at the next start: {}", e.getMessage());
        }
    }

    /** Which program this is; empty if it is none that was installed. */
    private static Optional<String> program() {
        try {
            Path jar = Path.of(CheckedBefore.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return Files.isRegularFile(jar) ? Optional.of(Agent.VERSION + " " + jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar) + " "
                    + System.getProperty("java.version")) : Optional.empty();
        } catch (IOException | URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Changes with everything that the check looks at: the files of the folder, the properties, and the program with its beans. Empty if they cannot be read. */
    static Optional<String> fingerprint(Path routes, Properties properties, String program) {
        try (Stream<Path> files = Files.list(routes)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, program);
            for (String name : new TreeSet<>(properties.stringPropertyNames())) {
                add(digest, name);
                add(digest, properties.getProperty(name));
            }
            for (Path each : files.sorted().toList()) {
                add(digest, each.toString());
                // nobody looks into what is no route file, and it may be of any size
                add(digest, Files.isDirectory(each) ? names(each) : each.toString().endsWith(RouteCheck.EXTENSION) ? HexFormat.of().formatHex(Files.readAllBytes(each)) : "");
            }
            return Optional.of(HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString).sorted().collect(Collectors.joining("\n", "a folder\n", ""));
        }
    }

    /** With its length, so that nothing can move from one text into the next. */
    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
    }
}
