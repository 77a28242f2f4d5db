package org.sluice.datapath.datapath;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sluice.datapath.conntrack.TrackRequest;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.nat.NatRange;
import org.sluice.datapath.packet.DropReason;

/**
 * A list of actions, flattened for the packet path: pairs of an operation and its argument, where
 * the argument is a number or the place of an object in the pool. Immutable once compiled.
 */
final class ActionProgram {
  static final int OUTPUT = 0;
  static final int SET = 1;
  static final int PUSH_VLAN = 2;
  static final int POP_VLAN = 3;
  static final int TRACK = 4;
  static final int TRACK_CLEAR = 5;
  static final int RECIRCULATE = 6;
  static final int RECIRCULATE_COPY = 7;
  static final int USERSPACE = 8;
  static final int CLONE = 9;
  static final int TRUNCATE = 10;
  static final int HASH = 11;
  static final int DROP = 12;

  static final int METER = 14;
  static final int CHECK_LENGTH = 15;

  /** Only in a {@link Trajectory}: move on the connection met at this step. */
  static final int FOLLOW = 13;

  /** Lists of actions within lists, at most. */
  private static final int MAX_DEPTH = 8;

  final int[] code;
  final Object[] pool;

  ActionProgram(int[] code, Object[] pool) {
    this.code = code;
    this.pool = pool;
  }

  /** Compiles what a translation came to. */
  static ActionProgram compile(Translation translation) {
    if (translation.actions().isEmpty()) {
      DropReason reason = translation.drop();
      return compile(List.of(new DpAction.Drop(reason == null ? DropReason.NO_ACTION : reason)));
    }
    return compile(translation.actions());
  }

  /** Compiles; throws IllegalArgumentException where {@link #unsupported} says why. */
  static ActionProgram compile(List<DpAction> actions) {
    String reason = unsupported(actions);
    if (reason != null) {
      throw new IllegalArgumentException(reason);
    }
    Compiler compiler = new Compiler();
    compiler.compileAll(actions);
    return compiler.finish();
  }

  /** Why {@code actions} cannot be carried out; null if they can. */
  static String unsupported(List<DpAction> actions) {
    return unsupported(actions, 0);
  }

  private static String unsupported(List<DpAction> actions, int depth) {
    if (depth > MAX_DEPTH) {
      return "actions nest deeper than " + MAX_DEPTH + " levels";
    }
    for (DpAction action : actions) {
      String reason =
          switch (action) {
            case DpAction.Track track when gateway(track.gateway()).isEmpty() ->
                "there is no gateway called " + track.gateway();
            case DpAction.Clone clone -> unsupported(clone.actions(), depth + 1);
            case DpAction.CheckLength check -> unsupported(check, depth + 1);
            default -> null;
          };
      if (reason != null) {
        return reason;
      }
    }
    return null;
  }

  private static String unsupported(DpAction.CheckLength check, int depth) {
    String reason = unsupported(check.larger(), depth);
    return reason == null ? unsupported(check.others(), depth) : reason;
  }

  private static Optional<Gateway> gateway(String name) {
    return name == null ? Optional.of(Gateway.NONE) : Gateway.named(name);
  }

  /** What the {@link #TRACK} at {@code position} asks for. */
  TrackRequest request(int position) {
    assert code[position] == TRACK : position;
    return (TrackRequest) pool[code[position + 1]];
  }

  /**
   * The port that a trajectory's program sends to after so many steps of tracking and nothing else;
   * -1 for any other program.
   */
  int singleOutput(int steps) {
    return endsIn(OUTPUT, steps) ? code[2 * steps + 1] : -1;
  }

  /**
   * Why a trajectory's program drops after so many steps of tracking and nothing else; null for any
   * other program.
   */
  DropReason singleDrop(int steps) {
    return endsIn(DROP, steps) ? (DropReason) pool[code[2 * steps + 1]] : null;
  }

  private boolean endsIn(int operation, int steps) {
    int last = 2 * steps;
    boolean isSuch = code.length == last + 2 && code[last] == operation;
    for (int pc = 0; isSuch && pc < last; pc += 2) {
      isSuch = code[pc] == FOLLOW;
    }
    return isSuch;
  }

