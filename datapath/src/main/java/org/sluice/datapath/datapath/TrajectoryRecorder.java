package org.sluice.datapath.datapath;

import java.util.Arrays;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/**
 * Notes what the general path does to one packet, so that it need not be found out again. Owned by
 * one packet thread, reused for each packet.
 *
 * <p>Not every way can be remembered: where tracking met no connection (the packet commits a new
 * one), where the connection is not named by addresses and ports alone, where a packet went up or
 * was cloned. Then {@link #isComplete} is false and nothing is kept.
 */
final class TrajectoryRecorder {
  private final Megaflow[] chain = new Megaflow[PacketPath.MAX_DEPTH];
  private final int[] states = new int[Trajectory.MAX_STEPS];
  private final long[] connections = new long[Trajectory.MAX_STEPS];
  private int chainLength;
  private int steps;
  private boolean complete;

  void begin() {
    chainLength = 0;
    steps = 0;
    complete = true;
  }

  /** Nothing more can be remembered of this packet. */
  void giveUp() {
    complete = false;
  }

  void hit(Megaflow megaflow) {
    if (chainLength == chain.length) {
      complete = false;
    } else {
      chain[chainLength++] = megaflow;
    }
  }

  void tracked(Packet packet) {
    if (isPlainTuple(packet)) {
      tracked(packet.ctState, packet.connection);
    } else {
      complete = false;
    }
  }

  void tracked(int state, long connection) {
    if (steps == Trajectory.MAX_STEPS || connection == 0) {
      complete = false;
    } else {
      states[steps] = state;
      connections[steps++] = connection;
    }
  }

  private static boolean isPlainTuple(Packet packet) {
    int protocol = packet.ipProtocol;
    return packet.fragment == 0
        && (protocol == IpProtocol.TCP
            || protocol == IpProtocol.UDP
            || protocol == IpProtocol.SCTP);
  }

  boolean isComplete() {
    return complete && chainLength > 0;
  }

  /** Whether the way depends on a connection, so that its key must name one. */
  boolean tracks() {
    return steps > 0;
  }

  /** Whether one of the megaflows is about to go or to change. */
  boolean meetsClosing() {
    for (int i = 0; i < chainLength; i++) {
      if (chain[i].closing) {
        return true;
      }
    }
    return false;
  }

  /** The hash of what was recorded, as {@link Trajectory#hash} has it. */
  int hash() {
    return Trajectory.hash(chain, chainLength, states, steps);
  }

  /** Whether {@code known} is what was recorded. */
  boolean isOf(Trajectory known) {
    return known.is(chain, chainLength, states, steps);
  }

  /** What was recorded, flattened; null where that cannot be. */
  Trajectory finish() {
    return Trajectory.of(Arrays.copyOf(chain, chainLength), Arrays.copyOf(states, steps));
  }

  /** The connection met at each step; valid until the next {@link #begin}. */
  long[] connections() {
    return connections;
  }
}
