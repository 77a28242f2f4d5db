package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.datapath.DpAction;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowWords;
import org.sluice.datapath.flow.Word;
import org.sluice.datapath.packet.DropReason;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.PacketIn.Reason;
import org.sluice.vswitchd.l2.Bundle;
import org.sluice.vswitchd.l2.NormalBridging;

/**
 * Sends a walk's packet somewhere: to ports, through patch ports, to controllers, back to itself.
 */
final class OutputStep {
  private final Walk walk;
  private final ActionWalker actions;

  OutputStep(Walk walk, ActionWalker actions) {
    this.walk = walk;
    this.actions = actions;
  }

  /** A packet-in of all of the packet. */
  static OfAction.Controller puntTo(int controllerId, Reason reason) {
    return new OfAction.Controller(
        OfAction.Controller.NO_LIMIT,
        reason.ordinal(),
        controllerId,
        OfAction.Controller.Options.NONE);
  }

  /** Sends to an OpenFlow port number, which may be a reserved one. */
  void output(int port, int maxBytes, boolean last) {
    switch (port) {
      case OfPort.IN_PORT -> toPort(walk.inPort(), last);
      case OfPort.TABLE ->
          actions.tables().resubmit(new TableStep.Lookup(0, walk.inPort(), true, false), last);
      case OfPort.NORMAL -> normal(last);
      case OfPort.FLOOD -> flood(false, last);
      case OfPort.ALL -> flood(true, last);
      case OfPort.CONTROLLER -> punt(toController(maxBytes));
      case OfPort.NONE -> {}
      default -> {
        if (port == walk.inPort()) {
          walk.trace.warn("skipping output to input port");
        } else {
          toPort(port, last);
        }
      }
    }
  }

  /** Sends the packet's beginning to a port. */
  void truncated(OfAction.OutputTruncated output, boolean last) {
    int number = output.port() == OfPort.IN_PORT ? walk.inPort() : output.port();
    PortView port = walk.bridge.port(number);
    if (OfPort.isReserved(number) && number != OfPort.LOCAL) {
      walk.trace.warn("output_trunc does not support port: " + OfPort.text(number));
    } else if (number == walk.inPort() && output.port() != OfPort.IN_PORT) {
      walk.trace.warn("skipping output to input port");
    } else if (port == null || port.datapathPort() == PortView.NOWHERE) {
      walk.trace.error("output_trunc does not support patch port " + OfPort.text(number));
    } else {
      walk.actions.add(new DpAction.Truncate(output.maxBytes()));
      toPort(number, last);
    }
  }

  private OfAction.Controller toController(int maxBytes) {
    Reason reason =
        walk.inBucket ? Reason.GROUP : walk.inActionSet ? Reason.ACTION_SET : Reason.ACTION;
    return new OfAction.Controller(
        maxBytes,
        (walk.packetOut ? Reason.PACKET_OUT : reason).ordinal(),
        0,
        OfAction.Controller.Options.NONE);
  }

  private void flood(boolean all, boolean last) {
    List<PortView> targets =
        walk.bridge.ports().stream()
            .filter(port -> port.ofPort() != walk.inPort())
            .filter(port -> all || !port.has(PortView.Flag.NO_FLOOD))
            .toList();
    for (int i = 0; i < targets.size(); i++) {
      toPort(targets.get(i).ofPort(), last && i == targets.size() - 1);
    }
  }

  private void normal(boolean last) {
    int inPort = walk.inPort();
    boolean fromController = inPort == OfPort.NONE || inPort == OfPort.CONTROLLER;
    Bundle ingress =
        fromController ? NormalBridging.fromController() : walk.bridge.bundleOf(inPort);
    NormalBridging.Verdict verdict =
        NormalBridging.decide(walk.bridge, ingress, walk.key, walk.mask);
    if (verdict.learned() != null) {
      walk.effect(new Effect.LearnStation(walk.bridge, verdict.learned()));
    }
    if (verdict.drop() != null) {
      walk.explain(verdict.drop());
      reportRefusal(verdict);
      return;
    }
    walk.trace.detail(verdict.explanation());
    List<NormalBridging.Egress> egresses = verdict.egresses();
    for (int i = 0; i < egresses.size(); i++) {
      sendTagged(egresses.get(i), last && i == egresses.size() - 1);
    }
  }

  private void reportRefusal(NormalBridging.Verdict verdict) {
    if (verdict.complaint() != null) {
      walk.trace.error(verdict.complaint());
    }
    if (verdict.drop() == DropReason.RESERVED_MULTICAST) {
      walk.trace.detail(verdict.explanation());
    } else {
      walk.trace.warn(verdict.explanation());
    }
  }

  private void sendTagged(NormalBridging.Egress egress, boolean last) {
    int oldTpid = VlanTags.tpid(walk.key, 0);
    int oldTci = VlanTags.tci(walk.key, 0);
    VlanTags.setTci(walk.key, egress.tci());
    toPort(egress.bundle().port(), last);
    VlanTags.set(walk.key, 0, oldTpid, oldTci);
  }

