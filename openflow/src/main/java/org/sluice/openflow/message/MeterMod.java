package org.sluice.openflow.message;

import java.util.List;

/**
 * Adds, changes or deletes a meter.
 *
 * @param meter when deleting only its number counts, {@link #ALL} for every meter
 */
public record MeterMod(Command command, Config meter) implements OfMessage {
  /** The highest number that a meter can have. */
  public static final int MAX_ID = 0xffff_0000;

  /** The meter of packets that take the slow path. */
  public static final int SLOW_PATH = 0xffff_fffd;

  /** The meter of packets for controllers. */
  public static final int CONTROLLER = 0xffff_fffe;

  public static final int ALL = 0xffff_ffff;

  /** What to do, in wire order. */
  public enum Command {
    ADD,
    MODIFY,
    DELETE;

    /** The number on the wire. */
    public int wire() {
      return ordinal();
    }

    /** What that number means, or null. */
    public static Command ofWire(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }
  }

  /**
   * A meter.
   *
   * @param flags of {@link #KBPS} and the following
   */
  public record Config(int meterId, int flags, List<Band> bands) {
    public static final int KBPS = 1;
    public static final int PKTPS = 2;
    public static final int BURST = 4;
    public static final int STATS = 8;

    public Config {
      bands = List.copyOf(bands);
    }
  }

  /**
   * What happens from a rate on.
   *
   * @param type {@link #DROP} or {@link #DSCP_REMARK}
   * @param precedence by how much the drop precedence grows; remarking only
   */
  public record Band(int type, int rate, int burst, int precedence) {
    public static final int DROP = 1;
    public static final int DSCP_REMARK = 2;
  }

  /** Use of a meter, and of each of its bands. */
  public record Stats(
      int meterId,
      int flows,
      FlowRemoved.Counts in,
      long durationNs,
      List<FlowRemoved.Counts> bands) {
    public Stats {
      bands = List.copyOf(bands);
    }
  }

  /** What the switch can do; {@code bandTypes} and {@code capabilities} are bits. */
  public record Features(
      int maxMeters, int bandTypes, int capabilities, int maxBands, int maxColors) {}
}
