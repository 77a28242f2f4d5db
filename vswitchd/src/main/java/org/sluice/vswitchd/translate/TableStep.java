package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.packet.DropReason;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.PacketIn.Reason;
import org.sluice.vswitchd.classifier.Rule;

/** Looks a walk's packet up in a table and follows the rule that matches. */
final class TableStep {
  private static final List<OfAction> NO_MATCH =
      List.of(
          new OfAction.Controller(
              OfAction.Controller.NO_LIMIT,
              Reason.IMPLICIT_MISS.ordinal(),
              0,
              OfAction.Controller.Options.NONE));

  private final Walk walk;
  private final ActionWalker actions;

  TableStep(Walk walk, ActionWalker actions) {
    this.walk = walk;
    this.actions = actions;
  }

  /**
   * How a lookup is made.
   *
   * @param inPort the ingress port to pretend
   * @param misses whether a miss is a table miss, with what the table's configuration says; else it
   *     is nothing
   * @param swapped with the connection's tuple in the place of the packet's
   */
  record Lookup(int table, int inPort, boolean misses, boolean swapped) {}

  /** Looks up, and runs the actions of what was found. {@code last}: nothing runs after them. */
  void resubmit(Lookup lookup, boolean last) {
    if (!withinLimits()) {
      return;
    }
    int oldTable = walk.table;
    if (lookup.swapped && !isTracked()) {
      walk.trace.error("resubmit(ct) with non-tracked or non-IP packet!");
      return;
    }
    walk.table = lookup.table;
    Found found = lookup.swapped ? findSwapped(lookup) : find(lookup);
    int deeper = lookup.table <= oldTable ? 1 : 0;
    walk.depth += deeper;
    walk.resubmits++;
    follow(found, last);
    walk.depth -= deeper;
    walk.table = oldTable;
  }

  /** As {@link #resubmit}, for the first lookup of a walk: what comes later still belongs to it. */
  void start() {
    Found found = find(new Lookup(walk.table, walk.inPort(), true, false));
    enter(found);
    actions.run(found.actions(), true);
  }

  private void follow(Found found, boolean last) {
    Rule oldRule = walk.rule;
    long oldCookie = walk.cookie;
    TraceNode outer = enter(found);
    actions.run(found.actions(), last);
    walk.trace.leave(outer);
    walk.rule = oldRule;
    walk.cookie = oldCookie;
  }

  private TraceNode enter(Found found) {
    walk.rule = found.rule;
    walk.cookie = found.rule == null ? 0 : found.rule.cookie();
    return walk.trace.enter(
        TraceNode.Type.TABLE,
        () -> TraceText.table(walk.table, found, walk.trace.names(walk.bridge)));
  }

  /** The rule found, or what happens instead. */
  record Found(Rule rule, Instead instead) {
    enum Instead {
      RULE,
      NOTHING,
      PACKET_IN,
      FRAGMENT
    }

    List<OfAction> actions() {
      return switch (instead) {
        case RULE -> rule.actions();
        case PACKET_IN -> NO_MATCH;
        case NOTHING, FRAGMENT -> List.of();
      };
    }
  }

  private Found find(Lookup lookup) {
    FlowKey key = walk.key;
    long oldPort = key.get(Field.IN_PORT);
    long oldSource = key.get(Field.TCP_SRC);
    long oldTarget = key.get(Field.TCP_DST);
    if (key.get(Field.IP_FRAG) != 0) {
      switch (walk.bridge.fragmentHandling()) {
        case DROP -> {
          return new Found(null, Found.Instead.FRAGMENT);
        }
        case NORMAL -> {
          key.set(Field.TCP_SRC, 0);
          key.set(Field.TCP_DST, 0);
        }
        case MATCH -> {}
      }
    }
    key.set(Field.IN_PORT, lookup.inPort);
    Found found = search(lookup, (int) oldPort);
    key.set(Field.IN_PORT, oldPort);
    key.set(Field.TCP_SRC, oldSource);
    key.set(Field.TCP_DST, oldTarget);
    return found;
  }

  private Found search(Lookup lookup, int realPort) {
    int tables = walk.bridge.tableCount() - 1;
    for (int table = lookup.table; table < Math.max(tables, lookup.table + 1); table++) {
      walk.table = table;
      Rule rule = walk.bridge.lookup(table, walk.key, walk.mask, walk.version);
      walk.effect(new Effect.LookedUp(walk.bridge, table, rule != null));
      if (rule != null) {
        walk.effect(new Effect.Crossed(rule));
        return new Found(rule, Found.Instead.RULE);
      }
      BridgeView.TableMiss miss =
          lookup.misses ? walk.bridge.onMiss(table) : BridgeView.TableMiss.DROP;
      if (miss != BridgeView.TableMiss.CONTINUE) {
        boolean packetIn = miss == BridgeView.TableMiss.CONTROLLER && mayPacketIn(realPort);
        return new Found(null, packetIn ? Found.Instead.PACKET_IN : Found.Instead.NOTHING);
      }
    }
    return new Found(null, mayPacketIn(realPort) ? Found.Instead.PACKET_IN : Found.Instead.NOTHING);
  }

  private boolean mayPacketIn(int realPort) {
    PortView port = walk.bridge.port(realPort);
    return port == null || !port.has(PortView.Flag.NO_PACKET_IN);
  }

  private boolean isTracked() {
    walk.mask.cover(Field.CT_NW_PROTO);
    return walk.key.get(Field.CT_NW_PROTO) != 0 && Protocols.isIp(walk.key);
  }

  /** Looks up with the packet's and the connection's tuples exchanged, in key and mask alike. */
  private Found findSwapped(Lookup lookup) {
    TupleSwap swap = new TupleSwap(Protocols.isIpv4(walk.key));
    swap.apply(walk.key);
    swap.apply(walk.mask);
    Found found = find(lookup);
    swap.apply(walk.key);
    swap.apply(walk.mask);
    return found;
  }

  /** Whether the walk may go on; ends it otherwise. */
  boolean withinLimits() {
    if (walk.depth >= Walk.MAX_DEPTH) {
      walk.fail(DropReason.TRANSLATION_TOO_DEEP, "over max translation depth " + Walk.MAX_DEPTH);
    } else if (walk.resubmits >= Walk.MAX_RESUBMITS) {
      walk.fail(DropReason.TOO_MANY_RESUBMITS, "over " + Walk.MAX_RESUBMITS + " resubmit actions");
    } else if (walk.actions.bytes() > Walk.MAX_ACTION_BYTES) {
      walk.trace.error("resubmits yielded over 64 kB of actions");
      walk.exit = true;
      walk.install = false;
    } else if (walk.stackBytes() >= Walk.MAX_STACK_BYTES) {
      walk.fail(DropReason.STACK_TOO_DEEP, "resubmits yielded over 64 kB of stack");
    } else {
      return true;
    }
    return false;
  }
}
