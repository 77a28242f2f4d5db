package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.message.FlowMonitor.Event;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfError;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.classifier.TableVersions;

/**
 * Tells sessions of the changes of flow tables that they asked to be told of: what one request
 * changes in one message, and to who made the request only that it was done. Under the writer lock.
 *
 * <p>A session that does not read is not told for a while: {@link MissedChanges}.
 */
final class FlowMonitors {
  private final Ofproto ofproto;
  private final Map<Session, Pending> pending = new LinkedHashMap<>();
  private final Map<Session, MissedChanges> paused = new HashMap<>();

  /** How far everybody was told before the request that is being carried out. */
  private long toldVersion;

  private long toldSequence;

  /** What a session is to be told next. */
  private static final class Pending {
    private final List<FlowMonitor.Update> updates = new ArrayList<>();
    private final MissedChanges missed;
    private boolean abbreviated;

    Pending(MissedChanges missed) {
      this.missed = missed;
    }
  }

  FlowMonitors(Ofproto ofproto) {
    this.ofproto = ofproto;
  }

  // --- What sessions ask.

  /** Adds, changes and ends monitors, all of them or none but for those that are ended. */
  OfError change(Session session, List<FlowMonitor> asked) {
    Map<Integer, FlowMonitor> monitors = session.monitors();
    List<FlowMonitor> added = new ArrayList<>();
    for (FlowMonitor monitor : asked) {
      OfError error = change(monitors, monitor);
      if (error != null) {
        added.forEach(each -> monitors.remove(each.id()));
        return error;
      }
      if (monitor.command() != FlowMonitor.Command.DELETE) {
        added.add(monitor);
      }
    }
    return null;
  }

  private static OfError change(Map<Integer, FlowMonitor> monitors, FlowMonitor monitor) {
    if (monitor.table() != FlowMod.ANY_TABLE && monitor.table() >= FlowTables.COUNT) {
      return OfError.OFPBRC_BAD_TABLE_ID;
    }
    boolean exists = monitors.containsKey(monitor.id());
    return switch (monitor.command()) {
      case ADD -> {
        if (exists) {
          yield OfError.OFPMOFC_MONITOR_EXISTS;
        }
        if (monitors.size() >= Session.MAX_MONITORS) {
          yield OfError.OFPMOFC_UNKNOWN;
        }
        monitors.put(monitor.id(), monitor);
        yield null;
      }
      case MODIFY -> {
        if (exists) {
          monitors.put(monitor.id(), monitor);
        }
        yield exists ? null : OfError.OFPMOFC_UNKNOWN_MONITOR;
      }
      case DELETE -> monitors.remove(monitor.id()) == null ? OfError.OFPMOFC_UNKNOWN_MONITOR : null;
    };
  }

  /** Ends a monitor as versions before 1.4 do. */
  OfError cancel(Session session, int id) {
    return session.monitors().remove(id) == null ? OfError.OFPMOFC_UNKNOWN_MONITOR : null;
  }

  /**
   * The rules of which one of {@code monitors} is to be told, and whether with their actions.
   *
   * @param flag what a monitor must have asked for to be told of a rule; 0 for nobody
   */
  private Map<Rule, Boolean> wanted(Collection<FlowMonitor> monitors, ToIntFunction<Rule> flag) {
    Map<Rule, Boolean> rules = new LinkedHashMap<>();
    for (FlowMonitor monitor : monitors) {
      if ((monitor.flags() & (FlowMonitor.ADD | FlowMonitor.MODIFY)) == 0) {
        continue;
      }
      boolean actions = (monitor.flags() & FlowMonitor.INSTRUCTIONS) != 0;
      for (Rule rule : ofproto.tables().collect(filter(monitor))) {
        if ((monitor.flags() & flag.applyAsInt(rule)) != 0) {
          rules.merge(rule, actions, (a, b) -> a || b);
        }
      }
    }
    return rules;
  }

  /** The rules that {@code monitor} watches. */
  static RuleFilter filter(FlowMonitor monitor) {
    return new RuleFilter(monitor.table(), monitor.match(), 0, 0, monitor.filter());
  }

  /** What a session is told of a rule. */
  static FlowMonitor.Rule update(Event event, int reason, Rule rule, boolean actions) {
    return new FlowMonitor.Rule(
        event,
        reason,
        rule.tableId(),
        rule.priority(),
        rule.timeouts(),
        rule.cookie(),
        rule.match(),
        actions ? rule.actions() : List.of());
  }

  // --- What happens.

  /** Notes a change for whoever watches it. */
  void note(RuleChange change, Origin origin) {
    for (Session session : ofproto.sessions().all()) {
      if (!session.monitors().isEmpty() && !change.rule().isHidden()) {
        note(session, change, origin);
      }
    }
  }