  /** The same numbers; made on every miss, so no stream. */
  static int[] toArray(List<Integer> numbers) {
    int[] array = new int[numbers.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = numbers.get(i);
    }
    return array;
  }

  /** Appends actions one by one. */
  private static final class Compiler {
    private final List<Integer> code = new ArrayList<>();
    private final List<Object> pool = new ArrayList<>();
    private boolean truncated;

    void compileAll(List<DpAction> actions) {
      for (int i = 0; i < actions.size(); i++) {
        compile(actions.get(i), i == actions.size() - 1);
      }
    }

    private void compile(DpAction action, boolean isLast) {
      switch (action) {
        case DpAction.Output output -> emit(OUTPUT, output.port());
        case DpAction.SetField set -> emit(SET, intern(set));
        case DpAction.PushVlan push -> emit(PUSH_VLAN, push.tpid() << 16 | push.tci());
        case DpAction.PopVlan _ -> emit(POP_VLAN, 0);
        case DpAction.Track track -> emit(TRACK, intern(request(track)));
        case DpAction.TrackClear _ -> emit(TRACK_CLEAR, 0);
        case DpAction.Recirculate again ->
            emit(isLast ? RECIRCULATE : RECIRCULATE_COPY, again.recircId());
        case DpAction.Userspace up -> emit(USERSPACE, intern(up.reason()));
        case DpAction.Clone clone -> clone(clone);
        case DpAction.CheckLength check -> emit(CHECK_LENGTH, intern(check(check, isLast)));
        case DpAction.Truncate truncate -> {
          emit(TRUNCATE, truncate.maxBytes());
          truncated = true;
        }
        case DpAction.Hash hash -> emit(HASH, intern(hash));
        case DpAction.Drop drop -> emit(DROP, intern(drop.reason()));
        case DpAction.Meter meter -> emit(METER, meter.meterId());
      }
    }

    /** A clone whose actions leave the packet as it is needs no copy of it. */
    private void clone(DpAction.Clone clone) {
      boolean plain = clone.actions().stream().allMatch(DpAction.Output.class::isInstance);
      if (plain && !truncated) {
        compileAll(clone.actions());
      } else {
        emit(CLONE, intern(ActionProgram.compile(clone.actions())));
      }
    }

    private LengthCheck check(DpAction.CheckLength check, boolean isLast) {
      return new LengthCheck(
          check.maxBytes(), branch(check.larger(), isLast), branch(check.others(), isLast), isLast);
    }

    /** Where nothing was done before and nothing is after, the packet is dropped. */
    private ActionProgram branch(List<DpAction> actions, boolean isLast) {
      boolean drops = actions.isEmpty() && isLast && code.isEmpty();
      return ActionProgram.compile(
          drops ? List.of(new DpAction.Drop(DropReason.NO_ACTION)) : actions);
    }

    private void emit(int operation, int argument) {
      code.add(operation);
      code.add(argument);
    }

    private int intern(Object object) {
      pool.add(object);
      return pool.size() - 1;
    }

    ActionProgram finish() {
      return new ActionProgram(toArray(code), pool.toArray());
    }

    private static TrackRequest request(DpAction.Track track) {
      DpAction.MarkAndLabel set = track.set();
      return new TrackRequest(
          track.commit(),
          track.force(),
          track.zone(),
          new TrackRequest.MarkAndLabel(
              set.mark(),
              set.markMask(),
              set.labelHigh(),
              set.labelLow(),
              set.labelMaskHigh(),
              set.labelMaskLow()),
          gateway(track.gateway()).orElseThrow(),
          nat(track.nat()));
    }

    private static NatRange nat(DpAction.Nat nat) {
      if (nat == null) {
        return null;
      }
      return new NatRange(
          nat.source(),
          nat.destination(),
          nat.minHigh(),
          nat.minLow(),
          nat.maxHigh(),
          nat.maxLow(),
          nat.minPort(),
          nat.maxPort(),
          (nat.flags() & DpAction.Nat.PERSISTENT) != 0,
          (nat.flags() & DpAction.Nat.RANDOM) != 0);
    }
  }
}
