package org.sluice.datapath.datapath;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.TrackRequest;
import org.sluice.datapath.conntrack.Tracker;
import org.sluice.datapath.conntrack.fragment.Datagram;
import org.sluice.datapath.conntrack.fragment.Fragment;
import org.sluice.datapath.conntrack.fragment.Reassembler;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.PacketEditor;
import org.sluice.datapath.flow.Word;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.FlowHash;
import org.sluice.datapath.packet.FrameEditor;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

/**
 * Runs action programs on one packet thread's packets: one switch, each case of which calls one
 * class. Owned by that thread.
 *
 * <p>Whatever happens to a packet after it was copied (a clone, a recirculation in the middle of a
 * list) happens to a spare packet. Copies nest, so there is a spare for each level, made when first
 * needed.
 */
final class ActionExecutor {
  private static final int NOT_TRUNCATED = Integer.MAX_VALUE;

  private final PacketPath path;

  /** Null where there are no hooks. */
  private final HookedPath hooks;

  private final OutputTable outputs;
  private final Tracker tracker;
  private final ThreadCounters counters;
  private final TrajectoryRecorder recorder;
  private PacketBatch spares;
  private final MeterTable meters;

  /** Why tracking found the packet invalid; null where it did not. */
  private DropReason invalid;

  private long nowMs;

  ActionExecutor(
      PacketPath path,
      DatapathParts parts,
      OutputTable outputs,
      Tracker tracker,
      TrajectoryRecorder recorder) {
    this.path = path;
    this.meters = parts.meters();
    this.hooks = path.hooks();
    this.outputs = outputs;
    this.tracker = tracker;
    this.counters = path.counters();
    this.recorder = recorder;
  }

  /** The time of the packets to come. */
  void setNow(long ns) {
    nowMs = ns / 1_000_000;
  }

  /** Forgets what is known of the packet before. */
  void begin() {
    invalid = null;
  }

  /** Tidies up after a packet that the program failed on. */
  void recover() {
    if (spares != null) {
      spares.clear();
    }
  }

  /** Gives memory back; the tracker is closed, and nothing may be run any more. */
  void close() {
    countExpired();
    if (spares != null) {
      spares.close();
    }
  }

  /** Does what a straight trajectory ends in. */
  void end(Trajectory trajectory, Packet packet) {
    if (trajectory.singleOutput >= 0) {
      outputs.transmit(trajectory.singleOutput, packet);
    } else {
      drop(trajectory.singleDrop);
    }
  }

  /** Runs a program from {@code start} on. */
  void run(ActionProgram program, int start, Packet packet) {
    int[] code = program.code;
    int maxBytes = NOT_TRUNCATED;
    for (int pc = start; pc < code.length; pc += 2) {
      int argument = code[pc + 1];
      switch (code[pc]) {
        case ActionProgram.OUTPUT -> {
          output(argument, packet, maxBytes);
          maxBytes = NOT_TRUNCATED;
        }
        case ActionProgram.TRUNCATE -> maxBytes = argument;
        case ActionProgram.TRACK -> {
          if (!track(program, pc, packet)) {
            return;
          }
        }
        case ActionProgram.RECIRCULATE -> path.recirculate(packet, argument);
        case ActionProgram.DROP -> {
          drop((DropReason) program.pool[argument]);
          return;
        }
        default -> {
          if (!runRare(code[pc], argument, program.pool, packet)) {
            return;
          }
        }
      }
    }
  }

  /** Whether the packet goes on. */
  private boolean runRare(int operation, int argument, Object[] pool, Packet packet) {
    switch (operation) {
      case ActionProgram.SET -> set((DpAction.SetField) pool[argument], packet);
      case ActionProgram.PUSH_VLAN ->
          FrameEditor.pushVlan(packet, argument >>> 16, argument & 0xffff);
      case ActionProgram.POP_VLAN -> FrameEditor.popVlan(packet);
      case ActionProgram.TRACK_CLEAR -> {
        recorder.giveUp();
        packet.resetTracking();
      }
      case ActionProgram.RECIRCULATE_COPY -> recirculateCopy(packet, argument);
      case ActionProgram.USERSPACE -> {
        recorder.giveUp();
        path.userspace(packet, (DpAction.UserspaceReason) pool[argument]);
      }
      case ActionProgram.CLONE -> runCopy((ActionProgram) pool[argument], packet);
      case ActionProgram.CHECK_LENGTH -> checkLength((LengthCheck) pool[argument], packet);
      case ActionProgram.HASH -> hash((DpAction.Hash) pool[argument], packet);
      case ActionProgram.METER -> {
        return passes(argument, packet);
      }
      default -> throw new IllegalStateException("no such operation: " + operation);
    }
    return true;
  }

