package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a file for {@code sacctmgr load}: {@code Account - 'name':Description='d':GrpTRESMins=cpu=1}.
 *
 * @param number from 1
 * @param kind   Cluster, Parent, Account or User
 */
record LoadLine(int number, String kind, String name, List<Option> options) {
    private static final Pattern LINE = Pattern.compile("(\\w+) - (.*)");
    private static final Pattern PART = Pattern.compile("(?:'[^']*'|\"[^\"]*\"|[^:'\"])+");

    /** Comments and empty lines are left out. */
    static List<LoadLine> lines(List<String> text) {
        List<LoadLine> lines = new ArrayList<>();
        for (int i = 0; i < text.size(); i++) {
            Matcher line = LINE.matcher(text.get(i));
            if (text.get(i).isBlank() || text.get(i).startsWith("#")) {
                continue;
            }
            if (!line.matches()) {
                throw new UnknownArgument(text.get(i), "lines like Account - 'name':Description='d'");
            }
            List<String> parts = PART.matcher(line.group(2)).results().map(part -> part.group()).toList();
            lines.add(new LoadLine(i + 1, line.group(1), Names.unquote(parts.get(0)),
                    parts.stream().skip(1).map(Option::of).toList()));
        }
        return lines;
    }
}
