package org.sluice.vswitchd.classifier;

import java.util.List;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMod.Timeouts;

/**
 * An OpenFlow flow: what it matches, how strongly, and what it does.
 *
 * <p>What a rule is never changes: a modification puts another Rule in its place that shares its
 * {@link RuleStatistics}. What happens to it (use, shortened timeouts, removal) may be noted by any
 * thread.
 */
public final class Rule extends Versioned {
  /** Priorities above it are the switch's own and are hidden from controllers. */
  public static final int MAX_VISIBLE_PRIORITY = 0xffff;

  private final byte tableId;
  private boolean stored;
  private final Match match;
  private final int priority;
  private final long cookie;
  private final char importance;
  private final short flags;
  private final List<OfAction> actions;
  private final RuleStatistics statistics;
  private final long createdNs;
  private final boolean isClause;
  private volatile Rule next;
  private volatile Timeouts timeouts;
  private volatile long modifiedNs;
  private long sequence;

  /** What a flow mod says beside match and priority; {@code flags} as {@link FlowMod} has them. */
  public record Body(
      long cookie, Timeouts timeouts, int importance, int flags, List<OfAction> actions) {
    /** Nothing at all: what it matches is dropped. */
    static final Body NONE = of(List.of());

    public Body {
      actions = List.copyOf(actions);
    }

    /** Only actions. */
    public static Body of(List<OfAction> actions) {
      return new Body(0, Timeouts.NONE, 0, 0, actions);
    }
  }

  /** A rule not yet in any table, with counters at 0. */
  public Rule(int tableId, Match match, int priority, Body body, long nowNs) {
    this(tableId, match, priority, body, new RuleStatistics(nowNs), nowNs);
  }

  private Rule(
      int tableId,
      Match match,
      int priority,
      Body body,
      RuleStatistics statistics,
      long createdNs) {
    this.tableId = (byte) tableId;
    this.match = match;
    this.priority = priority;
    this.cookie = body.cookie;
    this.importance = (char) body.importance; // 16 bits in every message, as are the flags
    this.flags = (short) body.flags;
    this.actions = body.actions;
    this.statistics = statistics;
    this.createdNs = createdNs;
    this.modifiedNs = createdNs;
    this.timeouts = body.timeouts;
    this.isClause = hasClause(actions);
  }

  private static boolean hasClause(List<OfAction> actions) {
    for (OfAction action : actions) {
      if (action instanceof OfAction.Conjunction) {
        return true;
      }
    }
    return false;
  }

  /** The rule that a modification at {@code nowNs} puts in the place of this one. */
  public Rule modified(long newCookie, List<OfAction> newActions, long nowNs) {
    Body changed = new Body(newCookie, timeouts, importance, flags, newActions);
    Rule rule = new Rule(tableId(), match, priority, changed, statistics, createdNs);
    rule.refresh(nowNs);
    return rule;
  }

  /** This rule, counting on from where {@code replaced} is. */
  public Rule continuing(Rule replaced) {
    return new Rule(tableId(), match, priority, body(), replaced.statistics, createdNs);
  }

  /** This rule with counters at 0. */
  public Rule countingAnew(long nowNs) {
    Rule rule = new Rule(tableId(), match, priority, body(), new RuleStatistics(nowNs), createdNs);
    rule.refresh(modifiedNs);
    return rule;
  }

  private Body body() {
    return new Body(cookie, timeouts, importance, flags, actions);
  }

  public int tableId() {
    return Byte.toUnsignedInt(tableId);
  }

  public Match match() {
    return match;
  }

  public int priority() {
    return priority;
  }

  public long cookie() {
    return cookie;
  }

  public int importance() {
    return importance;
  }

  /** Bits of {@link FlowMod}. */
  public int flags() {
    return flags;
  }

  public boolean hasFlag(int flag) {
    return (flags & flag) != 0;
  }

  public List<OfAction> actions() {
    return actions;
  }

  public RuleStatistics statistics() {
    return statistics;
  }

  public long createdNs() {
    return createdNs;
  }

  public long modifiedNs() {
    return modifiedNs;
  }

  /** Starts the hard timeout again; an earlier time than the last one counts for nothing. */
  public synchronized void refresh(long nowNs) {
    modifiedNs = Math.max(modifiedNs, nowNs);
  }

  /** The timeouts as they are now. */
  public Timeouts timeouts() {
    return timeouts;
  }

  /** Whether it can go by itself. */
  public boolean hasTimeouts() {
    return !timeouts.areNone();
  }

  /** Makes the timeouts no longer than {@code limit}, as {@code fin_timeout} does. */
  public synchronized void shortenTimeouts(Timeouts limit) {
    timeouts =
        new Timeouts(
            shorter(timeouts.idleS(), limit.idleS()), shorter(timeouts.hardS(), limit.hardS()));
  }

  private static int shorter(int a, int b) {
    return a == 0 || (b != 0 && b < a) ? b : a;
  }

  /** Whether it is only a clause of conjunctions, without effect of its own. */
  public boolean isClause() {
    return isClause;
  }

  /** Whether controllers must not see it. */
  public boolean isHidden() {
    return priority > MAX_VISIBLE_PRIORITY;
  }

  /**
   * Its place among the rules that were put in, which a rule hands on to the one that takes its
   * place.
   */
  public long sequence() {
    return sequence;
  }

  /** See {@link #sequence}; before it is published. */
  void number(long place) {
    sequence = place;
  }

  // --- Its place in a RuleTable, which changes it.

  /** Whether it is in a table, in whatever version. Writer only. */
  boolean isStored() {
    return stored;
  }

  /** The next rule of the same match, which is no better; null after the last. Any thread. */
  Rule next() {
    return next;
  }

  void store(Rule following) {
    stored = true;
    next = following;
  }

  /** It keeps its link for whoever has come as far as here. */
  void unstore() {
    stored = false;
  }

  void linkTo(Rule following) {
    next = following;
  }

  @Override
  public String toString() {
    return "table=" + tableId() + " priority=" + priority + " actions=" + actions;
  }
}
