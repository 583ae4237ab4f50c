package org.waldur.siteagent.packaging;

import java.nio.file.Path;
import java.util.List;

/** What the build has made. */
final class Built {
    private static final String VERSION = System.getProperty("agent.version");
    static final Path TARGET = Path.of("target").toAbsolutePath();
    static final Path DEB = TARGET.resolve("waldur-site-agent_" + VERSION + "_all.deb");
    static final Path RPM = TARGET.resolve("waldur-site-agent-" + VERSION + "-1.noarch.rpm");
    static final Path TAR = TARGET.resolve("waldur-site-agent-" + VERSION + ".tar.gz");

    static final String CONFIG = "/etc/waldur/waldur-site-agent-config.yaml";
    static final String ROUTES = "/etc/waldur/routes";
    static final String HOME = "/usr/share/waldur-site-agent";
    static final String STATE = "/var/lib/waldur-site-agent";
    static final List<String> COMMANDS = List.of("waldur-site-agent", "waldur_site_agent", "waldur_site_create_homedirs", "waldur_site_diagnostics",
            "waldur_site_load_components");
    static final List<String> UNITS = List.of("waldur-agent-homedirs.path", "waldur-agent-homedirs.service", "waldur-agent-membership-sync.service",
            "waldur-agent-order-process.service", "waldur-agent-report.service", "waldur-agent.service");

    private Built() {
    }

    static String version() {
        return VERSION;
    }
}
