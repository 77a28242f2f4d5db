package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.message.FlowMonitor.Event;
import org.sluice.vswitchd.classifier.Rule;

/**
 * What a session's flow monitors were not told, since the session did not read.
 *
 * <p>Most of it need not be kept, for the tables have it: what has come and what is other than it
 * was can be found there, by {@link Rule#sequence} and by version, when the session reads again.
 * Only what has gone is kept here, and of that only what the session knows of. Under the writer
 * lock.
 */
final class MissedChanges {
  /** Rules that may go before a session is given up. */
  static final int MAX_REMOVED = 100_000;

  private final long version;
  private final long sequence;
  private final List<FlowMonitor.Update> removed = new ArrayList<>();
  private boolean tooMany;

  /** Nothing yet, after a session was told of everything up to {@code version}. */
  MissedChanges(long version, long sequence) {
    this.version = version;
    this.sequence = sequence;
  }

  /** Notes that {@code rule} has gone, which {@code update} tells. */
  void remove(Rule rule, FlowMonitor.Update update) {
    if (rule.sequence() > sequence) {
      return;
    }
    tooMany |= removed.size() == MAX_REMOVED;
    if (!tooMany) {
      removed.add(update);
    }
  }

  /** Whether more has gone than can be told later. */
  boolean isTooMany() {
    return tooMany;
  }

  /** What has gone. */
  List<FlowMonitor.Update> removed() {
    return new ArrayList<>(removed);
  }

  /** What has become of a rule that is there now; null where nothing has. */
  Event event(Rule rule) {
    if (rule.sequence() > sequence) {
      return Event.ADDED;
    }
    return rule.isIn(version) ? null : Event.MODIFIED;
  }

  /** What a monitor must have asked for to be told of a rule that is there now; 0 for nobody. */
  int flag(Rule rule) {
    Event event = event(rule);
    return event == null ? 0 : FlowMonitors.flag(event);
  }
}
