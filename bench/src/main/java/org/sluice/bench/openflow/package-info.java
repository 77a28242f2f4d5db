/**
 * What the OpenFlow side of the switch is worth, beside Debian's {@code ovs-vswitchd}: both run as
 * processes with a dummy datapath, driven by the same client and the same {@code ovs-ofctl}.
 */
package org.sluice.bench.openflow;
