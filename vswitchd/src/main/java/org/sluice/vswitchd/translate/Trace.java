package org.sluice.vswitchd.translate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sluice.datapath.datapath.DpAction;
import org.sluice.datapath.datapath.DpActionText;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowTextOptions;
import org.sluice.datapath.packet.DropReason;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.text.Names;

/**
 * What would become of a packet, as text: each table it is looked up in, what each action does,
 * what the datapath is told; then the same for every copy that comes back to be looked up again.
 * Sends nothing, and has switches learn from the packet only where the request says so. What {@code
 * ofproto/trace} prints.
 */
public final class Trace {
  private static final int MAX_RECIRCULATIONS = 4096;
  private static final String RULER = "=".repeat(79);

  private final Topology topology;
  private final EffectPerformer performer;
  private final Translator translator;
  private final RecirculationTable recirculations;
  private final TraceRequest request;
  private final long nowNs;
  private final Deque<Integer> nextCtStates;
  private final Deque<Outcome.Fork> forks = new ArrayDeque<>();
  private final StringBuilder out = new StringBuilder();

  private Trace(
      Topology topology,
      Edge edge,
      RecirculationTable recirculations,
      TraceRequest request,
      long nowNs) {
    this.topology = topology;
    this.performer = new EffectPerformer(edge);
    this.translator = new Translator(topology, recirculations);
    this.recirculations = recirculations;
    this.request = request;
    this.nowNs = nowNs;
    this.nextCtStates = new ArrayDeque<>(request.nextCtStates());
  }

  /** Traces. */
  public static String run(
      Topology topology,
      Edge edge,
      RecirculationTable recirculations,
      TraceRequest request,
      long nowNs) {
    return new Trace(topology, edge, recirculations, request, nowNs).run();
  }

  private String run() {
    walk(new Job(request.bridge(), request.key(), frozen(request.key()), request.actions(), nowNs));
    int done = 0;
    while (!forks.isEmpty()) {
      if (++done > MAX_RECIRCULATIONS) {
        out.append("\n\n").append(RULER);
        out.append("\nTrace reached the recirculation limit.  Stopping the trace here.");
        out.append("\nQueued but not processed: ").append(forks.size());
        out.append(" recirculations.");
        break;
      }
      resume(forks.poll());
    }
    return out.toString();
  }

  private FrozenState frozen(FlowKey key) {
    int id = (int) key.get(Field.RECIRC_ID);
    return id == RecirculationTable.NONE ? null : recirculations.find(id, nowNs);
  }

  private void walk(Job asked) {
    Job job = request.teaches() ? taught(asked) : asked;
    TraceLog log = TraceLog.on(request.namesPorts(), request.teaches());
    Outcome outcome = translator.translate(job, log);
    performer.learn(outcome.effects(), nowNs);
    Names names = log.names(job.bridge());
    FlowKey initial = job.key().copy();
    initial.set(Field.ACTSET_OUTPUT, OfPort.UNSET);
    out.append("Flow: ").append(TraceText.flow(initial, names)).append('\n');
    out.append(log.text());
    out.append("\nFinal flow: ");
    boolean unchanged = initial.equals(outcome.finalKey());
    out.append(unchanged ? "unchanged" : TraceText.flow(outcome.finalKey(), names));
    out.append("\nMegaflow: ").append(TraceText.match(job.key(), outcome.mask(), names));
    out.append("\nDatapath actions: ").append(actions(outcome, job.key()));
    if (outcome.failed()) {
      out.append("\nTranslation failed (").append(failure(outcome.drop()));
      out.append("), packet is dropped.\n");
    }
    forks.addAll(outcome.forks());
  }

  /** What a packet teaches at one of its tables is known at the next. */
  private Job taught(Job job) {
    List<Effect> effects = translator.translate(job).effects();
    performer.learn(effects.stream().filter(Effect.LearnRule.class::isInstance).toList(), nowNs);
    return job.taught();
  }

