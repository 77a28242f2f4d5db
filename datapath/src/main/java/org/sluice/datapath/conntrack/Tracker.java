package org.sluice.datapath.conntrack;

import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;

/**
 * One packet thread's way into the connection table. Belongs to that thread; the table behind it is
 * shared.
 */
public final class Tracker {
  Tracker() {}

  /**
   * Finds out what a parsed packet is to its connection and writes {@code ct_state}, zone, mark,
   * labels, original tuple and connection handle into it; commits if asked to.
   *
   * @return null, or why the verdict is {@code inv}
   */
  public DropReason track(Packet packet, TrackRequest request, long nowMs) {
    packet.resetTracking();
    packet.ctZone = request.zone();
    packet.ctState = CtState.TRACKED | CtState.NEW;
    return null;
  }

  /**
   * Moves a connection met before on by a packet that is known to belong to it, as the microflow
   * cache knows: window check, state, timeout. Leaves the packet's fields alone.
   *
   * @param connection {@link Packet#connection} as {@link #track} left it for such a packet
   * @param direction 0 = original, 1 = reply
   * @param expectedCtState {@link Packet#ctState} as {@link #track} left it
   * @return true if {@link #track} would have left the same {@code ct_state}, mark, labels and
   *     handle, so that it need not be called; false if nothing was done
   */
  public boolean fastUpdate(
      long connection, Packet packet, int direction, int expectedCtState, long nowMs) {
    return false;
  }
}
