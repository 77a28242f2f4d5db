package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.packet.DropReason;
import org.sluice.openflow.action.OfAction;

/**
 * From a packet and the flow tables to datapath actions and the mask of all that they rest on.
 *
 * <p>The mask is a promise: any packet that agrees with this one under the mask would, with the
 * same tables, come to the same actions. Each step that looks at a bit of the packet, to match it,
 * to compute from it or to overwrite it, covers that bit. Covering too much costs speed, covering
 * too little is a wrong answer, so there is no way to read the key but beside a cover.
 *
 * <p>Nothing is changed by a translation but the table of recirculation ids; any number may run at
 * once.
 */
public final class Translator {
  private final Topology topology;
  private final RecirculationTable recirculations;

  /** Translates for the bridges of {@code topology}. */
  public Translator(Topology topology, RecirculationTable recirculations) {
    this.topology = topology;
    this.recirculations = recirculations;
  }

  /** Why {@code actions} cannot be translated, in one line; null if they can. */
  public static String refuses(List<OfAction> actions) {
    return ActionWalker.refuses(actions);
  }

  /** Translates. */
  public Outcome translate(Job job) {
    return translate(job, TraceLog.off());
  }

  /** Translates a packet as the datapath describes it, its input port a datapath port. */
  Outcome translateUpcall(FlowKey key, long nowNs) {
    Job job = Job.upcall(topology, recirculations, key, nowNs);
    return job == null ? null : translate(job);
  }

  /** Translates and takes down how; with effects where the log says so. */
  Outcome translate(Job job, TraceLog trace) {
    Walk walk = new Walk(job, topology, recirculations, trace);
    ActionWalker actions = new ActionWalker(walk);
    Wildcards.start(walk.key, walk.mask);
    TraceNode outer =
        trace.enter(TraceNode.Type.BRIDGE, () -> "bridge(\"" + walk.bridge.name() + "\")");
    if (thaw(walk, job)) {
      go(walk, actions, job);
    }
    trace.leave(outer);
    Wildcards.finish(walk.original, walk.mask);
    return outcome(walk);
  }

  /** Puts a frozen walk back together; false where that cannot be. */
  private boolean thaw(Walk walk, Job job) {
    FrozenState frozen = job.frozen();
    if (frozen == null) {
      long id = job.key().get(Field.RECIRC_ID);
      if (id != 0) {
        walk.fail(
            DropReason.RECIRCULATION_UNKNOWN,
            "Recirculation context not found for ID " + Long.toHexString(id));
      }
      return id == 0;
    }
    TraceNode outer = walk.trace.enter(TraceNode.Type.THAW, () -> "thaw");
    boolean possible = restore(walk, frozen);
    walk.trace.leave(outer);
    return possible;
  }

  private boolean restore(Walk walk, FrozenState frozen) {
    BridgeView bridge = topology.bridge(frozen.bridge());
    if (bridge == null) {
      walk.fail(DropReason.BRIDGE_NOT_FOUND, "Frozen bridge no longer exists.");
      return false;
    }
    walk.enter(bridge);
    walk.table = frozen.table();
    walk.cookie = frozen.cookie();
    walk.trace.add(TraceNode.Type.THAW, () -> "Resuming from table " + walk.table);
    walk.conntracked = frozen.conntracked();
    if (!frozen.conntracked()) {
      walk.clearTracking();
    }
    frozen.thawInto(walk.key);
    frozen.stack().reversed().forEach(walk.stack::push);
    if (!frozen.actionSet().isEmpty()) {
      walk.trace.add(
          TraceNode.Type.THAW,
          () -> "Restoring action set: " + TraceText.actions(frozen.actionSet()));
      walk.actionSet.addAll(frozen.actionSet());
      walk.key.set(Field.ACTSET_OUTPUT, ActionSet.output(walk.actionSet));
    }
    if (!frozen.actions().isEmpty()) {
      walk.trace.add(
          TraceNode.Type.THAW, () -> "Restoring actions: " + TraceText.actions(frozen.actions()));
    }
    return true;
  }

  private static void go(Walk walk, ActionWalker actions, Job job) {
    PortView port = walk.bridge.port(walk.inPort());
    if (job.frozen() == null && port != null && port.has(PortView.Flag.NO_RECEIVE)) {
      walk.explain(DropReason.FORWARDING_DISABLED);
      return;
    }
    List<OfAction> given =
        job.frozen() != null && !job.frozen().actions().isEmpty()
            ? job.frozen().actions()
            : job.actions();
    if (given == null) {
      actions.tables().start();
    } else {
      actions.run(given, true);
    }
    if (walk.error == null) {
      actions.finish();
    }
  }

  private static Outcome outcome(Walk walk) {
    boolean failed = walk.error != null;
    if (failed) {
      walk.actions.clear();
    }
    DropReason drop = null;
    if (failed) {
      drop = walk.error;
    } else if (walk.actions.size() == 0) {
      drop = walk.reason == null ? DropReason.NO_ACTION : walk.reason;
    }
    boolean install = walk.install && walk.actions.bytes() <= Walk.MAX_ACTION_BYTES;
    return new Outcome(
        walk.actions.all(), walk.mask, drop, failed, install, walk.effects, walk.key, walk.forks);
  }
}
