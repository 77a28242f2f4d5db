package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.datapath.DpAction;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.packet.DropReason;
import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.Learn;
import org.sluice.openflow.action.Nat;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowMod.Timeouts;
import org.sluice.openflow.message.PacketIn.Reason;

/** Runs lists of OpenFlow actions over a walk, one step after the other. */
final class ActionWalker {
  private final Walk walk;
  private final HeaderCommitter committer;
  private final FieldStep fields;
  private final HeaderStep headers;
  private final TableStep tables;
  private final OutputStep outputs;
  private final TrackStep tracking;
  private final LearnStep learning;
  private final GroupStep groups;
  private final LinkStep links;
  private final LengthStep lengths;

  ActionWalker(Walk walk) {
    this.walk = walk;
    this.committer = new HeaderCommitter(walk);
    this.fields = new FieldStep(walk);
    this.headers = new HeaderStep(walk, fields);
    this.tables = new TableStep(walk, this);
    this.outputs = new OutputStep(walk, this);
    this.tracking = new TrackStep(walk, this);
    this.learning = new LearnStep(walk, fields);
    this.groups = new GroupStep(walk, this);
    this.links = new LinkStep(walk, fields, outputs);
    this.lengths = new LengthStep(walk, this);
  }

  HeaderCommitter committer() {
    return committer;
  }

  FieldStep fields() {
    return fields;
  }

  OutputStep outputs() {
    return outputs;
  }

  TableStep tables() {
    return tables;
  }

  /** Runs {@code actions}. {@code last}: nothing runs after them. */
  void run(List<OfAction> actions, boolean last) {
    if (actions.isEmpty()) {
      walk.trace.action(() -> "drop");
    }
    for (int i = 0; i < actions.size() && walk.error == null && !walk.exit; i++) {
      OfAction action = actions.get(i);
      boolean isLast = last && i == actions.size() - 1 && walk.actionSet.isEmpty();
      walk.trace.action(() -> TraceText.action(action, walk.trace.names(walk.bridge)));
      if (action instanceof OfAction.CheckPacketLarger check) {
        lengths.check(check, actions.subList(i + 1, actions.size()));
        return;
      }
      boolean goesOn = step(action, isLast);
      if (walk.exit && walk.freezing) {
        keepForLater(actions.subList(walk.repeats ? i : i + 1, actions.size()));
        walk.repeats = false;
      }
      if (!goesOn) {
        return;
      }
    }
  }

  /** Runs one action; false where the rest of its list does not run. */
  private boolean step(OfAction action, boolean last) {
    switch (action) {
      case Ct ct -> tracking.track(ct, last);
      case Nat nat -> tracking.remember(nat);
      case Learn learn -> learning.learn(learn);
      case OfAction.Output output -> outputs.output(output.port(), output.maxBytes(), last);
      case OfAction.OutputField output -> outputField(output, last);
      case OfAction.OutputTruncated output -> outputs.truncated(output, last);
      case OfAction.Controller controller -> controller(controller);
      case OfAction.Enqueue enqueue -> enqueue(enqueue, last);
      case OfAction.SetField set -> fields.set(set);
      case OfAction.SetOption set -> fields.set(set);
      case OfAction.RegLoad load -> fields.load(load);
      case OfAction.Move move -> fields.move(move);
      case OfAction.StackPush push -> fields.push(push);
      case OfAction.StackPop pop -> fields.pop(pop);
      case OfAction.DecTtl decrement -> {
        return decrementTtl(decrement);
      }
      case OfAction.Resubmit resubmit -> resubmit(resubmit, last);
      case OfAction.Group group -> {
        return groups.run(group.groupId(), last);
      }
      case OfAction.Bundle bundle -> links.bundle(bundle, last);
      case OfAction.Multipath multipath -> links.multipath(multipath);
      case OfAction.GotoTable go ->
          tables.resubmit(new TableStep.Lookup(go.table(), walk.inPort(), true, false), last);
      case OfAction.Clone clone -> cloned(clone.actions(), last);
      case OfAction.Exit _ -> walk.exit = true;
      case OfAction.CtClear _ -> tracking.clear();
      case OfAction.Note _ -> {}
      case OfAction.ClearActions _ -> clearActionSet();
      case OfAction.WriteActions write -> writeActions(write.actions());
      case OfAction.Meter meter -> meter(meter);
      case OfAction.Conjunction _ -> walk.trace.error("executing no-op conjunction action");
      case OfAction.FinTimeout fin -> finTimeout(fin);
      default -> headerStep(action);
    }
    return true;
  }

