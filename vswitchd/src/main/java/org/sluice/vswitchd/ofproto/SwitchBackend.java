package org.sluice.vswitchd.ofproto;

import java.util.List;
import org.sluice.datapath.datapath.MeterTable;
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

  /**
   * A packet that was seen through its actions and waits to be sent.
   *
   * @param error why it cannot be sent; null if it can
   * @param send sends it
   */
  record Sending(OfError error, Runnable send) {
    static Sending failed(OfError error) {
      return new Sending(error, () -> {});
    }
  }

  /** As {@link #packetOut}, but for the last step, through {@code version} of the tables. */
  Sending preparePacketOut(Ofproto ofproto, PacketOut message, long nowNs, long version);

  /** Continues a packet that waited for a controller; null, or why that cannot be. */
  OfError resume(Ofproto ofproto, PacketIn packet, long nowNs);

  /** A port's counters at {@code nowNs}. */
  PortStats portStats(SwitchPort port, long nowNs);

  /** The numbers of a port's queues. */
  List<Integer> queues(SwitchPort port);

  /** Takes a port's device up or down; says whether it has carrier then. */
  boolean setAdminUp(SwitchPort port, boolean up);

  /** Brings rule counters up to what packets have done until now. Not under the writer lock. */
  void refreshStatistics();

  /** The datapath's meters. */
  MeterTable meters();

  /**
   * Waits, for a moment at most, until packets that were sent have gone their way. Not under the
   * writer lock.
   */
  void awaitPackets();

  /** Forgets the tracked connections of {@code zone}. */
  void flushZone(int zone);

  /** Forgets the connections that a message means. */
  void flushConnections(CtFlush match);
}
