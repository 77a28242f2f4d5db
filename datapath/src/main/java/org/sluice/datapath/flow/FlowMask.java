package org.sluice.datapath.flow;

import java.util.Arrays;

/** Which bits of a {@link FlowKey} matter: 1 = looked at. Owned by whoever made it. */
public final class FlowMask extends FlowWords {
  /** Covers nothing. */
  public FlowMask() {
    super(new long[Word.COUNT]);
  }

  private FlowMask(long[] words) {
    super(words);
  }

  /** A copy that shares nothing. */
  public FlowMask copy() {
    FlowMask copy = new FlowMask(words.clone());
    copy.options = options;
    return copy;
  }

  /** Covers all of {@code field} from now on. */
  public void cover(Field field) {
    if (field.isOption()) {
      byte[] all = new byte[options.bytes(field)];
      Arrays.fill(all, (byte) 0xff);
      options.set(this, field, all);
      return;
    }
    words[field.word()] |= field.wordMask();
    if (field.isWide()) {
      words[field.word() + 1] = -1L;
    }
  }

  /** Covers from now on also what {@code other} covers. */
  public void cover(FlowMask other) {
    for (int i = 0; i < words.length; i++) {
      words[i] |= other.words[i];
    }
  }

  /** Whether all of {@code field} is covered. */
  public boolean covers(Field field) {
    boolean first = (words[field.word()] & field.wordMask()) == field.wordMask();
    return first && (!field.isWide() || words[field.word() + 1] == -1L);
  }

  /** Whether any bit of {@code field} is covered. */
  public boolean touches(Field field) {
    boolean first = (words[field.word()] & field.wordMask()) != 0;
    return first || (field.isWide() && words[field.word() + 1] != 0);
  }

  /** Whether every bit that {@code other} covers is covered here too. */
  public boolean includes(FlowMask other) {
    for (int i = 0; i < words.length; i++) {
      if ((other.words[i] & ~words[i]) != 0) {
        return false;
      }
    }
    return true;
  }
}
