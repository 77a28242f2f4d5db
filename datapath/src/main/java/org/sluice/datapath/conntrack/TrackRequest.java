package org.sluice.datapath.conntrack;

import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.nat.NatRange;

/**
 * What a {@code ct()} action asks of the tracker: made once per action, shared by all threads and
 * packets.
 *
 * @param commit whether a packet that starts a connection makes it known
 * @param force whether a commit in reply direction replaces the connection by one in the packet's
 *     direction; implies {@code commit}
 * @param zone the zone, 0..65535
 * @param set what is written to the connection's mark and labels
 * @param gateway whose announcements are read on the connection that the commit makes
 * @param nat what the commit translates the connection to; its packets are translated if this is
 *     not null
 */
public record TrackRequest(
    boolean commit, boolean force, int zone, MarkAndLabel set, Gateway gateway, NatRange nat) {

  /** Values under masks for a connection's mark and labels; a mask of 0 leaves the old bits. */
  public record MarkAndLabel(
      int mark,
      int markMask,
      long labelHigh,
      long labelLow,
      long labelMaskHigh,
      long labelMaskLow) {
    /** Writes nothing. */
    public static final MarkAndLabel NONE = new MarkAndLabel(0, 0, 0, 0, 0, 0);

    boolean isNone() {
      return (markMask | labelMaskHigh | labelMaskLow) == 0;
    }
  }

  /** Normalizes {@code force} to include {@code commit}. */
  public TrackRequest {
    assert zone >>> 16 == 0 : "zone " + zone;
    commit |= force;
  }

  /** Translates nothing. */
  public TrackRequest(boolean commit, boolean force, int zone, MarkAndLabel set, Gateway gateway) {
    this(commit, force, zone, set, gateway, null);
  }

  /** Only classifies in {@code zone}. */
  public static TrackRequest lookup(int zone) {
    return new TrackRequest(false, false, zone, MarkAndLabel.NONE, Gateway.NONE);
  }

  /** Remembers new connections in {@code zone}. */
  public static TrackRequest commit(int zone) {
    return new TrackRequest(true, false, zone, MarkAndLabel.NONE, Gateway.NONE);
  }

  /** Remembers new connections in {@code zone}, translated, and translates packets. */
  public static TrackRequest commit(int zone, NatRange nat) {
    return new TrackRequest(true, false, zone, MarkAndLabel.NONE, Gateway.NONE, nat);
  }

  /** Classifies in {@code zone} and translates packets as their connection says. */
  public static TrackRequest translate(int zone) {
    return new TrackRequest(false, false, zone, MarkAndLabel.NONE, Gateway.NONE, NatRange.EXISTING);
  }

  /** Remembers new connections in {@code zone} and reads their announcements. */
  public static TrackRequest commit(int zone, Gateway gateway) {
    return new TrackRequest(true, false, zone, MarkAndLabel.NONE, gateway);
  }
}
