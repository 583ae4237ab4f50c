package org.waldur.siteagent.config;

import java.util.Optional;

/**
 * {@code backend_settings} of an offering whose backend is Slurm. Names and prefixes are as configured; account names made of
 * them are lower case, because slurmdbd stores them so (sacctmgr(1)).
 *
 * @param defaultAccount       {@code default_account}: with policy {@code COMMON}, the default account of every member
 * @param defaultAccountPolicy which account becomes a member's default, if he has none
 * @param rootAccount          parent of customer accounts; nobody is ever added to it
 * @param parentAccount        flat mode: parent of project accounts, and there are no customer accounts
 * @param allocationNameMaxLen at most 42, because Slurm compares no more than that
 * @param clusterName          cluster of every command; empty: the only cluster that slurmdbd knows
 * @param slurmBinPath         folder of sacctmgr, scancel and squeue
 * @param createHomedirs       {@code enable_user_homedir_account_creation}
 * @param homedirUmask         {@code default_homedir_umask}, four octal digits
 * @param homedirBasePath      where home directories are, to see whether one exists; empty: ask getent
 * @param missingLimit         what a limit-billed component that an order does not name means
 * @param softDelete           {@code soft_delete}: terminated accounts are to be kept, which this version cannot do
 * @param membership           what {@code membership_sync} does
 */
public record BackendSettings(
        String defaultAccount,
        DefaultAccountPolicy defaultAccountPolicy,
        String customerPrefix,
        String projectPrefix,
        String allocationPrefix,
        int allocationNameMaxLen,
        String rootAccount,
        Optional<String> parentAccount,
        Optional<String> clusterName,
        String slurmBinPath,
        boolean createHomedirs,
        String homedirUmask,
        Optional<String> homedirBasePath,
        MissingLimit missingLimit,
        boolean softDelete,
        MembershipSettings membership) {

    public enum DefaultAccountPolicy { COMMON, INDIVIDUAL, NONE }

    public enum MissingLimit { HOLD, ZERO, UNLIMITED }

    /** The same with home directories in another folder, if it says where they are: a rehearsal's. */
    public BackendSettings homesIn(String homes) {
        return new BackendSettings(defaultAccount, defaultAccountPolicy, customerPrefix, projectPrefix, allocationPrefix, allocationNameMaxLen, rootAccount, parentAccount,
                clusterName, slurmBinPath, createHomedirs, homedirUmask, homedirBasePath.map(base -> homes), missingLimit, softDelete, membership);
    }

    BackendSettings with(MembershipSettings other) {
        return new BackendSettings(defaultAccount, defaultAccountPolicy, customerPrefix, projectPrefix, allocationPrefix, allocationNameMaxLen, rootAccount, parentAccount,
                clusterName, slurmBinPath, createHomedirs, homedirUmask, homedirBasePath, missingLimit, softDelete, other);
    }
}