  private boolean passes(int meter, Packet packet) {
    boolean admitted = meters.admits(meter, packet.length, nowMs);
    if (!admitted) {
      recorder.giveUp(); // the next packet may go further
      counters.drop(DropReason.METER);
    }
    return admitted;
  }

  /**
   * Runs a trajectory's program for a packet whose microflow remembers its connections.
   *
   * @return whether it went to its end; otherwise the rest was done in the general way
   */
  boolean follow(Trajectory trajectory, MicroflowCache cache, long entry, Packet packet) {
    int[] code = trajectory.program.code;
    int maxBytes = NOT_TRUNCATED;
    for (int pc = 0; pc < code.length; pc += 2) {
      int argument = code[pc + 1];
      switch (code[pc]) {
        case ActionProgram.OUTPUT -> {
          output(argument, packet, maxBytes);
          maxBytes = NOT_TRUNCATED;
        }
        case ActionProgram.FOLLOW -> {
          if (!moveOn(trajectory, argument, cache, entry, packet)) {
            return false;
          }
        }
        case ActionProgram.TRUNCATE -> maxBytes = argument;
        case ActionProgram.DROP -> {
          drop((DropReason) trajectory.program.pool[argument]);
          return true;
        }
        default -> {
          if (!runRare(code[pc], argument, trajectory.program.pool, packet)) {
            return true;
          }
        }
      }
    }
    return true;
  }

  /**
   * Moves the connections on that a microflow remembers; false if tracking came to something else
   * and the rest was done in the general way.
   */
  boolean moveOn(Trajectory trajectory, MicroflowCache cache, long entry, Packet packet) {
    int steps = trajectory.steps;
    if (trajectory.isUniform && cache.meetsOne(entry, steps)) {
      steps = 1;
    }
    for (int step = 0; step < steps; step++) {
      if (!moveOn(trajectory, step, cache, entry, packet)) {
        return false;
      }
    }
    return true;
  }

  private boolean moveOn(
      Trajectory trajectory, int step, MicroflowCache cache, long entry, Packet packet) {
    long connection = cache.connection(entry, step);
    int state = trajectory.stepStates[step];
    if (step > 0
        && state == trajectory.stepStates[step - 1]
        && connection == cache.connection(entry, step - 1)) {
      return true; // a commit after a lookup has nothing left to do
    }
    boolean translate = trajectory.stepTranslates[step];
    if (tracker.fastUpdate(connection, packet, translate, state, nowMs)) {
      return true;
    }
    path.leave(trajectory, step, entry, packet);
    return false;
  }

  private void output(int port, Packet packet, int maxBytes) {
    if (packet.length <= maxBytes) {
      outputs.transmit(port, packet);
      return;
    }
    int whole = packet.length;
    packet.length = maxBytes;
    outputs.transmit(port, packet);
    packet.length = whole;
  }

  /** Tracks a packet; false if it does not go on from here. */
  private boolean track(ActionProgram program, int position, Packet packet) {
    TrackRequest request = program.request(position);
    if (packet.fragment != 0 && Tracker.isToReassemble(packet, request)) {
      return trackFragment(program, position, packet);
    }
    invalid = tracker.track(packet, request, nowMs);
    recorder.tracked(packet);
    if (invalid != null && invalid.isFinal()) {
      return stop();
    }
    return hooks == null || !hooks.wantsTracked() || isAccepted(packet);
  }

  /** Whether the hooks behind tracking let a packet on; those who see one see them all. */
  private boolean isAccepted(Packet packet) {
    recorder.giveUp();
    return hooks.tracked(packet);
  }

  /** Ends a packet that may not go on. */
  private boolean stop() {
    recorder.giveUp();
    counters.drop(invalid);
    return false;
  }

  // --- Fragments.

  /** Holds a fragment, or sees it and all others of its datagram through; true if it is invalid. */
  private boolean trackFragment(ActionProgram program, int position, Packet packet) {
    recorder.giveUp();
    TrackRequest request = program.request(position);
    Reassembler reassembler = tracker.reassembler();
    invalid = reassembler.add(packet, request.zone(), program, position, nowMs);
    countExpired();
    if (invalid != null && invalid.isFinal()) {
      return stop();
    }
    if (invalid != null) {
      Tracker.refuse(packet, request, invalid);
      return true;
    }
    Datagram complete = reassembler.takeComplete();
    if (complete != null) {
      trackDatagram(complete, request, nowMs);
    }
    return false;
  }

