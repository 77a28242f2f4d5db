/**
 * {@code ovs-vsctl}: the switch's configuration in its own terms, bridges and ports rather than
 * rows. What it shares with other configuration tools is in {@link org.sluice.tools.ctl}.
 */
package org.sluice.tools.vsctl;