  private void toPort(int number, boolean last) {
    PortView port = walk.bridge.port(number);
    if (port == null) {
      walk.explain(DropReason.INVALID_PORT);
      walk.trace.warn("Nonexistent output port");
    } else if (port.has(PortView.Flag.NO_FORWARD)) {
      walk.explain(DropReason.FORWARDING_DISABLED);
      walk.trace.detail("OFPPC_NO_FWD set, skipping output");
    } else if (port.peer() != null) {
      throughPatch(port.peer(), last);
    } else if (port.datapathPort() != PortView.NOWHERE) {
      actions.committer().commit();
      walk.actions.add(new DpAction.Output(port.datapathPort()));
    }
  }

  /** Goes on in the bridge at the other end, as if the packet had been received there. */
  private void throughPatch(PortView.Peer peer, boolean last) {
    BridgeView target = walk.topology.bridge(peer.bridge());
    PortView port = target == null ? null : target.port(peer.ofPort());
    if (port == null) {
      walk.explain(DropReason.INVALID_PORT);
      walk.trace.warn("Nonexistent output port");
      return;
    }
    BridgeView oldBridge = walk.bridge;
    int oldTable = walk.table;
    TraceNode outer =
        walk.trace.enter(TraceNode.Type.BRIDGE, () -> "bridge(\"" + target.name() + "\")");
    actions.isolated(
        () -> {
          walk.enter(target);
          enterAsReceived(peer.ofPort());
          if (!port.has(PortView.Flag.NO_RECEIVE)) {
            actions.tables().resubmit(new TableStep.Lookup(0, peer.ofPort(), true, false), last);
          }
        },
        last);
    walk.trace.leave(outer);
    walk.enter(oldBridge);
    walk.table = oldTable;
    // That it ended over there, well or badly, does not end it here.
    walk.exit = false;
    walk.error = null;
  }

  private void enterAsReceived(int ofPort) {
    walk.key.set(Field.IN_PORT, ofPort);
    clearWords(walk.key, Word.METADATA, Word.COUNT);
    clearWords(walk.key, Word.TUN_ID, Word.NSH);
    walk.key.set(Field.ACTSET_OUTPUT, OfPort.UNSET);
    walk.clearTracking();
  }

  private static void clearWords(FlowWords target, int from, int to) {
    for (int i = from; i < to; i++) {
      target.words()[i] = 0;
    }
  }

  /** Sends the packet, as it is now, to controllers. */
  void punt(OfAction.Controller controller) {
    actions.committer().commit();
    int reason = controller.reason();
    boolean tableMiss =
        walk.rule != null && walk.rule.priority() == 0 && walk.rule.match().wordMask().size() == 0;
    if (reason == Reason.ACTION.ordinal() && tableMiss) {
      reason = Reason.EXPLICIT_MISS.ordinal();
    }
    Bytes userdata = controller.options().userdata();
    FrozenState state = walk.freeze(walk.table, List.of(), List.of(), userdata);
    int id = allocate(state);
    if (id != RecirculationTable.NONE) {
      addPacketIn(controller, reason, false, id);
    }
  }

  private void addPacketIn(
      OfAction.Controller controller, int reason, boolean continuation, int recircId) {
    int asked = controller.options().meterId();
    int meter =
        walk.bridge.datapathMeter(
            asked == OfAction.Controller.NO_METER ? MeterMod.CONTROLLER : asked);
    int start = walk.actions.size();
    if (meter != BridgeView.NO_METER) {
      walk.actions.add(new DpAction.Meter(meter));
    }
    walk.actions.add(
        new DpAction.Userspace(
            new DpAction.UserspaceReason.ToController(
                reason,
                continuation,
                recircId,
                walk.cookie,
                controller.controllerId(),
                controller.maxBytes())));
    if (meter != BridgeView.NO_METER) {
      walk.actions.wrapInClone(start);
    }
  }

  /**
   * Sends a copy back to be looked up in {@code table} with what the datapath has found out about
   * it by then; this walk goes on.
   */
  void fork(int table, int zone, DpAction.Nat nat) {
    FrozenState state = walk.freeze(table, List.of(), List.copyOf(walk.actionSet), Bytes.EMPTY);
    int id = allocate(state);
    if (id != RecirculationTable.NONE) {
      walk.actions.add(new DpAction.Recirculate(id));
      walk.forks.add(new Outcome.Fork(id, walk.key.copy(), zone, nat));
      walk.trace.detail(
          "A clone of the packet is forked to recirculate. The forked pipeline will be resumed at"
              + " table "
              + table
              + ".");
    }
  }

  /** Ends a walk that stopped: it resumes when the packet, or the controller's word, comes back. */
  void finishFreezing() {
    actions.committer().commit();
    OfAction.Controller pause = walk.pause;
    Bytes userdata = pause == null ? Bytes.EMPTY : pause.options().userdata();
    FrozenState state =
        walk.freeze(walk.table, walk.frozenActions, List.copyOf(walk.actionSet), userdata);
    int id = allocate(state);
    if (id != RecirculationTable.NONE) {
      if (pause == null) {
        if (walk.hash != null) {
          walk.actions.add(walk.hash);
        }
        walk.actions.add(new DpAction.Recirculate(id));
      } else {
        addPacketIn(pause, pause.reason(), true, id);
      }
    }
    walk.actionSet.clear();
    walk.cancelFreeze();
  }

  private int allocate(FrozenState state) {
    int id = walk.recirculations.idOf(state, walk.nowNs);
    if (id == RecirculationTable.NONE) {
      walk.fail(DropReason.RECIRCULATION_UNKNOWN, "Failed to allocate recirculation id");
    }
    return id;
  }
}
