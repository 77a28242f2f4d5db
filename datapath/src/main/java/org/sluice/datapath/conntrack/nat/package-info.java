/**
 * Translation of addresses and ports: which tuple a connection gets ({@link
 * org.sluice.datapath.conntrack.nat.TupleChooser}, {@link
 * org.sluice.datapath.conntrack.nat.PortPools}) and how packets are rewritten to it ({@link
 * org.sluice.datapath.conntrack.nat.PacketTranslator}).
 */
package org.sluice.datapath.conntrack.nat;
