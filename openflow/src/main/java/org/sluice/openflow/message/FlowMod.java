package org.sluice.openflow.message;

import java.util.List;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;

/**
 * Adds, changes or deletes rules.
 *
 * @param table {@link #ANY_TABLE} where the switch may choose, or for all
 * @param bufferId a packet to run through the new rule; {@link #NO_BUFFER} for none
 * @param filter which rules a deletion takes, by what they output to
 * @param importance higher is evicted later
 */
public record FlowMod(
    Command command,
    int table,
    int priority,
    Match match,
    Cookie cookie,
    Timeouts timeouts,
    Filter filter,
    int bufferId,
    int flags,
    int importance,
    List<OfAction> actions)
    implements OfMessage {
  public static final int ANY_TABLE = 0xff;
  public static final int NO_BUFFER = 0xffff_ffff;
  public static final int DEFAULT_PRIORITY = 0x8000;

  public static final int SEND_FLOW_REMOVED = 1;
  public static final int CHECK_OVERLAP = 2;
  public static final int RESET_COUNTS = 4;
  public static final int NO_PACKET_COUNTS = 8;
  public static final int NO_BYTE_COUNTS = 16;

  /** Keeps once what most messages have, for a bundle may have a million of them. */
  public FlowMod {
    actions = List.copyOf(actions);
    cookie = cookie.shared();
    timeouts = timeouts.shared();
    filter = filter.shared();
  }

  /** What to do, in wire order. */
  public enum Command {
    ADD,
    MODIFY,
    MODIFY_STRICT,
    DELETE,
    DELETE_STRICT;

    /** The number on the wire. */
    public int wire() {
      return ordinal();
    }

    /** What that number means, or null. */
    public static Command ofWire(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }

    /** Whether it deletes. */
    public boolean isDelete() {
      return this == DELETE || this == DELETE_STRICT;
    }

    /** Whether only a rule with the same match and priority is meant. */
    public boolean isStrict() {
      return this == MODIFY_STRICT || this == DELETE_STRICT;
    }
  }

  /**
   * @param match rules whose cookie has these bits under {@code mask} are meant
   * @param value the new cookie
   * @param modify whether rules that exist already get it
   */
  public record Cookie(long match, long mask, long value, boolean modify) {
    /** Any rule; new ones get 0. */
    public static final Cookie ANY = new Cookie(0, 0, 0, false);

    /** Any rule; new ones get {@code value}. */
    public static Cookie ofNew(long value) {
      return new Cookie(0, 0, value, false);
    }

    private Cookie shared() {
      return (match | mask | value) == 0 && !modify ? ANY : this;
    }
  }

  /** Seconds unused, and at all, after which the rule goes; 0 for never. */
  public record Timeouts(int idleS, int hardS) {
    public static final Timeouts NONE = new Timeouts(0, 0);

    /** Whether it stays until it is deleted. */
    public boolean areNone() {
      return (idleS | hardS) == 0;
    }

    private Timeouts shared() {
      return areNone() ? NONE : this;
    }
  }

  /** Only rules that output to this port and this group. */
  public record Filter(int outPort, int outGroup) {
    public static final int ANY_GROUP = 0xffff_ffff;
    public static final Filter NONE = new Filter(OfPort.ANY, ANY_GROUP);

    private Filter shared() {
      return outPort == OfPort.ANY && outGroup == ANY_GROUP ? NONE : this;
    }
  }

  /** Whether {@code flag} is set. */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** The same with another command. */
  public FlowMod withCommand(Command other) {
    return new FlowMod(
        other,
        table,
        priority,
        match,
        cookie,
        timeouts,
        filter,
        bufferId,
        flags,
        importance,
        actions);
  }

  /** The same with another match. */
  public FlowMod withMatch(Match other) {
    return new FlowMod(
        command,
        table,
        priority,
        other,
        cookie,
        timeouts,
        filter,
        bufferId,
        flags,
        importance,
        actions);
  }

  /** Starts an addition that matches everything and drops it. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the parts of a message. Used by one thread. */
  public static final class Builder {
    private Command command = Command.ADD;
    private int table = ANY_TABLE;
    private int priority = DEFAULT_PRIORITY;
    private Match match = Match.any();
    private Cookie cookie = Cookie.ANY;
    private Timeouts timeouts = Timeouts.NONE;
    private Filter filter = Filter.NONE;
    private int bufferId = NO_BUFFER;
    private int flags;
    private int importance;
    private List<OfAction> actions = List.of();

    private Builder() {}

    public Builder command(Command value) {
      command = value;
      return this;
    }

    public Builder table(int value) {
      table = value;
      return this;
    }

    public Builder priority(int value) {
      priority = value;
      return this;
    }

    public Builder match(Match value) {
      match = value;
      return this;
    }

    public Builder cookie(Cookie value) {
      cookie = value;
      return this;
    }

    public Builder timeouts(Timeouts value) {
      timeouts = value;
      return this;
    }

    public Builder filter(Filter value) {
      filter = value;
      return this;
    }

    public Builder bufferId(int value) {
      bufferId = value;
      return this;
    }

    public Builder flags(int value) {
      flags = value;
      return this;
    }

    public Builder importance(int value) {
      importance = value;
      return this;
    }

    public Builder actions(List<OfAction> value) {
      actions = value;
      return this;
    }

    /** The message. */
    public FlowMod build() {
      return new FlowMod(
          command,
          table,
          priority,
          match,
          cookie,
          timeouts,
          filter,
          bufferId,
          flags,
          importance,
          actions);
    }
  }
}
