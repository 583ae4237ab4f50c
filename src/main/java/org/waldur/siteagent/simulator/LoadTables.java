package org.waldur.siteagent.simulator;

import java.util.Collection;
import java.util.Map;

/** The tables of new accounts and users that {@code sacctmgr load} prints. */
final class LoadTables {
    /** Titles and widths, as in the tables that follow. */
    private static final String LIMITS = "Share:9 GrpTRESMins:13 GrpTRESRunMin:13 GrpTRES:13 GrpJobs:7 GrpJobsAccrue:13 GrpMem:7 "
            + "GrpNodes:8 GrpSubmit:9 GrpWall:11 MaxTRESMins:13 MaxTRES:13 MaxTRESPerNode:14 MaxJobs:7 MaxSubmit:9 MaxNodes:8 MaxWall:11 "
            + "QOS:20 Def_QOS:9";

    void print(Output output, Collection<SlurmAccount> rows, Collection<Association> accounts, Map<String, String> newUsers,
            Collection<Association> users, Map<Association, Association> parents) {
        if (!rows.isEmpty()) {
            header(output, "Accounts", "Name:10 Descr:20 Org:20 QOS:20");
            rows.forEach(row -> output.out("%s%s%s%s", cell(row.name(), 10), cell(row.description(), 20), cell(row.organization(), 20),
                    cell("", 20)));
            output.out("%s\n", "-".repeat(51));
        }
        if (!accounts.isEmpty()) {
            header(output, "Account Associations", "Account:10 ParentName:10 " + LIMITS);
            accounts.forEach(node -> output.out("%s%s%s", cell(node.account, 10), cell(parents.get(node).account, 10), limits(node)));
            output.out("%s\n", "-".repeat(62));
        }
        if (!newUsers.isEmpty()) {
            header(output, "Users", "Name:10 Def_Acct:10 Def_WCKey:10 QOS:20 Admin:9 Coord_Accounts:20");
            newUsers.forEach((user, account) -> output.out("%s%s%s%s%s%s", cell(user, 10), cell(account, 10), cell("", 10), cell("", 20),
                    cell("Not Set", 9), cell("", 20)));
            output.out("%s\n", "-".repeat(51));
        }
        if (!users.isEmpty()) {
            header(output, "User Associations", "User:10 Account:10 " + LIMITS);
            users.forEach(node -> output.out("%s%s%s", cell(node.user, 10), cell(node.account, 10), limits(node)));
            output.out("%s\n", "-".repeat(62));
        }
    }

    private static void header(Output output, String title, String columns) {
        StringBuilder names = new StringBuilder();
        StringBuilder lines = new StringBuilder();
        for (String column : columns.split(" ")) {
            int width = Integer.parseInt(column.split(":")[1]);
            names.append(cell(column.split(":")[0].replace('_', ' '), width));
            lines.append("-".repeat(width)).append(' ');
        }
        output.out("%s\n%s\n%s", title, names, lines);
    }

    private static String limits(Association node) {
        StringBuilder text = new StringBuilder();
        for (String column : LIMITS.split(" ")) {
            String[] nameAndWidth = column.split(":");
            text.append(cell(switch (nameAndWidth[0]) {
                case "Share" -> node.shares == 1 ? "" : node.sharesText();
                case "GrpTRESMins" -> TresLimits.format(node.grpTresMins);
                case "GrpSubmit" -> node.grpSubmitJobs.isPresent() ? Long.toString(node.grpSubmitJobs.getAsLong()) : "";
                default -> "";
            }, Integer.parseInt(nameAndWidth[1])));
        }
        return text.toString();
    }

    private static String cell(String text, int width) {
        String shown = text.length() > width ? text.substring(0, width - 1) + "+" : text;
        return " ".repeat(width - shown.length()) + shown + " ";
    }
}
