package org.waldur.siteagent.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.waldur.siteagent.membership.MemberExplanation;
import org.waldur.siteagent.membership.MemberExplanation.Member;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "explain", mixinStandardHelpOptions = true,
        description = {"Why is a user in an account, or why not: what Waldur and the cluster say now, each reason with its source, what the next cycle is to do,"
                + " and what this agent has written about them so far.",
            "Nothing is changed."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:explained", "1:something could not be read, or nobody knows the name"},
        footerHeading = "%nExamples:%n",
        footer = {"  waldur-site-agent explain alice", "  waldur-site-agent explain hpc_physics"})
final class Explain implements Callable<Integer> {
    private static final int LAST = 10;

    @Mixin
    private ConfigOptions options;

    @Parameters(paramLabel = "USER|ACCOUNT", description = "A user of the cluster, or an account")
    private String name;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Instant read = options.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        MembersLook look = MembersLook.take(options, spec.commandLine());
        PrintWriter out = spec.commandLine().getOut();
        List<Member> members = look.facts().stream().flatMap(f -> MemberExplanation.of(f, name).stream()).toList();
        members.forEach(member -> {
            out.println(member.account() + "  " + member.user() + "  " + member.verdict());
            member.reasons().forEach(reason -> out.println("    " + reason));
        });
        if (members.isEmpty()) {
            out.println(name + ": no account of ours has this name or this user, and nobody on a team is called so");
        }
        out.println("Read at " + read + ".");
        history(look.settings().config().stateDir().resolve("audit.jsonl"), out);
        return !look.whole() || members.isEmpty() ? ExitCode.FAILED : ExitCode.GOOD;
    }

    /** The last writes whose command names him or it. */
    private void history(Path audit, PrintWriter out) throws IOException {
        if (!Files.isReadable(audit)) {
            return;
        }
        String word = name.toLowerCase(Locale.ROOT);
        Deque<AuditLine> last = new ArrayDeque<>();
        try (Stream<String> lines = Files.lines(audit)) {
            lines.filter(line -> line.toLowerCase(Locale.ROOT).contains(word)).map(AuditLine::of).filter(line -> line.names(word)).forEach(line -> {
                last.addLast(line);
                if (last.size() > LAST) {
                    last.removeFirst();
                }
            });
        }
        if (!last.isEmpty()) {
            out.println("Written by this agent [" + audit + "]:");
            last.forEach(line -> out.println("    " + line.text()));
        }
    }
}
