package org.waldur.siteagent.exec;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.LanguageSupport;

/**
 * The Camel language {@code argv}: a command line, written one argument a line. The first line is the program, by its absolute
 * path. No value is ever split again. A blank value aborts the command, unless its line is marked:
 *
 * <pre>
 * name=${variable.account}      one argument; a list in it is joined with commas
 * ? cluster=${variable.name}    left out if the value is blank
 * * ${variable.users}           one argument for each value of the list
 * </pre>
 */
public final class ArgvLanguage extends LanguageSupport {

    @Override
    public Predicate createPredicate(String expression) {
        throw new UnsupportedOperationException("argv makes a command line, no condition");
    }

    @Override
    public Expression createExpression(String text) {
        List<ArgvLine> lines = getCamelContext().resolvePropertyPlaceholders(text).lines().map(String::strip)
                .filter(line -> !line.isEmpty()).map(line -> new ArgvLine(line, getCamelContext())).toList();
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("a command needs at least the line of its program");
        }
        return new ExpressionAdapter() {
            @Override
            public Object evaluate(Exchange exchange) {
                List<String> words = new ArrayList<>();
                lines.forEach(line -> words.addAll(line.evaluate(exchange)));
                if (words.isEmpty() || !words.get(0).startsWith("/")) {
                    throw new IllegalArgumentException("the first line of a command must be the absolute path of a program, and is '"
                            + (words.isEmpty() ? "" : words.get(0)) + "'");
                }
                return new Argv(words);
            }
        };
    }
}
