/**
 * Connection tracking: what each packet is to the connection it belongs to, and the connections
 * themselves.
 *
 * <p>Usable without the switch: it needs a parsed {@link org.sluice.datapath.packet.Packet} and a
 * time. {@link org.sluice.datapath.conntrack.Conntrack} is the facade; each packet thread has its
 * own {@link org.sluice.datapath.conntrack.Tracker}. Below it, {@code table} keeps the records,
 * {@code protocol} knows TCP, ICMP and the rest, {@code alg} reads the protocols that announce
 * further connections.
 */
package org.sluice.datapath.conntrack;
