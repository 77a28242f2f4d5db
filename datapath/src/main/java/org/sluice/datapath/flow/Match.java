package org.sluice.datapath.flow;

import java.util.Arrays;

/**
 * What a rule matches: the values that the packet must have in the bits that the mask covers.
 * Immutable.
 *
 * <p>Kept as the few words that the mask has any bit in, since a table may have a million; {@link
 * #key} and {@link #mask} spread them out again.
 */
public final class Match implements MatchedFields {
  private static final Match ANY = new Match(new FlowKey(), new FlowMask());

  private final WordMask mask;
  private final long[] values;

  /** Bits of {@code key} that {@code mask} does not cover count as 0. */
  public Match(FlowKey key, FlowMask mask) {
    this.mask = WordMask.of(mask);
    this.values = this.mask.masked(key);
  }

  /** Matches every packet. */
  public static Match any() {
    return ANY;
  }

  /** The values, in a key of the caller's own. */
  public FlowKey key() {
    FlowKey key = new FlowKey();
    key.options = mask.options();
    mask.spread(values, key);
    return key;
  }

  /** The mask, in one of the caller's own. */
  public FlowMask mask() {
    return mask.toFlowMask();
  }

  /** Where the tunnel options lie that are matched. */
  public OptionLayout options() {
    return mask.options();
  }

  /** The value of a tunnel option that is matched, in as many bytes as its place has. */
  public byte[] option(Field field) {
    return options().get(key(), field);
  }

  /** The mask of a tunnel option that is matched. */
  public byte[] optionMask(Field field) {
    return options().get(mask(), field);
  }

  /** The mask as it is kept. */
  public WordMask wordMask() {
    return mask;
  }

  /** The values, one for each word of {@link #wordMask}; not to be changed. */
  public long[] values() {
    return values;
  }

  @Override
  public long get(Field field) {
    if (field.isOption()) {
      return key().get(field);
    }
    return field.isWide()
        ? value(field.word() + 1)
        : (value(field.word()) & field.wordMask()) >>> field.shift();
  }

  /** As {@link FlowWords#getHigh} of the key. */
  public long getHigh(Field field) {
    if (field.isOption()) {
      return key().getHigh(field);
    }
    return field.isWide() ? value(field.word()) : 0;
  }

  private long value(int position) {
    int index = mask.index(position);
    return index < 0 ? 0 : values[index];
  }

  @Override
  public long mask(Field field) {
    return field.isWide()
        ? mask.word(field.word() + 1)
        : (mask.word(field.word()) & field.wordMask()) >>> field.shift();
  }

  /** As {@link FlowWords#getHigh} of the mask. */
  public long maskHigh(Field field) {
    return field.isWide() ? mask.word(field.word()) : 0;
  }

  @Override
  public boolean touches(Field field) {
    return (mask.word(field.word()) & field.wordMask()) != 0
        || (field.isWide() && mask.word(field.word() + 1) != 0);
  }

  /** Whether any bit is covered of the words from {@code first} to the one before {@code end}. */
  public boolean touchesAny(int first, int end) {
    return mask.hasAny(first, end);
  }

  @Override
  public boolean covers(Field field) {
    return (mask.word(field.word()) & field.wordMask()) == field.wordMask()
        && (!field.isWide() || mask.word(field.word() + 1) == -1L);
  }

  /** Whether {@code packet} has what this match asks for. */
  public boolean matches(FlowKey packet) {
    return mask.agrees(packet, values);
  }

  /** Whether every packet that {@code other} matches is matched here too. */
  public boolean includes(Match other) {
    return other.mask.includes(mask) && mask.agree(values, other.mask, other.values);
  }

  /** Whether some packet is matched by both. */
  public boolean overlaps(Match other) {
    return mask.agree(values, other.mask, other.values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Match match
        && mask.equals(match.mask)
        && Arrays.equals(values, match.values);
  }

  @Override
  public int hashCode() {
    return 31 * mask.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Match" + Arrays.toString(values) + " of " + mask.size() + " words";
  }
}
