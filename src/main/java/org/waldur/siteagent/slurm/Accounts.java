package org.waldur.siteagent.slurm;

import java.util.Map;

/**
 * The accounts of one cluster at one moment, without their users.
 *
 * @param cluster      its name as slurmdbd has it
 * @param associations by the name of the account, in lower case
 */
public record Accounts(String cluster, Map<String, Association> associations) {
}
