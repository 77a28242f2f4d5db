package org.sluice.vswitchd.bridge;

import java.util.List;
import org.sluice.vswitchd.ofproto.ControllerStatus;
import org.sluice.vswitchd.ofproto.Ofproto;

/**
 * What a bridge offers to the outside: its OpenFlow socket, its connections to controllers, and
 * what it does without them. Called by the thread that reconciles.
 */
interface BridgeServices {
  /** What is wanted of packet threads and caches may have changed. */
  void configure(DesiredDatapath wanted);

  /** The keys of OpenFlow connections may have changed, for those that are still to come. */
  void configure(DesiredTls wanted);

  /** A bridge has come. */
  void added(Ofproto bridge);

  /** What is wanted of a bridge may have changed. */
  void configure(Ofproto bridge, DesiredBridge wanted, long nowNs);

  /** Waits, for a moment at most, until packets meet the configuration as it is now. */
  void settle();

  /** How the controllers of a bridge are. */
  List<ControllerStatus> controllers(Ofproto bridge);

  /** A bridge is about to go. */
  void removing(Ofproto bridge);
}
