package org.waldur.siteagent.slurm;

/**
 * Who runs sacctmgr, and what that lets him see. With PrivateData, slurmdbd shows less to others, and ends with 0 all the same:
 * see PrivateData in slurmdbd.conf(5) and AdminLevel in sacctmgr(1).
 *
 * @param name      the operating system's user
 * @param slurmUser whom slurmdbd runs as; he may do what root may
 */
record Caller(String name, String slurmUser) {

    /** @param users {@code show user} with defaultaccount and adminlevel */
    boolean seesAll(String users) {
        return mayLoad(users) || name.equals(slurmUser) || level(users).equals("operator");
    }

    /** {@code sacctmgr load} is for Administrators only: SlurmUser is refused, as long as he is not one. */
    boolean mayLoad(String users) {
        return level(users).equals("administrator");
    }

    private String level(String users) {
        return name.equals("root") ? "administrator"
                : Table.strict("the list of users", users, "user", "defacct", "admin").rows().stream()
                .filter(r -> r.lower("user").equals(name)).map(r -> r.lower("admin")).findFirst().orElse("none");
    }
}
