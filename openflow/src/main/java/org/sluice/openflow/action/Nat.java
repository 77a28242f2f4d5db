package org.sluice.openflow.action;

/**
 * Translates addresses, inside {@link Ct}. With neither {@link #SRC} nor {@link #DST}: as the
 * connection already says.
 *
 * @param addresses null where the addresses stay
 * @param minPort 0 where the ports may be any
 * @param maxPort 0 where there is only {@code minPort}
 */
public record Nat(int flags, Addresses addresses, int minPort, int maxPort) implements OfAction {
  public static final int SRC = 1;
  public static final int DST = 2;
  public static final int PERSISTENT = 4;
  public static final int HASH = 8;
  public static final int RANDOM = 16;

  /** As the connection already says: {@code nat} without arguments. */
  public static final Nat AS_BEFORE = new Nat(0, null, 0, 0);

  /** Whether {@code flag} is set. */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** From one address to another; IPv4 lies in the low 32 bits. Max all 0: only min. */
  public record Addresses(boolean ipv6, long minHigh, long minLow, long maxHigh, long maxLow) {
    /** Whether there is an upper end. */
    public boolean hasMax() {
      return (maxHigh | maxLow) != 0;
    }
  }
}
