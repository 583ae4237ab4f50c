package org.waldur.siteagent.rehearsal;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.waldur.siteagent.record.DeadLetter;
import org.waldur.siteagent.simulator.SlurmAssociation;

/** Compares what is there with what was expected. */
final class Looks {
    private final Stage stage;
    private final List<DeadLetter> letters;
    private final List<String> unmet = new ArrayList<>();

    Looks(Stage stage, List<DeadLetter> letters) {
        this.stage = stage;
        this.letters = letters;
    }

    /** What is not as expected, a line each. */
    List<String> unmet(Expectation expected) {
        expected.orders().forEach((name, state) -> is("the last order of " + name, state, stage.waldur.order(stage.last(name)).get("state")));
        expected.resources().forEach((name, state) -> is("the resource " + name, state, stage.waldur.resource(stage.last(name)).get("state")));
        expected.accounts().forEach(account -> is("the account " + stage.account(account), "there", there(account)));
        expected.noAccounts().forEach(account -> is("the account " + stage.account(account), "not there", there(account)));
        expected.users().forEach((account, users) -> is("the users of " + stage.account(account), users.stream().sorted().toList(), users(stage.account(account))));
        expected.limits().forEach((account, limits) -> limits.forEach((tres, minutes) -> same("GrpTRESMins of " + stage.account(account) + ", " + tres, minutes,
                limits(stage.account(account)).get(tres))));
        expected.usages().forEach((account, usages) -> usages.forEach((component, amount) -> same("the usage of " + stage.account(account) + ", " + component, amount,
                usage(stage.account(account), component))));
        expected.commands().forEach(text -> is("a command that ended with 0 and has '" + stage.filled(text) + "' in it", "there", commands(text, "0 ") ? "there" : "not there"));
        expected.noCommands().forEach(text -> is("a command that has '" + stage.filled(text) + "' in it", "not there", commands(text, "") ? "there" : "not there"));
        count("dead letters of what failed", expected.deadLetters(), letters.stream().filter(letter -> !letter.held()).count());
        count("dead letters of what is held", expected.held(), letters.stream().filter(DeadLetter::held).count());
        return unmet;
    }

    private void is(String what, Object wanted, Object found) {
        if (!wanted.equals(found)) {
            unmet.add(what + ": expected " + wanted + ", and it is " + found);
        }
    }

    private void same(String what, BigDecimal wanted, BigDecimal found) {
        if (found == null || wanted.compareTo(found) != 0) {
            unmet.add(what + ": expected " + wanted + ", and it is " + (found == null ? "not there" : found));
        }
    }

    private void count(String what, OptionalInt wanted, long found) {
        wanted.ifPresent(number -> is(what, (long) number, found));
    }

    private List<SlurmAssociation> associations(String account) {
        return stage.slurm.associations().stream().filter(a -> a.account().equals(account)).toList();
    }

    private String there(String account) {
        return associations(stage.account(account)).isEmpty() ? "not there" : "there";
    }

    private List<String> users(String account) {
        return associations(account).stream().map(SlurmAssociation::user).filter(user -> !user.isEmpty()).sorted().toList();
    }

    private Map<String, BigDecimal> limits(String account) {
        return associations(account).stream().filter(a -> a.user().isEmpty()).flatMap(a -> a.grpTresMins().entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> BigDecimal.valueOf(entry.getValue()), (a, b) -> a, TreeMap::new));
    }

    /** Of the month that it is, which is the server's. */
    private BigDecimal usage(String account, String component) {
        String start = account + " " + stage.month() + " " + component + " ";
        return stage.waldur.usages().stream().filter(line -> line.startsWith(start)).map(line -> line.substring(start.length())).filter(rest -> !rest.contains(" "))
                .map(BigDecimal::new).findFirst().orElse(null);
    }

    private boolean commands(String text, String start) {
        return stage.outside().commands().stream().anyMatch(line -> line.startsWith(start) && line.contains(stage.filled(text)));
    }
}
