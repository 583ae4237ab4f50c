package org.waldur.siteagent.shadow;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.waldur.siteagent.config.Mode;

/** What is printed of a cycle: what is new, what is gone, and a summary. */
public final class Lines {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Lines() {
    }

    /** For people. */
    public static List<String> text(Instant now, Mode mode, Watch.Cycle cycle) {
        String head = now.truncatedTo(ChronoUnit.SECONDS) + " " + mode.key();
        List<String> lines = new ArrayList<>();
        cycle.fresh().forEach(d -> {
            lines.add(head + " " + d.offering() + " new:  " + (d.held() ? "= " : "+ ") + d.what());
            if (!d.reason().isEmpty()) {
                lines.add("      because " + d.reason());
            }
            d.facts().forEach(fact -> lines.add("      fact: " + fact));
        });
        cycle.gone().forEach(d -> lines.add(head + " " + d.offering() + " gone: " + (d.held() ? "= " : "+ ") + d.what()));
        lines.add(head + ": " + cycle.same() + " changes as before, " + cycle.fresh().size() + " new, " + cycle.gone().size() + " gone; " + cycle.waiting()
                + " too young to be named, " + cycle.settled() + " settled without us so far" + (cycle.whole() ? "" : "; NOT EVERYTHING COULD BE READ, see the log"));
        return lines;
    }

    /** For programs: an object a line. */
    public static List<String> json(Instant now, Mode mode, Watch.Cycle cycle) {
        List<String> lines = new ArrayList<>();
        cycle.fresh().forEach(d -> lines.add(json(now, mode, "new", d)));
        cycle.gone().forEach(d -> lines.add(json(now, mode, "gone", d)));
        lines.add(head(now, mode, "cycle").put("same", cycle.same()).put("new", cycle.fresh().size()).put("gone", cycle.gone().size()).put("waiting", cycle.waiting())
                .put("settled", cycle.settled()).put("whole", cycle.whole()).toString());
        return lines;
    }

    private static String json(Instant now, Mode mode, String event, Difference d) {
        ObjectNode line = head(now, mode, event).put("offering", d.offering()).put("held", d.held()).put("what", d.what()).put("reason", d.reason());
        d.facts().forEach(line.putArray("facts")::add);
        return line.toString();
    }

    private static ObjectNode head(Instant now, Mode mode, String event) {
        return JSON.createObjectNode().put("time", now.truncatedTo(ChronoUnit.SECONDS).toString()).put("event", event).put("mode", mode.key());
    }
}
