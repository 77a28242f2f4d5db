package org.sluice.openflow.message;

import java.util.List;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;

/**
 * Asks to be told of changes to flow tables.
 *
 * @param id the controller's own number for it
 * @param flags of {@link #INITIAL} and the following
 * @param table {@link FlowMod#ANY_TABLE} for all
 */
public record FlowMonitor(
    int id, Command command, int flags, FlowMod.Filter filter, int table, Match match) {
  public static final int INITIAL = 1;
  public static final int ADD = 1 << 1;
  public static final int REMOVED = 1 << 2;
  public static final int MODIFY = 1 << 3;
  public static final int INSTRUCTIONS = 1 << 4;
  public static final int NO_ABBREVIATION = 1 << 5;
  public static final int ONLY_OWN = 1 << 6;

  /** Which to do, in wire order. */
  public enum Command {
    ADD,
    MODIFY,
    DELETE;

    /** The number on the wire. */
    public int wire() {
      return ordinal();
    }

    /** What that number means, or null. */
    public static Command ofWire(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }
  }

  /** What a monitor tells. */
  public sealed interface Update {}

  /**
   * A rule that is there, came, went or changed.
   *
   * @param reason why it went; a {@link FlowRemoved.Reason}'s number
   */
  public record Rule(
      Event event,
      int reason,
      int table,
      int priority,
      FlowMod.Timeouts timeouts,
      long cookie,
      Match match,
      List<OfAction> actions)
      implements Update {
    public Rule {
      actions = List.copyOf(actions);
    }
  }

  /** The change that this connection asked for with message {@code xid} was made. */
  public record Abbreviated(int xid) implements Update {}

  /** Changes are not told for a while, or are told again. From 1.4 on; before it messages. */
  public record Pause(boolean resumed) implements Update {}

  /** What happened to a rule, in the order of 1.4. */
  public enum Event {
    INITIAL,
    ADDED,
    REMOVED,
    MODIFIED;

    /** The number on the wire. */
    public int wire() {
      return ordinal();
    }
  }

  /** Messages about monitors that are no multipart ones. */
  public sealed interface Message extends OfMessage {}

  /** Ends a monitor. From 1.4 on the wire has {@link Command#DELETE} for it. */
  public record Cancel(int id) implements Message {}

  /** The controller reads too slowly: changes are not told. */
  public record Paused() implements Message {}

  /** Changes are told again. */
  public record Resumed() implements Message {}
}
