package org.waldur.siteagent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the token of an offering comes from: {@code waldur_api_token} itself (or {@code ${NAME}} for an environment variable),
 * {@code waldur_api_token_file}, {@code waldur_api_token_env}, or {@code waldur_api_token_credential}, a name in the folder of
 * systemd's credentials (systemd.exec(5), LoadCredential). Exactly one of them.
 */
final class TokenSource {
    private static final List<String> KEYS = List.of("waldur_api_token", "waldur_api_token_file", "waldur_api_token_env",
            "waldur_api_token_credential");

    private TokenSource() {
    }

    /** The token; empty, with a mistake, if there is none. A message never shows it. */
    static Optional<Secret> read(Section offering, Path config, Map<String, String> environment, List<String> warnings) {
        List<String> given = new ArrayList<>(KEYS.stream().filter(key -> offering.text(key).isPresent()).toList());
        if (given.size() != 1) {
            offering.wrong(given.isEmpty() ? "no token is given" : "the token is given in several ways: " + given, "one of " + KEYS);
            return Optional.empty();
        }
        String key = given.get(0);
        String value = offering.text(key).orElseThrow();
        Optional<String> token = switch (key) {
            case "waldur_api_token" -> value.matches("\\$\\{\\w+}") ? environment(offering, value.substring(2, value.length() - 1), environment)
                    : Optional.of(value);
            case "waldur_api_token_env" -> environment(offering, value, environment);
            case "waldur_api_token_file" -> file(offering, key, config.toAbsolutePath().resolveSibling(value), warnings);
            default -> credential(offering, value, environment, warnings);
        };
        if (token.isPresent() && !token.get().matches("[!-~]+")) {
            offering.get(key).orElseThrow().wrong("the token has blanks or control characters in it", "the token alone, 40 letters and digits as a rule");
            return Optional.empty();
        }
        return token.map(Secret::new);
    }

    private static Optional<String> environment(Section offering, String name, Map<String, String> environment) {
        Optional<String> token = Optional.ofNullable(environment.get(name)).map(String::strip).filter(t -> !t.isEmpty());
        if (token.isEmpty()) {
            offering.wrong("the environment variable " + name + " for the token is not set", name + " in the environment of the agent");
        }
        return token;
    }

    private static Optional<String> credential(Section offering, String name, Map<String, String> environment, List<String> warnings) {
        String folder = environment.get("CREDENTIALS_DIRECTORY");
        if (folder == null) {
            offering.wrong("there are no credentials of systemd here", "LoadCredential=" + name + ":/path in the unit, or another key for the token");
            return Optional.empty();
        }
        return file(offering, "waldur_api_token_credential", Path.of(folder, name), List.copyOf(warnings));
    }

    private static Optional<String> file(Section offering, String key, Path file, List<String> warnings) {
        try {
            String token = Files.readString(file).strip();
            if (token.isEmpty()) {
                offering.get(key).orElseThrow().wrong("the file " + file + " is empty", "the token in its first line");
                return Optional.empty();
            }
            boolean open = key.endsWith("_file") && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
            if (open) {
                warnings.add("everybody can read the token in " + file + "; chmod o-r " + file);
            }
            return Optional.of(token);
        } catch (IOException | UnsupportedOperationException e) {
            offering.get(key).orElseThrow().wrong("the file " + file + " cannot be read (" + e.getClass().getSimpleName() + ")",
                    "a file that " + System.getProperty("user.name") + " can read");
            return Optional.empty();
        }
    }
}
