package org.waldur.siteagent.status;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.waldur.siteagent.record.DeadLetter;
import org.waldur.siteagent.status.CycleStatus.Held;
import org.waldur.siteagent.status.CycleStatus.Outcome;
import org.waldur.siteagent.status.CycleStatus.PlanStatus;
import org.waldur.siteagent.status.Status.ModeStatus;

/** The status as a page to look at. It has no script, loads nothing, and can change nothing; it looks again by itself. */
final class StatusPage {
    private static final int MOST = 100;
    private static final String NOTHING = "nothing to do";
    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="30">
            <title>%s: Waldur site agent</title>
            <style>
            :root { color-scheme: light dark; --line: #8884; --dim: #777; --good: #1a7f37; --held: #9a6700; --failed: #cf222e; }
            @media (prefers-color-scheme: dark) { :root { --dim: #999; --good: #3fb950; --held: #d29922; --failed: #f85149; } }
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
            h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
            p { margin: .3rem 0; } .dim { color: var(--dim); }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%%; } th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
            th { font-weight: 600; white-space: nowrap; } code { font-family: ui-monospace, monospace; font-size: .92em; } time { white-space: nowrap; }
            .state::before { content: "\\25CF\\00A0"; } .good { color: var(--good); } .held { color: var(--held); } .failed, .overdue { color: var(--failed); } .never { color: var(--dim); }
            </style>
            </head>
            <body>
            <h1>Waldur site agent: <span class="state %s" id="state">%s</span></h1>
            <p class="dim">as of <time>%s</time></p>
            %s
            </body>
            </html>
            """;

    private StatusPage() {
    }

    static String of(Status status) {
        String state = status.state().toString();
        return PAGE.formatted(state, state, state, status.at().truncatedTo(ChronoUnit.SECONDS), modes(status.modes()) + held(status.modes()) + letters(status.letters()));
    }

    private static String modes(List<ModeStatus> modes) {
        return table("Modes", "modes", List.of("mode", "state", "last cycle", "took", "plan", "changes", "waiting"), modes.stream().flatMap(StatusPage::mode));
    }

    private static Stream<String> mode(ModeStatus mode) {
        String state = "<span class=\"state " + mode.state() + "\">" + mode.state() + "</span>" + mode.cycles().filter(cycles -> !cycles.running().isEmpty())
                .map(cycles -> "<br><span class=\"dim\">runs since " + time(cycles.running()) + "</span>").orElse("");
        if (mode.last().isEmpty()) {
            return Stream.of(row(mode.mode().key(), state, "", "", "", "", ""));
        }
        Outcome last = mode.last().get();
        String when = time(last.ended()) + "<br><span class=\"dim\">" + mode.age().map(age -> Status.age(age) + " ago").orElse("") + "</span>";
        if (last.plans().isEmpty()) {
            return Stream.of(row(mode.mode().key(), state, when, took(last), "", last.isGood() ? NOTHING : "no plan was made", ""));
        }
        return last.plans().stream().map(plan -> row(mode.mode().key(), state, when, took(last), escaped(plan.offering()) + "<br><code>" + escaped(plan.checksum()) + "</code>",
                changes(plan), plan.waiting() == 0 ? "" : Integer.toString(plan.waiting())));
    }

    private static String took(Outcome outcome) {
        return Status.moment(outcome.began()).flatMap(began -> Status.moment(outcome.ended()).map(ended -> Status.age(Duration.between(began, ended)))).orElse("");
    }

    private static String changes(PlanStatus plan) {
        return plan.changes().isEmpty() ? NOTHING : plan.changes().entrySet().stream().map(StatusPage::kind).collect(Collectors.joining("<br>"));
    }

    private static String kind(Map.Entry<String, Integer> kind) {
        return kind.getValue() + " " + escaped(kind.getKey());
    }

    private static String held(List<ModeStatus> modes) {
        List<String> rows = modes.stream().flatMap(mode -> mode.last().stream()).flatMap(last -> last.plans().stream()).flatMap(plan -> plan.held().stream()
                .filter(Held::operator).map(held -> row(escaped(plan.offering()), escaped(held.what()), escaped(held.reason())))).toList();
        return rows.isEmpty() ? "" : table("Held for you", "held", List.of("offering", "what", "why, and how to go on"), rows.stream());
    }

    private static String letters(List<DeadLetter> letters) {
        String more = letters.size() > MOST ? "<p class=\"dim\">and " + (letters.size() - MOST) + " more</p>" : "";
        return letters.isEmpty() ? "" : table("Dead letters", "letters", List.of("what failed, and how to go on", "times, and the last"), letters.stream().limit(MOST)
                .map(letter -> row("<span class=\"dim\">" + escaped(letter.orders().equals("-") ? letter.offering() : letter.orders()) + ", <code>" + escaped(letter.id()) + "</code></span><br>" + escaped(letter.doing()) + ": "
                        + escaped(letter.why()) + "<br>" + escaped(letter.howToGoOn()), letter.count() + "<br>" + time(letter.last())))) + more;
    }

    private static String table(String title, String id, List<String> columns, Stream<String> rows) {
        return "<h2>" + title + "</h2>\n<div class=\"scroll\"><table id=\"" + id + "\">\n<tr>" + columns.stream().map(column -> "<th scope=\"col\">" + column + "</th>").collect(Collectors.joining())
                + "</tr>\n" + rows.collect(Collectors.joining()) + "</table></div>\n";
    }

    private static String time(String moment) {
        return "<time>" + escaped(moment) + "</time>";
    }

    /** @param cells HTML */
    private static String row(String... cells) {
        return Stream.of(cells).map(cell -> "<td>" + cell + "</td>").collect(Collectors.joining("", "<tr>", "</tr>\n"));
    }

    /** Texts come from Waldur, from Slurm, and from whoever wrote a file. */
    static String escaped(String text) {
        return text == null ? "" : text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }
}
