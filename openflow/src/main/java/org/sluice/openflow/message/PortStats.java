package org.sluice.openflow.message;

/**
 * Counters of a port; -1 where not known.
 *
 * @param durationNs since the port was added
 */
public record PortStats(
    int port,
    Direction receive,
    Direction transmit,
    ReceiveErrors errors,
    long collisions,
    long durationNs) {
  /** One way's counters. */
  public record Direction(long packets, long bytes, long dropped, long errors) {}

  /** What was wrong with received frames. */
  public record ReceiveErrors(long frame, long overrun, long crc) {
    public static final ReceiveErrors UNKNOWN = new ReceiveErrors(-1, -1, -1);
  }
}
