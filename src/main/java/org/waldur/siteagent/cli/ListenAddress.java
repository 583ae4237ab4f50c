package org.waldur.siteagent.cli;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the status page is: {@code PORT} on the loopback address, or {@code HOST:PORT}. */
final class ListenAddress {
    private static final Pattern ADDRESS = Pattern.compile("(?:(?<host>[^:\\s]+|\\[[0-9A-Fa-f:.]+\\]):)?(?<port>\\d{1,5})");
    private static final String LOOPBACK = "127.0.0.1";
    private static final int HIGHEST_PORT = 65_535;

    private ListenAddress() {
    }

    /** Empty for an empty text: nobody listens. Throws {@link IllegalArgumentException} for what is no address. */
    static Optional<InetSocketAddress> parse(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        Matcher address = ADDRESS.matcher(text.strip());
        if (!address.matches() || Integer.parseInt(address.group("port")) > HIGHEST_PORT) {
            throw new IllegalArgumentException("'" + text + "' is no address; right would be: 9464, or HOST:PORT");
        }
        String host = address.group("host") == null ? LOOPBACK : address.group("host");
        InetSocketAddress found = new InetSocketAddress(host, Integer.parseInt(address.group("port")));
        if (found.isUnresolved()) {
            throw new IllegalArgumentException("there is no host '" + host + "'; right would be: 9464, or HOST:PORT");
        }
        return Optional.of(found);
    }
}
