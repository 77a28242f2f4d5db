package org.sluice.vswitchd.translate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.sluice.datapath.datapath.DpAction;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.DropReason;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.vswitchd.classifier.Rule;

/**
 * Where one packet's walk through the tables has got to. Lives as long as one translation and
 * belongs to its thread; the steps ({@link ActionWalker}, {@link TableStep}, {@link OutputStep} and
 * their like) share it.
 *
 * <p>Three keys are kept. {@code original} is the packet that came, the job's own. {@code key} is
 * what the tables see; actions change it at once. {@code base} is what the datapath's packet looks
 * like after the actions composed so far: the difference between the two is what {@link
 * HeaderCommitter} turns into datapath actions before anything that lets the packet be seen.
 */
final class Walk {
  /** How deep resubmits may nest. */
  static final int MAX_DEPTH = 64;

  /** How many lookups there may be in all. */
  static final int MAX_RESUBMITS = 4096;

  /** How many bytes of datapath actions there may be. */
  static final int MAX_ACTION_BYTES = 65_535;

  /** How many bytes the pipeline's stack may hold. */
  static final int MAX_STACK_BYTES = 65_536;

  private static final List<Field> TRACKING =
      List.of(
          Field.CT_STATE,
          Field.CT_ZONE,
          Field.CT_MARK,
          Field.CT_LABEL,
          Field.CT_NW_PROTO,
          Field.CT_NW_SRC,
          Field.CT_NW_DST,
          Field.CT_IPV6_SRC,
          Field.CT_IPV6_DST,
          Field.CT_TP_SRC,
          Field.CT_TP_DST);

  final Topology topology;
  final RecirculationTable recirculations;
  final TraceLog trace;
  final long nowNs;

  /** Of the tables: the walk sees no other. */
  long version;

  final long taughtVersion;

  final FlowKey original;
  final FlowKey key;
  final FlowKey base;
  final FlowMask mask = new FlowMask();
  final ActionList actions = new ActionList();
  final List<Effect> effects = new ArrayList<>();
  final List<Outcome.Fork> forks = new ArrayList<>();

  BridgeView bridge;
  Rule rule;
  int table;
  long cookie = -1L;
  int depth;
  int resubmits;

  /** The list being run, and all around it, ends. */
  boolean exit;

  /** The walk has failed; nothing more happens. */
  DropReason error;

  /** Why nothing may have been sent, where a step knows better than "no action did". */
  DropReason reason;

  boolean conntracked;
  boolean packetOut;
  boolean inActionSet;

  /** A group's bucket is being run. */
  boolean inBucket;

  /** The action that stopped the walk runs again when it resumes. */
  boolean repeats;

  /** What the datapath is to hash before the packet comes back; null for nothing. */
  DpAction.Hash hash;

  boolean install = true;

  /** The walk is to stop here and resume later with {@link #frozenActions}. */
  boolean freezing;

  OfAction.Controller pause;
  List<OfAction> frozenActions = new ArrayList<>();

  Deque<FrozenState.StackValue> stack = new ArrayDeque<>();
  List<OfAction> actionSet = new ArrayList<>();

  Walk(Job job, Topology topology, RecirculationTable recirculations, TraceLog trace) {
    this.topology = topology;
    this.recirculations = recirculations;
    this.trace = trace;
    this.nowNs = job.nowNs();
    this.version = job.version();
    this.taughtVersion = job.taughtVersion();
    this.original = job.key();
    this.key = job.key().copy();
    this.base = job.key().copy();
    this.packetOut = job.actions() != null && job.frozen() == null;
    key.set(Field.ACTSET_OUTPUT, OfPort.UNSET);
    enter(job.bridge());
  }

  /** Goes on in {@code next}, whose tunnel options lie where it says. */
  void enter(BridgeView next) {
    bridge = next;
    if (next != null) {
      key.layOut(next.options());
      base.layOut(next.options());
      mask.layOut(next.options());
    }
  }

  /** The OpenFlow port that the packet came in by, as far as the tables know. */
  int inPort() {
    return (int) key.get(Field.IN_PORT);
  }

  /** Whether switches learn of what happens here. */
  boolean hasEffects() {
    return trace.withEffects();
  }

  void effect(Effect effect) {
    if (hasEffects()) {
      effects.add(effect);
    }
  }

  /** Ends the walk in an error. */
  void fail(DropReason why, String text) {
    trace.error(text);
    error = why;
  }

  /** Notes why a packet that is sent nowhere was not. */
  void explain(DropReason why) {
    reason = why;
  }

  /** Forgets what connection tracking found, as far as the tables see. */
  void clearTracking() {
    conntracked = false;
    clearTracking(key);
  }

  static void clearTracking(FlowKey key) {
    for (Field field : TRACKING) {
      key.set(field, 0, 0);
    }
  }

  int stackBytes() {
    int bytes = 0;
    for (FrozenState.StackValue value : stack) {
      bytes += (value.bits() + 7) / 8;
    }
    return bytes;
  }

  /** Stops the walk, to resume when the packet comes back. */
  void triggerFreeze() {
    exit = true;
    freezing = true;
  }

  void cancelFreeze() {
    freezing = false;
    pause = null;
    hash = null;
    repeats = false;
    frozenActions = new ArrayList<>();
  }

  /** The walk as it is now, to go on in {@code atTable} or with {@code resume}. */
  FrozenState freeze(int atTable, List<OfAction> resume, List<OfAction> set, Bytes userdata) {
    return new FrozenState(
        bridge.name(),
        atTable,
        key,
        List.copyOf(stack),
        conntracked,
        resume,
        set,
        userdata,
        cookie);
  }
}
