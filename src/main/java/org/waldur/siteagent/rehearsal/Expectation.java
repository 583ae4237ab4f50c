package org.waldur.siteagent.rehearsal;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What is to be there at some step. What is empty is not looked at. Allocations are called as in Waldur; where an account is meant, that name stands for the
 * allocation's account, and any other text is the account's own name.
 *
 * @param orders      allocation to the state of its last order
 * @param resources   allocation to its state
 * @param accounts    accounts that are on the cluster
 * @param noAccounts  accounts that are not
 * @param users       account to exactly those who are in it
 * @param limits      account to GrpTRESMins of these TRES
 * @param usages      account to what Waldur has of the components in this month
 * @param commands    texts, each of which is in a command so far that ended with 0
 * @param noCommands  texts that are in none
 * @param deadLetters how many there are of what failed; empty: not looked at
 * @param held        how many there are of what waits for the operator
 */
record Expectation(Map<String, String> orders, Map<String, String> resources, List<String> accounts, List<String> noAccounts, Map<String, List<String>> users,
        Map<String, Map<String, BigDecimal>> limits, Map<String, Map<String, BigDecimal>> usages, List<String> commands, List<String> noCommands,
        OptionalInt deadLetters, OptionalInt held) {
}
