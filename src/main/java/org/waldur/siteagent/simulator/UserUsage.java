package org.waldur.siteagent.simulator;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * What one person used of a {@link ComponentUsage}.
 *
 * @param componentUsage uuid
 * @param user           url of the offering user; null if none was named
 */
record UserUsage(String uuid, String componentUsage, String username, String user, BigDecimal amount, Instant created, Instant modified) {
}
