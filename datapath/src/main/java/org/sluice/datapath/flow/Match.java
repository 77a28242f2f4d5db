package org.sluice.datapath.flow;

/**
 * What a rule matches: the values that {@code mask} covers must be those of {@code key}.
 *
 * @param key has no bit outside {@code mask}; not to be changed once the match is shared
 * @param mask not to be changed once the match is shared
 */
public record Match(FlowKey key, FlowMask mask) {
  /** Clears the key's bits that the mask does not cover, in a copy. */
  public Match {
    key = key.masked(mask);
  }

  /** Matches every packet. */
  public static Match any() {
    return new Match(new FlowKey(), new FlowMask());
  }

  /** Whether {@code packet} has what this match asks for. */
  public boolean matches(FlowKey packet) {
    return packet.agrees(key, mask);
  }
}
