/** A scenario that is played on the two simulators, with the routes of an operator and with the shipped ones; and what differs. */
package org.waldur.siteagent.rehearsal;
