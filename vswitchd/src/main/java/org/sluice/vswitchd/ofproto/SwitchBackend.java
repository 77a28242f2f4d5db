package org.sluice.vswitchd.ofproto;

import org.sluice.openflow.message.CtFlush;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;
import org.sluice.openflow.message.PortStats;

/**
 * What an OpenFlow switch needs of the machinery below it. Called under the writer lock, where
 * nothing else is said.
 */
public interface SwitchBackend {
  /** Runs the packet through its actions; null, or why that cannot be. */
  OfError packetOut(Ofproto ofproto, PacketOut message, long nowNs);

  /** Continues a packet that waited for a controller; null, or why that cannot be. */
  OfError resume(Ofproto ofproto, PacketIn packet, long nowNs);

  /** A port's counters at {@code nowNs}. */
  PortStats portStats(SwitchPort port, long nowNs);

  /** Takes a port's device up or down. */
  void setAdminUp(SwitchPort port, boolean up);

  /** Brings rule counters up to what packets have done until now. Not under the writer lock. */
  void refreshStatistics();

  /** Forgets the tracked connections of {@code zone}. */
  void flushZone(int zone);

  /** Forgets the connections that a message means. */
  void flushConnections(CtFlush match);
}
