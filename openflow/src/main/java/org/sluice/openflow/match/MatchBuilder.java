package org.sluice.openflow.match;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.MatchedFields;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.action.OptionBits;

/**
 * Collects what a rule matches, field by field, with the meaning that OpenFlow gives to each.
 *
 * <p>The three views of the VLAN tag share 16 bits, of which 0x1000 says that there is a tag:
 * {@code dl_vlan} sets it by itself, {@code vlan_vid} carries it as its 13th bit, {@code vlan_tci}
 * shows it. Used by one thread.
 */
public final class MatchBuilder implements MatchedFields {
  /** The bit of {@code vlan_tci} and {@code vlan_vid} that says that there is a tag. */
  public static final int VLAN_PRESENT = 0x1000;

  static final int VID_MASK = 0x0fff;
  private static final long CT_STATE_BITS = 0xff;
  static final int PCP_MASK = 0xe000;

  /** What OpenFlow 1.0 calls the absence of a VLAN tag. */
  public static final int OF10_VLAN_NONE = 0xffff;

  /** One for each thread, for it has twice ninety words and a bundle a million matches. */
  private static final ThreadLocal<MatchBuilder> REUSED =
      ThreadLocal.withInitial(MatchBuilder::new);

  private final FlowKey key = new FlowKey();
  private final FlowMask mask = new FlowMask();

  /** Starts with a match on everything. */
  public MatchBuilder() {}

  /** Starts with {@code match}. */
  public MatchBuilder(Match match) {
    layOut(match.options());
    match.wordMask().addTo(mask);
    match.wordMask().spread(match.values(), key);
  }

  /** Starts with a match on everything, in which tunnel options lie as {@code layout} says. */
  public MatchBuilder(OptionLayout layout) {
    layOut(layout);
  }

  /**
   * The thread's own, which starts anew as {@link #MatchBuilder(OptionLayout)} does: for those who
   * read many matches, each to its end before anything else.
   */
  public static MatchBuilder reused(OptionLayout layout) {
    MatchBuilder builder = REUSED.get();
    builder.key.clear();
    builder.mask.clear();
    builder.layOut(layout);
    return builder;
  }

  private void layOut(OptionLayout layout) {
    key.layOut(layout);
    mask.layOut(layout);
  }

  /**
   * Matches a tunnel option. Where it has no place yet it gets one as long as the value.
   *
   * @param wanted mask null: all of the option, however long it is
   * @return false if there is no room for it
   */
  public boolean set(Field option, OptionBits wanted) {
    OptionLayout layout = mask.options();
    if (!layout.has(option)) {
      layout = layout.with(option, wanted.value().size(), wanted.mask() != null);
      if (layout == null) {
        return false;
      }
      layOut(layout);
    }
    layout.set(key, option, wanted.masked());
    if (wanted.mask() == null) {
      mask.cover(option);
    } else {
      layout.set(mask, option, wanted.mask().toArray());
    }
    return true;
  }

  /** The values so far; writes go through. */
  public FlowKey key() {
    return key;
  }

  /** The mask so far; writes go through. */
  public FlowMask mask() {
    return mask;
  }

  /** Matches all of a field of at most 64 bits. */
  public MatchBuilder exact(Field field, long value) {
    return set(field, 0, value, -1L, -1L);
  }

  /** Matches the bits of {@code field} under the mask; of a tunnel option if it has a place. */
  public MatchBuilder set(Field field, long high, long low, long maskHigh, long maskLow) {
    switch (field) {
      case VLAN_TCI -> setTci((int) low & 0xffff, (int) maskLow & 0xffff);
      case DL_VLAN -> setDlVlan((int) low);
      case VLAN_VID -> setVid((int) low, (int) maskLow);
      case DL_VLAN_PCP, VLAN_PCP -> setPcp((int) low);
      case NW_TOS -> setPlain(Field.IP_DSCP, 0, low >> 2, 0, 0x3f);
      case CT_STATE -> setPlain(field, 0, low, 0, maskLow & CT_STATE_BITS);
      case TUN_ERSPAN_VER, TUN_ERSPAN_DIR, TUN_ERSPAN_HWID ->
          setPlain(field, 0, low, 0, isAll(field, maskLow) ? low : maskLow);
      case IN_PORT_OXM -> setPlain(Field.IN_PORT, 0, low, 0, -1L);
      default -> setPlain(field, high, low, maskHigh, maskLow);
    }
    return this;
  }

  /**
   * Whether the mask says all of the field. Of some, Open vSwitch then matches no more bits than
   * the value has, and so do we: the two compare each other's rules.
   */
  private static boolean isAll(Field field, long mask) {
    long all = (1L << field.bits()) - 1;
    return (mask & all) == all;
  }

  private void setPlain(Field field, long high, long low, long maskHigh, long maskLow) {
    mask.set(field, maskHigh, maskLow);
    key.set(field, high & maskHigh, low & maskLow);
  }

  private void setTci(int value, int bits) {
    mask.set(Field.VLAN_TCI, bits);
    key.set(Field.VLAN_TCI, value & bits);
  }

  private void setDlVlan(int vid) {
    if (vid == OF10_VLAN_NONE) {
      setTci(0, 0xffff);
    } else {
      setTciBits(VLAN_PRESENT | (vid & VID_MASK), VLAN_PRESENT | VID_MASK);
    }
  }

  private void setVid(int vid, int bits) {
    setTciBits(vid, bits & (VLAN_PRESENT | VID_MASK));
  }

  private void setPcp(int pcp) {
    setTciBits(VLAN_PRESENT | (pcp << 13), VLAN_PRESENT | PCP_MASK);
  }

  private void setTciBits(int value, int bits) {
    long tci = key.get(Field.VLAN_TCI) & ~(long) bits;
    mask.set(Field.VLAN_TCI, mask.get(Field.VLAN_TCI) | bits);
    key.set(Field.VLAN_TCI, tci | (value & bits));
  }

  @Override
  public long get(Field field) {
    return key.get(field);
  }

  @Override
  public long mask(Field field) {
    return mask.get(field);
  }

  @Override
  public boolean covers(Field field) {
    return mask.covers(field);
  }

  /** Whether any bit that {@code field} is a view of is matched already. */
  @Override
  public boolean touches(Field field) {
    return switch (field) {
      case VLAN_VID -> (mask.get(Field.VLAN_TCI) & (VLAN_PRESENT | VID_MASK)) != 0;
      case IN_PORT_OXM -> mask.touches(Field.IN_PORT);
      case NW_TOS -> mask.touches(Field.IP_DSCP);
      default -> mask.touches(field);
    };
  }

  /** Whether what {@code field} needs is matched already. */
  public boolean meetsPrerequisite(Field field) {
    return Prerequisites.met(field, this);
  }

  /** The match. This may go on collecting afterwards. */
  public Match build() {
    return new Match(key, mask);
  }
}
