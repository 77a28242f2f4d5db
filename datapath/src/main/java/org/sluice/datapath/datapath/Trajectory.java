package org.sluice.datapath.datapath;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sluice.datapath.conntrack.TrackRequest;
import org.sluice.datapath.packet.DropReason;

/**
 * A packet's whole way: the megaflows that it hit one after another through its recirculations,
 * what connection tracking said at each step, and everything they do as one program.
 *
 * <p>Shared by all microflows that went the same way. In the flattened program each {@code TRACK}
 * has become {@code FOLLOW}, which moves on the connection that the microflow remembers; if
 * tracking would come to anything else now, the rest is done in the general way, from that very
 * action of the megaflow it stems from. A trajectory is alive as long as all its megaflows are
 * installed and do what they did. Owned by one packet thread.
 */
final class Trajectory {
  /** Steps of tracking at most; a longer way is not remembered. */
  static final int MAX_STEPS = 4;

  private static final int[] NO_NUMBERS = {};
  private static final boolean[] NO_STEPS = {};

  final Megaflow[] chain;

  /** The megaflow's own where it does the same. */
  final ActionProgram program;

  /** The first of the chain, its length, and how many steps of tracking there are: kept near. */
  final Megaflow first;

  final int length;
  final int steps;

  /** Whether its program, but for following connections, is one output or one drop. */
  final boolean isStraight;

  /** The port of a straight program that outputs; or -1. */
  final int singleOutput;

  /** Why a straight program drops; or null. */
  final DropReason singleDrop;

  /** Whether all its steps met the same state, so that those on one connection are one. */
  final boolean isUniform;

  /** Per step: whose action it is (index in the chain), where in its program, the state met. */
  final int[] stepMegaflows;

  final int[] stepPositions;
  final int[] stepStates;

  /** Per step: whether packets are translated there. */
  final boolean[] stepTranslates;

  /** Its place in the table of trajectories, and a number that no other has. */
  int slot = -1;

  int id;

  /** Of chain and states, for the table's index; and its place in the list of each megaflow. */
  final int hash;

  final int[] places;

  // What it carried in this batch, not yet told to the chain.
  int pendingPackets;
  long pendingBytes;
  int pendingFlags;

  private Trajectory(Megaflow[] chain, int[] stepStates, Flattening flat) {
    this.chain = chain;
    this.first = chain[0];
    this.length = chain.length;
    this.stepStates = stepStates.length == 0 ? NO_NUMBERS : stepStates;
    this.steps = stepStates.length;
    this.hash = hash(chain, chain.length, stepStates, stepStates.length);
    this.places = new int[chain.length];
    this.program = flat.finish(chain);
    this.singleOutput = program.singleOutput(steps);
    this.singleDrop = program.singleDrop(steps);
    this.isStraight = singleOutput >= 0 || singleDrop != null;
    this.isUniform = isUniform(stepStates);
    this.stepMegaflows = toArray(flat.stepMegaflows);
    this.stepPositions = toArray(flat.stepPositions);
    this.stepTranslates = steps == 0 ? NO_STEPS : new boolean[steps];
    for (int i = 0; i < stepTranslates.length; i++) {
      stepTranslates[i] = stepRequest(i).nat() != null;
    }
  }

  private static boolean isUniform(int[] states) {
    int same = 0;
    while (same < states.length && states[same] == states[0]) {
      same++;
    }
    return same > 0 && same == states.length;
  }

  /** What a step asks of tracking. */
  TrackRequest stepRequest(int step) {
    return chain[stepMegaflows[step]].program.request(stepPositions[step]);
  }

  /**
   * Flattens the way through {@code chain}; null where its programs are not a straight line of as
   * many steps as {@code states}.
   */
  static Trajectory of(Megaflow[] chain, int[] states) {
    Flattening flat = new Flattening();
    for (int i = 0; i < chain.length; i++) {
      if (!flat.append(chain[i].program, i, i == chain.length - 1)) {
        return null;
      }
    }
    return flat.stepPositions.size() == states.length ? new Trajectory(chain, states, flat) : null;
  }

  /** Whether it is this very way. */
  boolean is(Megaflow[] way, int length, int[] states, int steps) {
    return Arrays.equals(chain, 0, chain.length, way, 0, length)
        && Arrays.equals(stepStates, 0, stepStates.length, states, 0, steps);
  }

  /** The hash of a way. */
  static int hash(Megaflow[] way, int length, int[] states, int steps) {
    int hash = length;
    for (int i = 0; i < length; i++) {
      hash = (hash ^ way[i].hash) * 0x9e37_79b1;
    }
    for (int i = 0; i < steps; i++) {
      hash = (hash ^ states[i]) * 0x85eb_ca77;
    }
    return hash ^ (hash >>> 15);
  }

  /** Where in the chain the megaflow is whose list has this trajectory at {@code place}. */
  int indexOf(Megaflow megaflow, int place) {
    int index = 0;
    while (chain[index] != megaflow || places[index] != place) {
      index++;
    }
    return index;
  }

  private static int[] toArray(List<Integer> list) {
    return list.isEmpty() ? NO_NUMBERS : ActionProgram.toArray(list);
  }

  /** The program in the making. */
  private static final class Flattening {
    final List<Integer> code = new ArrayList<>();
    final List<Object> pool = new ArrayList<>();
    final List<Integer> stepMegaflows = new ArrayList<>();
    final List<Integer> stepPositions = new ArrayList<>();
    private boolean truncates;

    /** Appends a megaflow's program; false if the way cannot be remembered. */
    boolean append(ActionProgram program, int megaflow, boolean isLast) {
      int base = pool.size();
      pool.addAll(Arrays.asList(program.pool));
      for (int pc = 0; pc < program.code.length; pc += 2) {
        int operation = program.code[pc];
        int argument = program.code[pc + 1];
        switch (operation) {
          case ActionProgram.RECIRCULATE -> {
            truncate(Integer.MAX_VALUE);
            return !isLast && pc + 2 == program.code.length;
          }
          case ActionProgram.TRUNCATE -> truncate(argument);
          case ActionProgram.TRACK -> {
            if (truncates) {
              return false; // Who leaves the way here would not know.
            }
            step(megaflow, pc);
          }
          case ActionProgram.SET, ActionProgram.DROP -> emit(operation, base + argument);
          case ActionProgram.OUTPUT,
              ActionProgram.PUSH_VLAN,
              ActionProgram.POP_VLAN,
              ActionProgram.METER ->
              emit(operation, argument);
          default -> {
            return false;
          }
        }
      }
      return isLast;
    }

    private void step(int megaflow, int pc) {
      emit(ActionProgram.FOLLOW, stepPositions.size());
      stepMegaflows.add(megaflow);
      stepPositions.add(pc);
    }

    /** What truncates nothing is left out, so that a mere output stays one. */
    private void truncate(int maxBytes) {
      if (maxBytes != Integer.MAX_VALUE || truncates) {
        emit(ActionProgram.TRUNCATE, maxBytes);
        truncates = maxBytes != Integer.MAX_VALUE;
      }
    }

    private void emit(int operation, int argument) {
      code.add(operation);
      code.add(argument);
    }

    ActionProgram finish(Megaflow... chain) {
      int[] all = toArray(code);
      boolean isOneMegaflow = chain.length == 1 && Arrays.equals(all, chain[0].program.code);
      return isOneMegaflow ? chain[0].program : new ActionProgram(all, pool.toArray());
    }
  }
}
