/**
 * The log, in the format of Open vSwitch ("vlog"): modules, three destinations with a level and a
 * pattern each, rate limits. {@link org.sluice.base.log.VlogRegistry} is made once, at the
 * composition root; a class that logs takes the {@link org.sluice.base.log.Vlog} of its module in
 * its constructor.
 */
package org.sluice.base.log;
