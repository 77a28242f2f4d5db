package org.sluice.openflow.message;

import org.sluice.datapath.flow.Match;

/**
 * A rule is gone.
 *
 * @param table {@link FlowMod#ANY_TABLE} where the form does not say
 * @param nicira in the form that older controllers asked for
 */
public record FlowRemoved(
    Reason reason,
    int table,
    int priority,
    Match match,
    long cookie,
    FlowMod.Timeouts timeouts,
    long durationNs,
    Counts counts,
    boolean nicira)
    implements OfMessage {

  /** Why, in wire order. */
  public enum Reason {
    IDLE_TIMEOUT,
    HARD_TIMEOUT,
    DELETE,
    GROUP_DELETE,
    METER_DELETE,
    EVICTION;

    /** The number on the wire. */
    public int wire() {
      return ordinal();
    }

    /** What that number means, or null. */
    public static Reason ofWire(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }
  }

  /** What the rule saw; -1 for not known. */
  public record Counts(long packets, long bytes) {}
}
