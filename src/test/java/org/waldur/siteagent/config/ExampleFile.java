package org.waldur.siteagent.config;

import java.util.ArrayList;
import java.util.List;

/** {@code examples/waldur-site-agent-config.yaml.example}, made of {@code keys.yaml}. */
final class ExampleFile {
    private static final String STEP = "  ";

    private final List<String> lines = new ArrayList<>();
    private final boolean everyKey;

    private ExampleFile(boolean everyKey) {
        this.everyKey = everyKey;
    }

    static String text() {
        return new ExampleFile(false).write();
    }

    /** The same where nothing is commented out. */
    static String withEveryKey() {
        return new ExampleFile(true).write().replaceAll("(?m)^( *)# ( *[\\w/]+:( \\{.*\\}| \\S+| Node hours| Whole nodes)?)$", "$1$2");
    }

    private String write() {
        KeysFile.text("head").lines().forEach(line -> lines.add("# " + line));
        keys(Keys.GLOBAL, "");
        return String.join("\n", lines) + "\n";
    }

    private void keys(Keys keys, String indent) {
        boolean first = true;
        for (Key key : keys.used().stream().filter(Key::isInExample).toList()) {
            if (key.isApart()) {
                lines.add("");
            }
            key.comment().forEach(comment -> lines.add(indent + "# " + comment));
            // an item of a list begins with a dash
            String margin = first && keys == Keys.OFFERING ? indent.substring(STEP.length()) + "- " : indent;
            lines.add(margin + (key.isActiveInExample() || everyKey ? "" : "# ") + key.name() + ":" + (key.example().isEmpty() ? "" : " " + key.example()));
            first = false;
            key.keys().ifPresent(beneath -> beneath(key, beneath, indent));
        }
    }

    private void beneath(Key key, Keys keys, String indent) {
        if (keys == Keys.COMPONENT) {
            KeysFile.text("components").lines().forEach(line -> lines.add(indent + STEP + line));
        } else {
            keys(keys, indent + (key.kind().filter(Kind.LIST::equals).isPresent() ? STEP + STEP : STEP));
        }
    }
}
