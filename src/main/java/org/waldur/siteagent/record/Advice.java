package org.waldur.siteagent.record;

import java.io.IOException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.waldur.siteagent.exec.CommandFailed;
import org.waldur.siteagent.exec.LockBusy;
import org.waldur.siteagent.plan.NotAsPlanned;
import org.waldur.siteagent.plan.OrderHeld;
import org.waldur.siteagent.slurm.AccountTakenOver;
import org.waldur.siteagent.slurm.ClusterUnknown;
import org.waldur.siteagent.waldur.AnswerUnreadable;
import org.waldur.siteagent.waldur.CertificateRefused;

/** What an operator can do about a failure, in one or two sentences. */
public final class Advice {
    private static final String AGAIN = " Nothing is lost: it is tried again, later each time; at once with waldur-site-agent --once.";

    private Advice() {
    }

    /** The same for who only asks how things are, and loses nothing. */
    public static String briefly(Throwable cause) {
        return about(cause, "-").replace(AGAIN, "");
    }

    /** @param subject what it is about, see {@link DeadLetter#orders()} */
    public static String about(Throwable cause, String subject) {
        if (subject.startsWith("home of ")) {
            return "Run the command by hand, or mend what is said here; nobody waits for it. It is tried again when home directories are made next; now with"
                    + " waldur-site-agent create-homedirs.";
        }
        if (subject.startsWith("home directories")) {
            return "Mend what is said here, then run waldur-site-agent create-homedirs.";
        }
        if (subject.startsWith("component")) {
            return "Mend it in Waldur or in the config, then run waldur-site-agent load-components again.";
        }
        if (subject.startsWith("import ")) {
            return "Mend it, then look again with waldur-site-agent import: what is done already is not done again.";
        }
        if (subject.startsWith("history")) {
            return "Mend it, then run waldur-site-agent usage load again: it goes on where it was.";
        }
        if (subject.startsWith("members of account ") && cause instanceof OrderHeld) {
            return "Look at it with waldur-site-agent plan -m membership_sync; nothing is done about it before you say so, or it has passed.";
        }
        if (subject.startsWith("offering user ") && !(cause instanceof HttpOperationFailedException || cause instanceof IOException || cause instanceof CommandFailed)) {
            return "Mend what gives usernames (the route name-offering-user in hooks.camel.yaml), or what it was told of this person." + AGAIN;
        }
        return about(cause);
    }

    private static String about(Throwable cause) {
        if (cause instanceof OrderHeld) {
            return "The order waits for you: mend what is said here, and the next cycle carries it on.";
        }
        if (cause instanceof LockBusy) {
            return "Another structural write on this host takes long; if that process hangs, end it." + AGAIN;
        }
        if (cause instanceof CommandFailed failed) {
            return command(failed) + AGAIN;
        }
        if (cause instanceof HttpOperationFailedException refusal) {
            return answer(refusal.getStatusCode()) + AGAIN;
        }
        if (cause instanceof SSLException || cause instanceof CertificateRefused) {
            return "Check the certificate of waldur_api_url against ca_file of this offering." + AGAIN;
        }
        if (cause instanceof IOException || cause instanceof AnswerUnreadable) {
            return "Check waldur_api_url and proxy of this offering, and whether Waldur answers there." + AGAIN;
        }
        if (cause instanceof ClusterUnknown) {
            return "No order of this offering is carried out until the whole cluster can be read." + AGAIN;
        }
        if (cause instanceof NotAsPlanned) {
            return "Look at what the cluster shows: sacctmgr show association tree." + AGAIN;
        }
        if (cause instanceof AccountTakenOver) {
            return "Put those accounts back with sacctmgr modify account, as said here; the orders are tried again.";
        }
        if (cause instanceof NotAudited) {
            return "Make room on that file system, or let the agent's user write there." + AGAIN;
        }
        return "This is a mistake in a route or in the agent: run waldur-site-agent check, mend the route that is named here, restart." + AGAIN;
    }

    private static String command(CommandFailed failed) {
        String said = failed.output().toLowerCase(Locale.ROOT);
        if (said.contains("permission denied") || said.contains("sufficient privileges")) {
            return "Grant the agent's user its right: sacctmgr -i modify user where name=" + System.getProperty("user.name") + " set adminlevel=Operator.";
        }
        if (failed.exitCode() == 127) {
            return "The program is not where the agent looks for it: check slurm_bin_path of this offering, or the route.";
        }
        return failed.commandLine().contains("sacctmgr") ? "Run the command by hand; if Slurm's database does not answer, look at slurmdbd and its log."
                : "Run the command by hand, and mend what it says.";
    }

    private static String answer(int code) {
        return switch (code) {
            case 401 -> "Waldur does not accept the token of this offering: make a new one, write it into the config, restart.";
            case 403 -> "The token's user lacks a right on this offering: he needs OFFERING.MANAGER, or is an owner of its organisation.";
            case 404 -> "Waldur does not have it, or does not show it to the token's user: check waldur_offering_uuid and his role.";
            default -> code >= 500 || code == 429 ? "Waldur has trouble of its own." : "Waldur refuses this; what it says is the answer here.";
        };
    }
}
