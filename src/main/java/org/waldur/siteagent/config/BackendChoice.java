package org.waldur.siteagent.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.waldur.siteagent.text.Nearest;

/**
 * Which backend an offering has, as a whole ({@code backend_type}) and for each mode ({@code order_processing_backend} ...). As with the
 * Python agent, an offering that has any key of a mode has only those modes whose key names a backend; the files of 2024 have no such
 * keys, and all modes.
 */
final class BackendChoice {
    private static final String SLURM = "slurm";
    private static final String TYPE = "backend_type";

    private BackendChoice() {
    }

    /** Whether the offering is one for us. Another backend is left alone with a warning, a slip in the word slurm is a mistake. */
    static boolean isSlurm(Located offering) {
        Map<String, Located> entries = offering.map();
        Stream<String> keys = Stream.concat(Stream.of(TYPE), Arrays.stream(Mode.values()).map(Mode::backendKey));
        List<Located> named = keys.map(entries::get).filter(Objects::nonNull).filter(backend -> !backend.isNull() && !backend.text().isBlank()).toList();
        boolean typed = named.contains(entries.get(TYPE));
        if (named.isEmpty() || !typed && named.stream().anyMatch(backend -> name(backend.text()).equals(SLURM))) {
            return true;
        }
        Located backend = named.get(0);
        String type = name(backend.text());
        if (type.equals(SLURM)) {
            return true;
        }
        if (Nearest.isSlip(type, SLURM)) {
            backend.wrong("'" + type + "' is not a backend", SLURM);
            return true;
        }
        backend.warn(offering.path(), "its backend is '" + type + "'; this version serves slurm only, and leaves the offering alone");
        return false;
    }

    /** The name of the backend of an offering of ours. */
    static String type(Section offering) {
        return offering.text(TYPE).map(BackendChoice::name).orElse(SLURM);
    }

    /** The modes that run for an offering of ours. */
    static Set<Mode> modes(Section offering) {
        Set<Mode> modes = EnumSet.allOf(Mode.class);
        if (modes.stream().anyMatch(mode -> offering.has(mode.backendKey()))) {
            modes.removeIf(mode -> !runs(mode, offering));
        }
        return modes;
    }

    private static boolean runs(Mode mode, Section offering) {
        String name = offering.text(mode.backendKey()).map(BackendChoice::name).orElse("");
        if (Nearest.isSlip(name, SLURM)) {
            offering.wrong(mode.backendKey(), "'" + name + "' is not a backend", SLURM);
        } else if (!name.isEmpty() && !name.equals(SLURM)) {
            offering.warn(mode.backendKey(), mode.backendKey() + " is '" + name + "'; this version serves slurm only, so " + mode.key()
                    + " does not run for the offering");
        }
        return name.equals(SLURM);
    }

    /** A backend besides slurm that the offering names for one of the modes. */
    static Optional<String> other(Section offering) {
        return Arrays.stream(Mode.values()).flatMap(mode -> offering.text(mode.backendKey()).stream())
                .filter(name -> !name(name).equals(SLURM)).findFirst();
    }

    private static String name(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }
}
