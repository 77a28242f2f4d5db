package org.sluice.openflow.message;

import java.util.List;

/**
 * Counters of a port; -1 where not known.
 *
 * @param durationNs since the port was added
 * @param sizes packets by size; null where the device does not count them
 * @param custom what else the device counts
 */
public record PortStats(
    int port,
    Direction receive,
    Direction transmit,
    ReceiveErrors errors,
    long collisions,
    long durationNs,
    Sizes sizes,
    List<Counter> custom) {
  public PortStats {
    custom = List.copyOf(custom);
  }

  /** Of a device that counts nothing more. */
  public PortStats(
      int port,
      Direction receive,
      Direction transmit,
      ReceiveErrors errors,
      long collisions,
      long durationNs) {
    this(port, receive, transmit, errors, collisions, durationNs, null, List.of());
  }

  /** One way's counters. */
  public record Direction(long packets, long bytes, long dropped, long errors) {}

  /** What was wrong with received frames. */
  public record ReceiveErrors(long frame, long overrun, long crc) {
    public static final ReceiveErrors UNKNOWN = new ReceiveErrors(-1, -1, -1);
  }

  /**
   * Packets by size and kind (RFC 2819), in the order of the Intel extension: received in seven
   * classes of size, sent in seven, sent to many, received by all, sent to all; received too short,
   * too long, in fragments and jabber.
   */
  public record Sizes(List<Long> counters) {
    public static final int CLASSES = 7;
    public static final int COUNTERS = 21;

    public Sizes {
      counters = List.copyOf(counters);
      assert counters.size() == COUNTERS : counters;
    }
  }

  /** A counter that has only a name. */
  public record Counter(String name, long value) {}
}
