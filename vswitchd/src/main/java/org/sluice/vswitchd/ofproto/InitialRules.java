package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.message.FlowMonitor.Event;
import org.sluice.openflow.message.Multipart;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.ofproto.RequestHandler.Request;

/**
 * Tells a session that has added flow monitors of the rules that are there already, once of each.
 *
 * <p>The rules are read and what they are is queued under the writer lock, so that whatever comes
 * after is told after. Each monitor has its tables looked through, which for many monitors would
 * take minutes; so between portions others have the lock, and the peer has to read. What changes
 * meanwhile is told as a change as well. Used by the session's reader.
 */
final class InitialRules {
  /** Rules that are looked at before others have their turn, but for one monitor all. */
  static final int PORTION = 1 << 14;

  private final Ofproto ofproto;
  private final Request request;

  /** Of which rules the session knows, and whether it knows their actions. */
  private final Map<Rule, Boolean> told = new HashMap<>();

  InitialRules(Ofproto ofproto, Request request) {
    this.ofproto = ofproto;
    this.request = request;
  }

  /** Answers the request that has added {@code monitors}. */
  void tell(List<FlowMonitor> monitors) {
    List<FlowMonitor> curious = monitors.stream().filter(InitialRules::wantsInitial).toList();
    int done = tellSome(curious);
    while (done < curious.size()) {
      request.session().outbox().awaitRoom();
      done += tellSome(curious.subList(done, curious.size()));
    }
  }

  private static boolean wantsInitial(FlowMonitor monitor) {
    return monitor.command() != FlowMonitor.Command.DELETE
        && (monitor.flags() & FlowMonitor.INITIAL) != 0;
  }

  /** Tells what the first of {@code monitors} are to know; gives how many those were. */
  private int tellSome(List<FlowMonitor> monitors) {
    ofproto.writer().lock();
    try {
      Map<Rule, Boolean> found = new LinkedHashMap<>();
      int done = 0;
      for (long looked = 0; done < monitors.size() && looked < PORTION; done++) {
        FlowMonitor monitor = monitors.get(done);
        collect(monitor, found);
        looked += rules(monitor.table());
      }
      reply(found, done < monitors.size());
      return done;
    } finally {
      ofproto.writer().unlock();
    }
  }

  private void collect(FlowMonitor monitor, Map<Rule, Boolean> found) {
    boolean actions = (monitor.flags() & FlowMonitor.INSTRUCTIONS) != 0;
    for (Rule rule : ofproto.tables().collect(FlowMonitors.filter(monitor))) {
      Boolean known = told.get(rule);
      if (known == null || (actions && !known)) {
        told.put(rule, actions);
        found.put(rule, actions);
      }
    }
  }

  /** How many rules there are to look at. */
  private int rules(int table) {
    FlowTables tables = ofproto.tables();
    if (table != FlowMod.ANY_TABLE) {
      return tables.visibleRules(table);
    }
    int count = 0;
    for (int i = 0; i < FlowTables.COUNT; i++) {
      count += tables.visibleRules(i);
    }
    return count;
  }

  private void reply(Map<Rule, Boolean> found, boolean hasMore) {
    List<FlowMonitor.Update> updates = new ArrayList<>();
    found.forEach(
        (rule, actions) -> updates.add(FlowMonitors.update(Event.INITIAL, 0, rule, actions)));
    request.reply(new Multipart.FlowMonitorReply(updates, hasMore));
  }
}
