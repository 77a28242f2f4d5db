package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.datapath.DpAction.UserspaceReason;
import org.sluice.datapath.datapath.DpAction.UserspaceReason.SlowPath;
import org.sluice.datapath.datapath.DpAction.UserspaceReason.ToController;
import org.sluice.datapath.datapath.Translation;
import org.sluice.datapath.datapath.Upcall;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.PacketIn.Reason;

/**
 * What the datapath asks of the switch above it: translations of missed packets, and packet-ins.
 *
 * <p>Called by several packet threads at once, on the packet they hold; keeps no state of its own.
 * Translating takes no lock. A packet that teaches a rule is translated again: up to its learn
 * action through the tables as they were, from there on with that rule in place.
 */
public final class UpcallHandler implements Upcall {
  /** How often one packet is translated, at most, because it changed the tables itself. */
  private static final int MAX_TRANSLATIONS = 3;

  private final Topology topology;
  private final RecirculationTable recirculations;
  private final Translator translator;
  private final Edge edge;
  private final EffectPerformer performer;
  private volatile Observer observer = (_, _) -> {};

  /** Sees what misses come to. */
  @FunctionalInterface
  public interface Observer {
    /** A packet that {@code key} describes missed; {@code translation} is what it came to. */
    void translated(FlowKey key, Translation translation);
  }

  /** Answers for the bridges of {@code topology}. */
  public UpcallHandler(Topology topology, RecirculationTable recirculations, Edge edge) {
    this.topology = topology;
    this.recirculations = recirculations;
    this.translator = new Translator(topology, recirculations);
    this.edge = edge;
    this.performer = new EffectPerformer(edge);
  }

  /** Has {@code newObserver} see misses from now on. */
  public void observe(Observer newObserver) {
    observer = newObserver;
  }

  @Override
  public Translation miss(Packet packet, FlowKey key, long nowNs) {
    long sequence = topology.changeSequence();
    Job job = Job.upcall(topology, recirculations, key, nowNs);
    if (job == null) {
      return unknownPort();
    }
    Outcome outcome = translator.translate(job);
    if (performer.learn(outcome.effects(), nowNs)) {
      Outcome taught = taught(job);
      sequence = topology.changeSequence();
      Outcome next = translator.translate(job.again());
      outcome = isAlike(taught, next) ? next : taught.once();
    }
    Translation translation =
        translation(outcome, new LiveEffects(performer, outcome.effects(), sequence));
    observer.translated(key, translation);
    return translation;
  }

  /** What becomes of a packet that has taught a rule. */
  private Outcome taught(Job job) {
    Outcome outcome = translator.translate(job.taught());
    for (int i = 2; performer.learn(outcome.effects(), job.nowNs()) && i < MAX_TRANSLATIONS; i++) {
      outcome = translator.translate(job.taught());
    }
    return outcome;
  }

  /** Whether the next such packet goes the same way. */
  private static boolean isAlike(Outcome one, Outcome other) {
    return one.actions().equals(other.actions()) && one.effects().equals(other.effects());
  }

  /**
   * Translates a packet of {@code bytes} bytes that did not come by a miss, such as a controller's,
   * and performs its effects; what is left to do are the outcome's actions.
   */
  public Outcome run(Job job, int bytes) {
    Outcome outcome = translator.translate(job);
    perform(job, outcome, bytes);
    return outcome;
  }

  /** Translates and performs nothing. */
  public Outcome translate(Job job) {
    return translator.translate(job);
  }

  /** Performs the effects of {@code outcome} for a packet of {@code bytes} bytes. */
  public void perform(Job job, Outcome outcome, int bytes) {
    performer.learn(outcome.effects(), job.nowNs());
    int tcpFlags = (int) job.key().get(Field.TCP_FLAGS);
    new LiveEffects(performer, outcome.effects(), topology.changeSequence())
        .credit(1, bytes, job.nowNs(), tcpFlags);
  }

  /** What {@code outcome} means to the datapath; takes over its mask. */
  static Translation translation(Outcome outcome, Translation.StatisticsSink sink) {
    FlowMask mask = outcome.mask();
    Wildcards.coverVlan(mask);
    if (Datapath.unsupported(outcome.actions()) != null) {
      DropReason reason = DropReason.UNSUPPORTED_ACTION;
      return new Translation(List.of(), mask, outcome.install(), reason, sink);
    }
    return new Translation(outcome.actions(), mask, outcome.install(), outcome.drop(), sink);
  }

  /** A port that belongs to no bridge any more, or not yet. */
  private static Translation unknownPort() {
    FlowMask mask = new FlowMask();
    mask.cover(Field.IN_PORT);
    return new Translation(List.of(), mask, false, DropReason.BRIDGE_NOT_FOUND, null);
  }

  @Override
  public void userspace(Packet packet, FlowKey key, UserspaceReason reason, long nowNs) {
    switch (reason) {
      case ToController to -> punt(packet, key, to, nowNs);
      case SlowPath slow -> throw new IllegalStateException("no slow path for " + slow.why());
    }
  }

  private void punt(Packet packet, FlowKey key, ToController to, long nowNs) {
    FrozenState frozen = recirculations.find(to.recircId(), nowNs);
    BridgeView bridge = frozen == null ? null : topology.bridge(frozen.bridge());
    if (bridge == null) {
      return;
    }
    FlowKey metadata = key.copy();
    if (!frozen.conntracked()) {
      Walk.clearTracking(metadata);
    }
    frozen.thawInto(metadata);
    Reason why = Reason.values()[to.reason()];
    edge.packetIn(
        new PacketInEvent(
            bridge,
            firstBytes(packet, to.maxBytes()),
            packet.length,
            metadata,
            new PacketInEvent.Cause(why, frozen.table(), to.ruleCookie(), to.controllerId()),
            frozen.userdata(),
            to.continuation() ? Continuation.of(to.recircId()) : null),
        nowNs);
  }

  private static Bytes firstBytes(Packet packet, int maxBytes) {
    byte[] bytes = new byte[Math.min(packet.length, maxBytes)];
    OffHeap.copyOut(packet.address, bytes, 0, bytes.length);
    return Bytes.of(bytes);
  }
}
