package org.waldur.siteagent.usage;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.waldur.siteagent.plan.Plan;

/**
 * What one cycle found out about the usage of an offering, and what it is going to do about it.
 *
 * @param asOf     the moment up to which jobs are counted
 * @param formulas what the components are made of
 * @param figures  by resource and month
 * @param notes    what else there is to say, a line each: resources that are left out, runaways, limits that differ
 * @param released what an operator has let through of this report, see {@link ReportOptions#released}
 */
public record UsageReport(String offering, Instant asOf, Formulas formulas, List<Figure> figures, List<String> notes, Plan plan, Set<String> released) {
}