  private void trackDatagram(Datagram datagram, TrackRequest request, long nowMs) {
    Packet whole = spare();
    if (whole == null) {
      return;
    }
    datagram.writeTo(whole);
    DropReason reason = tracker.track(whole, request, nowMs);
    for (Fragment fragment : datagram.fragments()) {
      if (reason != null && reason.isFinal()) {
        counters.drop(reason);
        continue;
      }
      Packet packet = spare();
      if (packet == null) {
        continue;
      }
      fragment.restore(packet);
      if (datagram.handOver(whole, fragment, packet)) {
        invalid = reason;
        run((ActionProgram) fragment.program(), fragment.position() + 2, packet);
      } else {
        counters.drop(DropReason.CT_FRAGMENT);
      }
      spares.dropLast();
    }
    spares.dropLast();
  }

  /** Drops the fragments that have waited too long. */
  void expireFragments() {
    tracker.reassembler().expire(nowMs);
    countExpired();
  }

  private void countExpired() {
    for (int i = tracker.reassembler().takeExpired(); i > 0; i--) {
      counters.drop(DropReason.CT_FRAGMENT_EXPIRED);
    }
  }

  /** Gives a packet what tracking had found at an earlier step of its trajectory. */
  void resume(Trajectory trajectory, int step, long connection, Packet packet) {
    tracker.resume(
        packet, connection, trajectory.stepStates[step], trajectory.stepRequest(step).zone());
  }

  /** A packet that a policy drops after tracking called it invalid ends for tracking's reason. */
  private void drop(DropReason reason) {
    boolean byPolicy = reason == DropReason.NO_ACTION && invalid != null;
    counters.drop(byPolicy ? invalid : reason);
  }

  private static void set(DpAction.SetField set, Packet packet) {
    if (isOfTuple(set.field())) {
      packet.connection = 0; // which tracking takes for the packet's where it has been in the zone
    }
    if (set.field().isWide()) {
      PacketEditor.setWide(
          packet, set.field(), set.high(), set.low(), set.maskHigh(), set.maskLow());
    } else {
      PacketEditor.set(packet, set.field(), set.low(), set.maskLow());
    }
  }

  /** Whether tracking would find another connection. */
  private static boolean isOfTuple(Field field) {
    int word = field.word();
    return word == Word.IPV4 || word == Word.L4 || (word >= Word.IPV6_SRC && word < Word.L4);
  }

  private void hash(DpAction.Hash hash, Packet packet) {
    recorder.giveUp();
    int value =
        hash.algorithm() == 0
            ? FlowHash.of(packet, hash.basis())
            : FlowHash.symmetric(packet, hash.basis());
    packet.dpHash = value == 0 ? 1 : value; // 0 is a packet that was not hashed
  }

  private void recirculateCopy(Packet packet, int recircId) {
    recorder.giveUp();
    Packet copy = borrow(packet);
    if (copy != null) {
      path.recirculate(copy, recircId);
      spares.dropLast();
    }
  }

  private void runCopy(ActionProgram program, Packet packet) {
    recorder.giveUp();
    Packet copy = borrow(packet);
    if (copy != null) {
      DropReason before = invalid;
      run(program, 0, copy);
      invalid = before;
      spares.dropLast();
    }
  }

  private void checkLength(LengthCheck check, Packet packet) {
    ActionProgram program = check.programFor(packet);
    if (check.isLast()) {
      recorder.giveUp();
      run(program, 0, packet);
    } else {
      runCopy(program, packet);
    }
  }

  /** A packet to work on; null, which is counted, where too many are lent already. */
  private Packet spare() {
    if (spares == null) {
      spares = new PacketBatch();
    }
    if (spares.isFull()) {
      counters.drop(DropReason.RECIRCULATION_LIMIT);
      return null;
    }
    return spares.append();
  }

  private Packet borrow(Packet packet) {
    Packet copy = spare();
    if (copy == null) {
      return null;
    }
    copy.address = copy.bufferStart + (packet.address - packet.bufferStart);
    OffHeap.copy(packet.address, copy.address, packet.length);
    copy.length = packet.length;
    copy.copyMetadataFrom(packet);
    Parser.parse(copy);
    return copy;
  }
}
