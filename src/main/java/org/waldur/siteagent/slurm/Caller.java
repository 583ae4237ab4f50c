package org.waldur.siteagent.slurm;

import org.waldur.siteagent.exec.CommandOutput;

/**
 * Who runs sacctmgr, and what that lets him see. With PrivateData, slurmdbd shows less to others, and ends with 0 all the same:
 * see PrivateData in slurmdbd.conf(5) and AdminLevel in sacctmgr(1).
 *
 * @param name      the operating system's user
 * @param level     his AdminLevel in lower case; {@code none} if slurmdbd does not know him
 * @param slurmUser whom slurmdbd runs as; he may do what root may
 */
record Caller(String name, String level, String slurmUser) {

    /** @param users {@code show user} with adminlevel, of him or of all */
    static Caller of(String name, CommandOutput users, String slurmUser) {
        String level = name.equals("root") ? "administrator" : Table.of("the list of users", users, "user", "admin").rows()
                .filter(r -> r.lower("user").equals(name)).map(r -> r.lower("admin")).findFirst().orElse("none");
        return new Caller(name, level, slurmUser);
    }

    boolean seesAll() {
        return mayLoad() || name.equals(slurmUser) || level.equals("operator");
    }

    /** Throws {@link ClusterUnknown} if slurmdbd would show him less than there is. */
    void mustSeeAll() {
        if (!seesAll()) {
            throw new ClusterUnknown(name + " may not see all of Slurm's accounting, and Slurm would not say so. Grant it:"
                    + " sacctmgr -i add user " + name + " account=ACCOUNT adminlevel=Operator"
                    + " (or, if he is there: sacctmgr -i modify user " + name + " set adminlevel=Operator)");
        }
    }

    /** {@code sacctmgr load} is for Administrators only: SlurmUser is refused, as long as he is not one. */
    boolean mayLoad() {
        return level.equals("administrator");
    }
}
