package org.waldur.siteagent.config;

import java.util.Optional;
import org.waldur.siteagent.config.BackendSettings.DefaultAccountPolicy;
import org.waldur.siteagent.config.BackendSettings.MissingLimit;

/** Reads {@code backend_settings} of an offering whose backend is Slurm. */
final class SettingsReader {
    private static final String UMASK_KEY = "default_homedir_umask";
    private static final String OLD_UMASK_KEY = "homedir_umask";
    private static final String UMASK_OF_OTHERS = "0077";
    private static final int NAME_MAX_LEN = 34;
    private static final int LEAST_SLUG = 10;

    private final Section backend;

    private SettingsReader(Section backend) {
        this.backend = backend;
    }

    /** @param other another backend of the offering, whose keys may stand here, too */
    static BackendSettings read(Section offering, Optional<String> other) {
        Optional<Located> where = offering.get("backend_settings");
        if (where.isEmpty()) {
            offering.wrong("the key backend_settings is missing", "backend_settings: with default_account and the prefixes");
        }
        return where.filter(Located::isMap).map(at -> new SettingsReader(new Section(at, Keys.BACKEND, other)).read()).orElseGet(() -> {
            where.ifPresent(Located::map);
            return stand();
        });
    }

    private BackendSettings read() {
        backend.missing("default_account", "root");
        String defaultAccount = backend.matching("default_account").orElse("");
        backend.choice("execution_mode");
        boolean softDelete = backend.flag("soft_delete");
        if (softDelete) {
            backend.warn("soft_delete", "soft_delete is not done by this version: orders that terminate an allocation are held for you");
        }
        int maxLen = backend.whole("allocation_name_max_len");
        return new BackendSettings(defaultAccount, backend.choice("default_account_policy", DefaultAccountPolicy.class),
                prefix("customer_prefix", maxLen), prefix("project_prefix", maxLen), prefix("allocation_prefix", maxLen), maxLen,
                backend.matching("root_account").orElse(defaultAccount.isEmpty() ? "root" : defaultAccount),
                backend.matching("parent_account"), backend.matching("cluster_name"),
                backend.matching("slurm_bin_path").orElseGet(() -> backend.fallback("slurm_bin_path")).replaceAll("/+$", ""),
                backend.flag("enable_user_homedir_account_creation"), umask(),
                backend.matching("homedir_base_path"),
                backend.choice("missing_limit", MissingLimit.class), softDelete, MembershipReader.read(backend));
    }

    private static BackendSettings stand() {
        return new BackendSettings("", DefaultAccountPolicy.NONE, "", "", "", NAME_MAX_LEN, "root", Optional.empty(), Optional.empty(), "/usr/bin", false,
                UMASK_OF_OTHERS, Optional.empty(), MissingLimit.HOLD, false, MembershipSettings.USUAL);
    }

    private String prefix(String key, int maxLen) {
        if (backend.text(key).isEmpty()) {
            backend.wrong(key, "the key " + key + " is missing or empty; without it every account would look like ours", key + ": hpc_");
        }
        String prefix = backend.matching(key).orElse("missing_");
        if (prefix.length() > maxLen - LEAST_SLUG) {
            backend.wrong(key, "'" + prefix + "' leaves less than " + LEAST_SLUG + " of allocation_name_max_len (" + maxLen + ") for the name itself",
                    key + ": hpc_");
        }
        return prefix;
    }

    private String umask() {
        boolean old = backend.text(OLD_UMASK_KEY).isPresent();
        boolean both = old && backend.text(UMASK_KEY).isPresent();
        if (old) {
            backend.warn(OLD_UMASK_KEY, "homedir_umask is the old name of default_homedir_umask" + (both ? ", which is there, too, and counts" : ""));
        }
        String key = old && !both ? OLD_UMASK_KEY : UMASK_KEY;
        String umask = backend.matching(key).orElse(UMASK_OF_OTHERS);
        String four = umask.length() == 3 ? "0" + umask : umask;
        // the Python agent's example had 0700 for years, which is a mode and not a mask
        if (four.charAt(1) != '0') {
            backend.warn(key, key + ": " + umask + " would lock the owner out of his home and open it to everybody; " + UMASK_OF_OTHERS + " is used");
            return UMASK_OF_OTHERS;
        }
        return four;
    }
}
