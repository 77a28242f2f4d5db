/**
 * A bridge's OpenFlow switch: flow tables, ports, and the controllers and tools that talk to it.
 * What its tables make of a packet is worked out above, in {@code translate}.
 */
package org.sluice.vswitchd.ofproto;
