package org.sluice.datapath.datapath;

import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.packet.Packet;

/**
 * What the datapath asks of the switch above it. Called by packet threads, on the packet that they
 * hold, several at once; the packet and the key are only lent.
 */
public interface Upcall {
  /**
   * Translates a packet that no megaflow covers. Side effects of this one packet (learned
   * addresses, learned rules, packet-ins) have happened when it returns; statistics have not: they
   * come through {@link Translation#statistics}, whether a megaflow is made or not.
   */
  Translation miss(Packet packet, FlowKey key, long nowNs);

  /** Takes what an {@link DpAction.Userspace} action sends up. */
  void userspace(Packet packet, FlowKey key, DpAction.UserspaceReason reason, long nowNs);
}
