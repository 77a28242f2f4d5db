package org.sluice.openflow.message;

/**
 * A port as controllers see it.
 *
 * @param name at most 15 characters on the wire, 63 in 1.4
 * @param config {@link Config}
 * @param state {@link State}
 * @param features link modes, in the bits of OpenFlow 1.1
 */
public record PortDescription(
    int number, long mac, String name, int config, int state, Features features) {

  /** What an administrator asked for; bits of every version together. */
  public static final class Config {
    public static final int DOWN = 1;
    public static final int NO_STP = 1 << 1;
    public static final int NO_RECV = 1 << 2;
    public static final int NO_RECV_STP = 1 << 3;
    public static final int NO_FLOOD = 1 << 4;
    public static final int NO_FORWARD = 1 << 5;
    public static final int NO_PACKET_IN = 1 << 6;

    private Config() {}
  }

  /** How the port is. */
  public static final class State {
    public static final int LINK_DOWN = 1;
    public static final int BLOCKED = 1 << 1;
    public static final int LIVE = 1 << 2;
    public static final int STP_LISTEN = 0;
    public static final int STP_LEARN = 1 << 8;
    public static final int STP_FORWARD = 2 << 8;
    public static final int STP_BLOCK = 3 << 8;
    public static final int STP_MASK = 3 << 8;

    private State() {}
  }

  /** Link modes: bits as in {@link Mode}; speeds in kbit/s. */
  public record Features(
      int current, int advertised, int supported, int peer, int speedKbps, int maxSpeedKbps) {
    /** Nothing known. */
    public static final Features NONE = new Features(0, 0, 0, 0, 0, 0);
  }

  /** Link mode bits, as OpenFlow 1.1 numbers them. */
  public static final class Mode {
    public static final int HD_10M = 1;
    public static final int FD_10M = 1 << 1;
    public static final int HD_100M = 1 << 2;
    public static final int FD_100M = 1 << 3;
    public static final int HD_1G = 1 << 4;
    public static final int FD_1G = 1 << 5;
    public static final int FD_10G = 1 << 6;
    public static final int FD_40G = 1 << 7;
    public static final int FD_100G = 1 << 8;
    public static final int FD_1T = 1 << 9;
    public static final int OTHER = 1 << 10;
    public static final int COPPER = 1 << 11;
    public static final int FIBER = 1 << 12;
    public static final int AUTONEG = 1 << 13;
    public static final int PAUSE = 1 << 14;
    public static final int PAUSE_ASYM = 1 << 15;

    private static final int[] KBPS = {
      10_000,
      10_000,
      100_000,
      100_000,
      1_000_000,
      1_000_000,
      10_000_000,
      40_000_000,
      100_000_000,
      1_000_000_000
    };

    private Mode() {}

    /** The speed of the fastest of some modes; 0 where none has one. */
    public static int kbps(int modes) {
      int fastest = Integer.highestOneBit(modes & (1 << KBPS.length) - 1);
      return fastest == 0 ? 0 : KBPS[Integer.numberOfTrailingZeros(fastest)];
    }
  }
}
