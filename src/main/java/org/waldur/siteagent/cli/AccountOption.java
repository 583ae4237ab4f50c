package org.waldur.siteagent.cli;

import java.util.Locale;
import java.util.Set;
import org.waldur.siteagent.text.Nearest;
import picocli.CommandLine;

/** An account on the command line. */
final class AccountOption {
    private AccountOption() {
    }

    /** Throws a mistake of the command line for what can be no account of ours. @param option what is said before it; empty: nothing */
    static void mustBePossible(CommandLine line, String option, String account) {
        if (account.isBlank() || account.startsWith("-") || account.matches(".*[\\s,{}|=].*")) {
            throw new CommandLine.ParameterException(line, (option + " '" + account + "'").strip() + ": is no name of an account; right would be one, like hpc_name");
        }
    }

    /** Throws a mistake of the command line if no resource has this account. */
    static void mustBeThere(CommandLine line, String option, String account, Set<String> accounts) {
        if (!accounts.contains(account.toLowerCase(Locale.ROOT))) {
            String nearest = Nearest.of(account, accounts.stream().filter(name -> !name.isEmpty()).toList());
            throw new CommandLine.ParameterException(line, (option + " " + account).strip() + ": no resource has this account"
                    + (nearest.isEmpty() ? "; no resource has any" : "; the nearest is " + nearest));
        }
    }
}
