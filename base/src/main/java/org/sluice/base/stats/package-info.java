/** Numbers about the running program: event counters and the log of distinct failures. */
package org.sluice.base.stats;