  private void headerStep(OfAction action) {
    switch (action) {
      case OfAction.SetVlanVid vid -> headers.setVlanVid(vid);
      case OfAction.SetVlanPcp pcp -> headers.setVlanPcp(pcp);
      case OfAction.PopVlan _ -> headers.popVlan();
      case OfAction.PushVlan push -> headers.pushVlan(push);
      case OfAction.SetEthSrc set -> fields.assign(Field.ETH_SRC, set.mac());
      case OfAction.SetEthDst set -> fields.assign(Field.ETH_DST, set.mac());
      case OfAction.SetIpSrc set -> headers.setIpv4(Field.IP_SRC, set.address());
      case OfAction.SetIpDst set -> headers.setIpv4(Field.IP_DST, set.address());
      case OfAction.SetIpTos set -> headers.setIp(Field.IP_DSCP, set.tos() >> 2);
      case OfAction.SetIpEcn set -> headers.setIp(Field.NW_ECN, set.ecn());
      case OfAction.SetIpTtl set -> headers.setIp(Field.NW_TTL, set.ttl());
      case OfAction.SetTpSrc set -> headers.setPort(Field.TCP_SRC, set.port());
      case OfAction.SetTpDst set -> headers.setPort(Field.TCP_DST, set.port());
      case OfAction.SetTunnel set -> walk.key.set(Field.TUN_ID, set.id());
      case OfAction.SetQueue set -> headers.setQueue(Integer.toUnsignedLong(set.queue()));
      case OfAction.PopQueue _ -> headers.setQueue(walk.original.get(Field.SKB_PRIORITY));
      case OfAction.WriteMetadata write -> writeMetadata(write);
      case OfAction.DeleteField delete -> fields.delete(delete.field());
      default -> unsupported(action);
    }
  }