  private String actions(Outcome outcome, FlowKey key) {
    Map<Integer, String> names = new HashMap<>();
    if (request.namesPorts()) {
      for (BridgeView bridge : topology.bridges()) {
        bridge.ports().forEach(port -> names.put(port.datapathPort(), port.name()));
      }
    }
    FlowTextOptions options = new FlowTextOptions(false, names, FlowTextOptions.PLAIN.vlanLimit());
    String text = DpActionText.format(outcome.actions(), key, options);
    // A trace sends nothing, and its actions say so.
    return text.replace("dont_send=0", "dont_send=1");
  }

  private static String failure(DropReason reason) {
    return switch (reason) {
      case BRIDGE_NOT_FOUND -> "Bridge not found";
      case TRANSLATION_TOO_DEEP -> "Recursion too deep";
      case TOO_MANY_RESUBMITS -> "Too many resubmits";
      case STACK_TOO_DEEP -> "Stack too deep";
      case RECIRCULATION_UNKNOWN -> "No recirculation context";
      case FORWARDING_DISABLED -> "Forwarding is disabled";
      default -> reason.text();
    };
  }

  private void resume(Outcome.Fork fork) {
    out.append("\n\n").append(RULER);
    out.append("\nrecirc(0x").append(Integer.toHexString(fork.recircId())).append(')');
    FlowKey key = fork.key().copy();
    key.set(Field.RECIRC_ID, fork.recircId());
    key.set(Field.CT_ZONE, fork.zone());
    if (nextCtStates.isEmpty()) {
      out.append(" - resume conntrack with default ct_state=trk|new");
      out.append(" (use --ct-next to customize)");
      key.set(Field.CT_STATE, CtStateText.NEW_AND_TRACKED);
    } else {
      int state = nextCtStates.poll();
      out.append(" - resume conntrack with ct_state=").append(CtStateText.format(state));
      key.set(Field.CT_STATE, state);
    }
    out.append('\n');
    if (fork.nat() != null) {
      pretendNat(fork.nat(), key);
    }
    out.append(RULER).append("\n\n");
    walk(new Job(request.bridge(), key, frozen(key), null, nowNs));
  }

  /** Translates to the first address and port that were allowed. */
  private void pretendNat(DpAction.Nat nat, FlowKey key) {
    out.append("Replacing src/dst IP/ports to simulate NAT:\n Initial flow: ");
    appendTuple(key);
    boolean anyAddress = (nat.minHigh() | nat.minLow()) != 0;
    boolean ipv4 = Protocols.isIpv4(key);
    if (nat.source()) {
      translate(key, ipv4 ? Field.IP_SRC : Field.IPV6_SRC, Field.TCP_SRC, nat, anyAddress);
    }
    if (nat.destination()) {
      translate(key, ipv4 ? Field.IP_DST : Field.IPV6_DST, Field.TCP_DST, nat, anyAddress);
    }
    out.append(" Modified flow: ");
    appendTuple(key);
  }

  private static void translate(
      FlowKey key, Field address, Field port, DpAction.Nat nat, boolean hasAddress) {
    if (hasAddress) {
      key.set(address, nat.minHigh(), nat.minLow());
    }
    if (nat.minPort() != 0) {
      key.set(port, nat.minPort());
    }
  }

  private void appendTuple(FlowKey key) {
    boolean ipv4 = Protocols.isIpv4(key);
    append(ipv4 ? "nw_src=" : "ipv6_src=", key, ipv4 ? Field.IP_SRC : Field.IPV6_SRC);
    append(",tp_src=", key, Field.TCP_SRC);
    append(ipv4 ? ",nw_dst=" : ",ipv6_dst=", key, ipv4 ? Field.IP_DST : Field.IPV6_DST);
    append(",tp_dst=", key, Field.TCP_DST);
    out.append('\n');
  }

  private void append(String label, FlowKey key, Field field) {
    out.append(label).append(TraceText.field(field, key));
  }
}
