package org.sluice.datapath.flow;

/**
 * A packet's header and metadata values, or the values that a match asks for. Owned by whoever made
 * it.
 */
public final class FlowKey extends FlowWords {
  /** All zero. */
  public FlowKey() {
    super(new long[Word.COUNT]);
  }

  private FlowKey(long[] words) {
    super(words);
  }

  /** A copy that shares nothing. */
  public FlowKey copy() {
    FlowKey copy = new FlowKey(words.clone());
    copy.options = options;
    return copy;
  }

  /** Takes over every word of {@code other}. */
  public void copyFrom(FlowKey other) {
    System.arraycopy(other.words, 0, words, 0, words.length);
    options = other.options;
  }

  /** A copy with the bits that {@code mask} does not cover set to 0. */
  public FlowKey masked(FlowMask mask) {
    FlowKey result = copy();
    for (int i = 0; i < words.length; i++) {
      result.words[i] &= mask.words[i];
    }
    return result;
  }

  /** Whether this and {@code other} agree in every bit that {@code mask} covers. */
  public boolean agrees(FlowKey other, FlowMask mask) {
    for (int i = 0; i < words.length; i++) {
      if (((words[i] ^ other.words[i]) & mask.words[i]) != 0) {
        return false;
      }
    }
    return true;
  }
}
