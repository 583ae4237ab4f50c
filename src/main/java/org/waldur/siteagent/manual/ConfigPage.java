package org.waldur.siteagent.manual;

import java.util.ArrayList;
import java.util.List;
import org.waldur.siteagent.config.Key;
import org.waldur.siteagent.config.Keys;

/** The manual page of the config, made of the same table as the README's. */
final class ConfigPage {
    static final String NAME = "waldur-site-agent-config";
    private static final int SECTION = 5;

    private ConfigPage() {
    }

    static String fileName() {
        return NAME + "." + SECTION;
    }

    static String text(String date, String version) {
        ManPage page = new ManPage(NAME, SECTION, date, version, "config of the Waldur site agent");
        page.heading("Description").paragraph("A file in YAML, named with `-c`; without it `waldur-site-agent-config.yaml` of the current folder, or else the one in `/etc/waldur`. `waldur-site-agent check -c FILE` says every"
                + " mistake in it, with its line. A key without a default must be there. An editor that knows JSON schemas checks and completes it with the one that"
                + " `waldur-site-agent config-schema` prints.");
        for (Keys keys : Keys.values()) {
            page.heading("Keys " + keys.place());
            keys.used().forEach(key -> page.item(key.name(), "", meaning(key)));
            if (!keys.unused().isEmpty()) {
                page.subheading("Accepted and not used");
                keys.unused().forEach(key -> page.item(key.name(), "", List.of(key.unused().orElseThrow())));
            }
        }
        return page.heading("See also").paragraph("**waldur-site-agent**(1), **waldur-site-agent-check**(1)").toString();
    }

    private static List<String> meaning(Key key) {
        List<String> lines = new ArrayList<>(List.of(key.meaning() + key.range()));
        if (!key.otherwise().isEmpty()) {
            lines.add("Default: " + key.otherwise());
        }
        return lines;
    }
}