  /** Why {@code actions} cannot be translated, in one line; null if they can. */
  static String refuses(List<OfAction> actions) {
    for (OfAction action : actions) {
      String refusal =
          switch (action) {
            case OfAction.Clone clone -> refuses(clone.actions());
            case OfAction.WriteActions write -> refuses(write.actions());
            case OfAction.PushMpls _,
                OfAction.PopMpls _,
                OfAction.SetMplsLabel _,
                OfAction.SetMplsTc _,
                OfAction.SetMplsTtl _,
                OfAction.DecMplsTtl _,
                OfAction.Encap _,
                OfAction.Decap _,
                OfAction.DecNshTtl _,
                OfAction.Sample _ ->
                "the action " + action.getClass().getSimpleName() + " is not supported";
            default -> null;
          };
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private void unsupported(OfAction action) {
    walk.fail(DropReason.UNSUPPORTED_ACTION, refuses(List.of(action)));
  }

  private void outputField(OfAction.OutputField output, boolean last) {
    fields.cover(output.source());
    long port = output.source().read(walk.key);
    if (port < 0 || port > OfPort.NONE) {
      walk.trace.warn("output port " + Long.toUnsignedString(port) + " is out of range");
      return;
    }
    walk.trace.detail("output port is " + port);
    outputs.output((int) port, output.maxBytes(), last);
  }

  private void controller(OfAction.Controller controller) {
    if (controller.options().pause()) {
      walk.pause = controller;
      walk.triggerFreeze();
    } else {
      outputs.punt(controller);
    }
  }

  private void enqueue(OfAction.Enqueue enqueue, boolean last) {
    long before = walk.key.get(Field.SKB_PRIORITY);
    headers.setQueue(Integer.toUnsignedLong(enqueue.queue()));
    outputs.output(enqueue.port(), 0, last);
    walk.key.set(Field.SKB_PRIORITY, before);
  }

  private boolean decrementTtl(OfAction.DecTtl decrement) {
    boolean alive = headers.decrementTtl();
    if (!alive) {
      List<Integer> ids = decrement.isPlain() ? List.of(0) : decrement.controllerIds();
      for (int id : ids) {
        outputs.punt(OutputStep.puntTo(id, Reason.INVALID_TTL));
      }
    }
    return alive;
  }

  private void resubmit(OfAction.Resubmit resubmit, boolean last) {
    int port = resubmit.inPort() == OfPort.IN_PORT ? walk.inPort() : resubmit.inPort();
    boolean same = resubmit.table() == OfAction.Resubmit.CURRENT_TABLE;
    int table = same ? walk.table : resubmit.table();
    tables.resubmit(new TableStep.Lookup(table, port, false, resubmit.withCtTuple()), last);
  }

  /** Runs {@code actions} so that nothing after them sees what they did. */
  void cloned(List<OfAction> actions, boolean last) {
    isolated(() -> run(actions, true), last);
  }

  /**
   * Runs {@code body} so that nothing after it sees what it did. Header changes are simply changed
   * back where they matter; where that cannot be, the datapath works on a copy.
   */
  void isolated(Runnable body, boolean last) {
    if (!last) {
      committer.commit();
    }
    Retained retained = Retained.of(walk);
    int start = walk.actions.size();
    body.run();
    finish();
    boolean wraps = !last && !walk.actions.isReversibleFrom(start);
    if (wraps) {
      walk.actions.wrapInClone(start);
    }
    retained.restore(walk, wraps);
  }

  /** Runs what the action set holds, or freezes: the end of a pipeline. */
  void finish() {
    if (!walk.freezing) {
      runActionSet();
    }
    if (walk.freezing && walk.error == null) {
      outputs.finishFreezing();
    }
  }

  /** Runs the action set, which an exit action leaves without effect, as in Open vSwitch. */
  private void runActionSet() {
    List<OfAction> ordered = ActionSet.inOrder(walk.actionSet);
    walk.actionSet.clear();
    if (ordered.isEmpty() || walk.error != null) {
      return;
    }
    walk.inActionSet = true;
    TraceNode outer = walk.trace.enter(TraceNode.Type.TABLE, () -> "--. Executing action set:");
    run(ordered, true);
    walk.trace.leave(outer);
    walk.inActionSet = false;
  }

  private void clearActionSet() {
    reportActionSet("was");
    walk.actionSet.clear();
    walk.key.set(Field.ACTSET_OUTPUT, OfPort.UNSET);
  }

  /** Adds to the action set. */
  void writeActions(List<OfAction> actions) {
    walk.actionSet.addAll(actions);
    walk.key.set(Field.ACTSET_OUTPUT, ActionSet.output(walk.actionSet));
    reportActionSet("is");
  }

  private void reportActionSet(String verb) {
    if (walk.trace.isOn()) {
      List<OfAction> ordered = ActionSet.inOrder(walk.actionSet);
      String text = ordered.isEmpty() ? " empty" : ": " + TraceText.actions(ordered);
      walk.trace.detail("action set " + verb + text);
    }
  }

  private void writeMetadata(OfAction.WriteMetadata write) {
    long old = walk.key.get(Field.METADATA);
    walk.key.set(Field.METADATA, (old & ~write.mask()) | (write.value() & write.mask()));
  }

  private void meter(OfAction.Meter meter) {
    int id = walk.bridge.datapathMeter(meter.meterId());
    if (id != BridgeView.NO_METER) {
      walk.actions.add(new DpAction.Meter(id));
    }
  }

  private void finTimeout(OfAction.FinTimeout fin) {
    walk.mask.cover(Field.NW_PROTO);
    boolean tcp = Protocols.isIp(walk.key) && walk.key.get(Field.NW_PROTO) == Protocols.TCP;
    if (tcp && walk.rule != null) {
      Timeouts timeouts = new Timeouts(fin.idleS(), fin.hardS());
      walk.effect(new Effect.ShortenTimeouts(walk.bridge, walk.rule, timeouts));
    }
  }

  /**
   * Keeps the actions that a frozen walk has not come to. What is relative to the table it is in is
   * made absolute, and instructions become the actions that do the same.
   */
  private void keepForLater(List<OfAction> rest) {
    for (OfAction action : rest) {
      walk.frozenActions.add(
          switch (action) {
            case OfAction.GotoTable go -> new OfAction.Resubmit(OfPort.IN_PORT, go.table(), false);
            case OfAction.WriteMetadata write ->
                new OfAction.SetField(Field.METADATA, 0, write.value(), 0, write.mask());
            case OfAction.Resubmit resubmit
                when resubmit.table() == OfAction.Resubmit.CURRENT_TABLE ->
                new OfAction.Resubmit(resubmit.inPort(), walk.table, resubmit.withCtTuple());
            default -> action;
          });
    }
  }
}
