package org.waldur.siteagent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the token of an offering comes from: {@code waldur_api_token} itself (or {@code ${NAME}} for an environment variable),
 * {@code waldur_api_token_file}, {@code waldur_api_token_env}, or {@code waldur_api_token_credential}, a name in the folder of
 * systemd's credentials (systemd.exec(5), LoadCredential). Exactly one of them.
 */
final class TokenSource {
    private static final String TOKEN = "waldur_api_token";
    private static final String FILE = "waldur_api_token_file";
    private static final String ENVIRONMENT = "waldur_api_token_env";
    private static final String CREDENTIAL = "waldur_api_token_credential";
    private static final List<String> KEYS = List.of(TOKEN, FILE, ENVIRONMENT, CREDENTIAL);
    private static final String POSSIBLE = "one of " + String.join(", ", KEYS);
    private static final List<String> OIDC = List.of("oidc_token_url", "oidc_client_id", "oidc_client_secret");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");
    static final String TOKEN_SIGNS = "[A-Za-z0-9._~+/=-]+";
    private static final Pattern POSSIBLE_TOKEN = Pattern.compile(TOKEN_SIGNS);
    private static final Pattern PLACEHOLDER = Pattern.compile("(?i)<.*>|(put|your|insert)[-_].*|change-?me|token|secret");

    private final Section offering;
    private final Path config;
    private final Map<String, String> environment;

    private TokenSource(Section offering, Path config, Map<String, String> environment) {
        this.offering = offering;
        this.config = config;
        this.environment = environment;
    }

    /** The token; empty, with a mistake, if there is none. A message never shows it. */
    static Optional<Secret> read(Section offering, Path config, Map<String, String> environment) {
        List<String> given = KEYS.stream().filter(offering::hasValue).toList();
        if (given.size() > 1) {
            offering.wrong(given.get(1), "the token is given in several ways: " + given, "only one of them");
        } else if (given.isEmpty() && OIDC.stream().anyMatch(offering::has)) {
            offering.wrong(TOKEN, "there is no token; this version cannot get one from an OIDC provider", POSSIBLE);
        } else if (given.isEmpty()) {
            offering.wrong(TOKEN, "there is no token", POSSIBLE);
        } else {
            TokenSource source = new TokenSource(offering, config, environment);
            return offering.text(given.get(0)).flatMap(value -> source.read(given.get(0), value)).map(Secret::new);
        }
        return Optional.empty();
    }

    private Optional<String> read(String key, String value) {
        Optional<String> token = switch (key) {
            case ENVIRONMENT -> variable(key, value);
            case FILE -> file(key, config.toAbsolutePath().resolveSibling(value));
            case CREDENTIAL -> credential(key, value);
            default -> VARIABLE.matcher(value).matches() ? variable(key, value.substring(2, value.length() - 1)) : Optional.of(value);
        };
        return token.filter(text -> possible(key, text));
    }

    private boolean possible(String key, String token) {
        if (PLACEHOLDER.matcher(token).matches()) {
            offering.wrong(key, key.equals(CREDENTIAL) ? "the file of this credential is not there (the unit's LoadCredential= names it)" : "the token has not been filled in yet",
                    "the token of a user who manages the offering, or " + POSSIBLE);
        } else if (token.contains("$") || token.contains("{")) {
            offering.wrong(key, "this reference is not replaced by anything", "${NAME} and nothing else, for the environment variable NAME");
        } else if (!isPossible(token)) {
            offering.wrong(key, "the token has blanks or other characters in it that no token has", Kind.TOKEN.right(""));
        } else {
            return true;
        }
        return false;
    }

    /** Whether it has only letters, digits and signs that tokens have. */
    static boolean isPossible(String token) {
        return POSSIBLE_TOKEN.matcher(token).matches();
    }

    private Optional<String> variable(String key, String name) {
        Optional<String> token = Optional.ofNullable(environment.get(name)).map(String::strip).filter(t -> !t.isEmpty());
        if (token.isEmpty()) {
            offering.wrong(key, "the environment variable " + name + " for the token is not set", name + " in the environment of the agent");
        }
        return token;
    }

    private Optional<String> credential(String key, String name) {
        String folder = environment.get("CREDENTIALS_DIRECTORY");
        if (folder == null) {
            offering.wrong(key, "there are no credentials of systemd here", "LoadCredential=" + name + ":/path in the unit, as the shipped units have it for"
                    + " waldur_token; or, for a run by hand, CREDENTIALS_DIRECTORY with the folder where a file " + name + " is, or another key for the token");
            return Optional.empty();
        }
        return file(key, Path.of(folder, name));
    }

    private Optional<String> file(String key, Path file) {
        try {
            String token = Files.readString(file).strip();
            if (token.isEmpty()) {
                offering.wrong(key, "the file " + file + " is empty", "the token in its first line");
                return Optional.empty();
            }
            if (key.equals(FILE) && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                offering.warn(key, "everybody can read the token in " + file + "; chmod o-r " + file);
            }
            return Optional.of(token);
        } catch (IOException e) {
            offering.wrong(key, "the file " + file + " cannot be read: " + Document.why(e), "a file with nothing but the token in it");
            return Optional.empty();
        }
    }
}
