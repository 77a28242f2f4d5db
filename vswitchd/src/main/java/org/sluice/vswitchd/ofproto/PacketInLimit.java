package org.sluice.vswitchd.ofproto;

/**
 * How many packet-ins a controller wants to have, at most. Immutable.
 *
 * @param perSecond in the long run; 0: no limit
 * @param burst how many may come at once after a pause
 */
public record PacketInLimit(int perSecond, int burst) {
  /** As many as there are. */
  public static final PacketInLimit NONE = new PacketInLimit(0, 0);

  /** What the columns of a Controller row mean; 0 for one that is not set. */
  public static PacketInLimit of(long perSecond, long burst) {
    if (perSecond <= 0) {
      return NONE;
    }
    int rate = (int) Math.min(perSecond, Integer.MAX_VALUE);
    return new PacketInLimit(
        rate, burst > 0 ? (int) Math.min(burst, Integer.MAX_VALUE) : Math.max(1, rate / 4));
  }
}
