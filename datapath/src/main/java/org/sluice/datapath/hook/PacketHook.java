package org.sluice.datapath.hook;

import org.sluice.datapath.packet.Packet;

/**
 * A program's own look at packets. Implementations are found by {@link java.util.ServiceLoader}
 * when a datapath is made; without any there is nothing of this on a packet's way.
 *
 * <p>A hook at a point where packets come in may change the packet, whose headers are then looked
 * at again. Whatever it does is done for each packet on a packet thread, so it must be quick and
 * must not wait.
 */
public interface PacketHook {
  /** Linux's priority of defragmentation. */
  int DEFRAGMENT = -400;

  /** Linux's priority of connection tracking. */
  int TRACK = -200;

  /** Linux's priority of destination translation. */
  int TRANSLATE_DESTINATION = -100;

  /** Linux's priority of filters. */
  int FILTER = 0;

  /** Linux's priority of source translation. */
  int TRANSLATE_SOURCE = 100;

  /** Linux's priority of gateways. */
  int GATEWAY = 300;

  /** Linux's priority of confirmation. */
  int CONFIRM = Integer.MAX_VALUE;

  /** Where it wants to see packets. */
  HookPoint point();

  /**
   * When, among the hooks of the point: lower first. Where packets come in, those behind {@link
   * #TRACK} see each packet after a {@code ct()} action has tracked it; packets that are not
   * tracked pass them by.
   */
  int priority();

  /** Looks at a packet; it must not keep it. */
  HookVerdict packet(Packet packet, long nowNs);
}