  /** What a change is; null where it is none to tell: a modification that left all as it was. */
  private static Event event(RuleChange change) {
    if (change.after() == null) {
      return Event.REMOVED;
    }
    if (change.before() == null || change.command() == FlowMod.Command.ADD) {
      return Event.ADDED;
    }
    boolean same =
        change.before().cookie() == change.after().cookie()
            && change.before().actions().equals(change.after().actions());
    return same ? null : Event.MODIFIED;
  }

  private void note(Session session, RuleChange change, Origin origin) {
    Event event = event(change);
    if (event == null) {
      return;
    }
    int flags = 0;
    for (FlowMonitor monitor : session.monitors().values()) {
      if ((monitor.flags() & flag(event)) != 0 && watches(monitor, change)) {
        flags |= monitor.flags();
      }
    }
    if (flags == 0) {
      return;
    }
    int reason = event == Event.REMOVED ? change.reason().wire() : 0;
    boolean actions = (flags & FlowMonitor.INSTRUCTIONS) != 0;
    FlowMonitor.Update update = update(event, reason, change.rule(), actions);
    MissedChanges missed = paused.get(session);
    Pending told = missed == null ? pending.computeIfAbsent(session, _ -> begin()) : null;
    if (event == Event.REMOVED) {
      (told == null ? missed : told.missed).remove(change.rule(), update);
    }
    if (told == null) {
      giveUpIfTooMany(session, missed);
      return;
    }
    if ((flags & FlowMonitor.ONLY_OWN) != 0 || session != origin.session()) {
      told.updates.add(update);
    } else if (!told.abbreviated) {
      told.abbreviated = true;
      told.updates.add(new FlowMonitor.Abbreviated(origin.xid()));
    }
  }

  private Pending begin() {
    return new Pending(new MissedChanges(toldVersion, toldSequence));
  }

  private static void giveUpIfTooMany(Session session, MissedChanges missed) {
    if (missed.isTooMany()) {
      session.outbox().giveUp();
    }
  }

  /** What a monitor must have asked for to be told of {@code event}. */
  static int flag(Event event) {
    return switch (event) {
      case INITIAL -> FlowMonitor.INITIAL;
      case ADDED -> FlowMonitor.ADD;
      case REMOVED -> FlowMonitor.REMOVED;
      case MODIFIED -> FlowMonitor.MODIFY;
    };
  }

  private static boolean watches(FlowMonitor monitor, RuleChange change) {
    Rule rule = change.rule();
    return (monitor.table() == FlowMod.ANY_TABLE || monitor.table() == rule.tableId())
        && monitor.match().includes(rule.match())
        && (RuleFilter.sends(rule.actions(), monitor.filter()) || sentBefore(monitor, change));
  }

  /** Whether the rule sent packets to the port that the monitor looks at before it was changed. */
  private static boolean sentBefore(FlowMonitor monitor, RuleChange change) {
    if (change.before() == null || change.after() == null) {
      return false;
    }
    FlowMod.Filter filter = monitor.filter();
    FlowMod.Filter port = new FlowMod.Filter(filter.outPort(), FlowMod.Filter.ANY_GROUP);
    FlowMod.Filter group = new FlowMod.Filter(OfPort.ANY, filter.outGroup());
    return RuleFilter.sends(change.before().actions(), port)
        && RuleFilter.sends(change.after().actions(), group);
  }

  /** Sends what was noted, or pauses whoever does not read. */
  void flush() {
    pending.forEach((session, told) -> {
      if (!session.outbox().offer(new Multipart.FlowMonitorReply(told.updates, false))) {
        paused.put(session, told.missed);
        giveUpIfTooMany(session, told.missed);
      }
    });
    pending.clear();
    TableVersions versions = ofproto.tables().versions();
    toldVersion = versions.current();
    toldSequence = versions.lastSequence();
  }

  /** Tells those who read again what they have missed. */
  void resume() {
    paused.keySet().retainAll(ofproto.sessions().all());
    paused.entrySet().removeIf(entry -> tryResume(entry.getKey(), entry.getValue()));
  }

  private boolean tryResume(Session session, MissedChanges missed) {
    Session.Outbox outbox = session.outbox();
    if (!outbox.isEmpty()) {
      return false;
    }
    List<FlowMonitor.Update> updates = missed.removed();
    wanted(session.monitors().values(), missed::flag)
        .forEach((rule, actions) -> updates.add(update(missed.event(rule), 0, rule, actions)));
    return outbox.offer(
        List.of(
            new FlowMonitor.Paused(),
            new Multipart.FlowMonitorReply(updates, false),
            new FlowMonitor.Resumed()));
  }
}
