package org.sluice.datapath.datapath;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.packet.DropReason;

/**
 * What a megaflow does to a packet: the datapath's own small vocabulary, into which OpenFlow
 * actions are translated.
 */
public sealed interface DpAction {
  /** Sends a copy out of datapath port {@code port}. */
  record Output(int port) implements DpAction {}

  /** Hands a copy to the switch above, for a controller or the slow path. */
  record Userspace(UserspaceReason reason) implements DpAction {}

  /**
   * Looks the packet up again with {@code recircId}, with what tracking has found by then; ends the
   * list.
   */
  record Recirculate(int recircId) implements DpAction {}

  /** Sets the bits of {@code field} under the mask; a wide field has two words each. */
  record SetField(Field field, long high, long low, long maskHigh, long maskLow)
      implements DpAction {
    /** Sets all of a field of at most 64 bits. */
    public static SetField exact(Field field, long value) {
      return new SetField(field, 0, value, 0, field.wordMask() >>> field.shift());
    }
  }

  /** Puts a VLAN tag outermost; {@code tci} carries the CFI bit 0x1000. */
  record PushVlan(int tpid, int tci) implements DpAction {}

  /** Takes the outermost VLAN tag off. */
  record PopVlan() implements DpAction {}

  /**
   * Tracks the packet in {@code zone}; with {@code commit} remembers its connection, with {@code
   * force} in this direction.
   *
   * @param gateway {@code ftp}, {@code tftp} or null
   * @param nat what to translate, or null for nothing
   */
  record Track(boolean commit, boolean force, int zone, MarkAndLabel set, String gateway, Nat nat)
      implements DpAction {}

  /** What a commit writes: values under masks; a mask of 0 leaves the old bits. */
  record MarkAndLabel(
      int mark,
      int markMask,
      long labelHigh,
      long labelLow,
      long labelMaskHigh,
      long labelMaskLow) {
    /** Writes nothing. */
    public static final MarkAndLabel NONE = new MarkAndLabel(0, 0, 0, 0, 0, 0);
  }

  /**
   * Address translation asked of {@link Track}. Addresses are 128 bits, IPv4 in the low 32 of
   * {@code Low}; all 0 with neither source nor destination means: as the connection already says.
   *
   * @param flags {@link #PERSISTENT}, {@link #HASH}, {@link #RANDOM}, numbered as in OpenFlow
   */
  record Nat(
      boolean source,
      boolean destination,
      long minHigh,
      long minLow,
      long maxHigh,
      long maxLow,
      int minPort,
      int maxPort,
      int flags) {
    public static final int PERSISTENT = 1 << 2;
    public static final int HASH = 1 << 3;
    public static final int RANDOM = 1 << 4;
  }

  /** Makes the packet untracked. */
  record TrackClear() implements DpAction {}

  /** Runs {@code actions} on a copy; what they change is not seen after it. */
  record Clone(List<DpAction> actions) implements DpAction {
    public Clone {
      actions = List.copyOf(actions);
    }
  }

  /**
   * Runs {@code larger} on a copy of a frame of more than {@code maxBytes}, {@code others} on one
   * of any other. A segment that is to be cut counts as the frames that it will be cut into.
   */
  record CheckLength(int maxBytes, List<DpAction> larger, List<DpAction> others)
      implements DpAction {
    public CheckLength {
      larger = List.copyOf(larger);
      others = List.copyOf(others);
    }
  }

  /** Cuts the copy that the next output sends to {@code maxBytes}. */
  record Truncate(int maxBytes) implements DpAction {}

  /** Computes {@code dp_hash}: 0 = over the transport tuple, 1 = the same for both directions. */
  record Hash(int algorithm, int basis) implements DpAction {}

  /** Drops the packet where a meter's rate is exceeded. */
  record Meter(int meterId) implements DpAction {}

  /** Ends the packet and counts why. An empty list drops too, as {@link DropReason#NO_ACTION}. */
  record Drop(DropReason reason) implements DpAction {}

  /** Why a packet goes up. */
  sealed interface UserspaceReason {
    /**
     * For controllers, as a packet-in. {@code continuation}: the pipeline waits for the controller
     * to resume it.
     */
    record ToController(
        int reason,
        boolean continuation,
        int recircId,
        long ruleCookie,
        int controllerId,
        int maxBytes)
        implements UserspaceReason {}

    /**
     * For translation packet by packet; {@code why} as OVS names it ({@code action}, {@code match},
     * {@code lacp} ...).
     */
    record SlowPath(String why) implements UserspaceReason {}
  }
}
