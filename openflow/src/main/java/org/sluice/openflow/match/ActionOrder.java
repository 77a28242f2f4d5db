package org.sluice.openflow.match;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.Nat;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;

/** The order that instructions must have, and which actions may stand where. */
public final class ActionOrder {
  private ActionOrder() {}

  /** Where actions stand. */
  public enum Place {
    /** In a rule, beside instructions. */
    RULE(null),
    /** In a list that holds no instructions, such as a packet-out's. */
    LIST(null),
    CT("ct"),
    CLONE("clone"),
    SET("write_actions");

    private final String action;

    Place(String action) {
      this.action = action;
    }

    private boolean isInside() {
      return action != null;
    }
  }

  /** What is wrong. */
  public record Problem(OfError error, String text) {}

  /** Instructions in the order in which OpenFlow runs them. */
  private enum Instruction {
    METER("meter"),
    APPLY_ACTIONS("apply_actions"),
    CLEAR_ACTIONS("clear_actions"),
    WRITE_ACTIONS("write_actions"),
    WRITE_METADATA("write_metadata"),
    GOTO_TABLE("goto_table");

    private final String text;

    Instruction(String text) {
      this.text = text;
    }

    static Instruction of(OfAction action, OfVersion version) {
      return switch (action) {
        case OfAction.Meter meter -> version.isAtLeast(OfVersion.OF15) ? APPLY_ACTIONS : METER;
        case OfAction.ClearActions clear -> CLEAR_ACTIONS;
        case OfAction.WriteActions write -> WRITE_ACTIONS;
        case OfAction.WriteMetadata write -> WRITE_METADATA;
        case OfAction.GotoTable go -> GOTO_TABLE;
        default -> APPLY_ACTIONS;
      };
    }
  }

  /** What is wrong with actions in {@code place}, or null. */
  public static Problem check(List<OfAction> actions, Place place, OfVersion version) {
    Instruction previous = null;
    for (OfAction action : actions) {
      if (action instanceof OfAction.Conjunction) {
        return checkConjunctions(actions);
      }
      Problem problem = checkPlace(action, place);
      Instruction instruction = Instruction.of(action, version);
      if (problem == null && previous != null) {
        problem = checkOrder(previous, instruction);
      }
      if (problem == null) {
        problem = checkAllowed(instruction, place);
      }
      if (problem != null) {
        return problem;
      }
      previous = instruction;
    }
    return null;
  }

  private static Problem checkConjunctions(List<OfAction> actions) {
    for (OfAction action : actions) {
      if (!(action instanceof OfAction.Conjunction) && !(action instanceof OfAction.Note)) {
        return new Problem(
            OfError.NXBAC_BAD_CONJUNCTION,
            "\"conjunction\" actions may be used along with \"note\" but not any other kind of "
                + "action (such as the \""
                + ActionName.of(action)
                + "\" action used here)");
      }
    }
    return null;
  }

  private static Problem checkOrder(Instruction previous, Instruction next) {
    int order = next.compareTo(previous);
    if (order > 0 || (order == 0 && next == Instruction.APPLY_ACTIONS)) {
      return null;
    }
    return new Problem(
        OfError.OFPBAC_UNSUPPORTED_ORDER,
        order == 0
            ? "duplicate %s instruction not allowed, for OpenFlow 1.1+ compatibility"
                .formatted(next.text)
            : "invalid instruction ordering: %s must appear before %s, for OpenFlow 1.1+ "
                    .formatted(next.text, previous.text)
                + "compatibility");
  }

  private static Problem checkAllowed(Instruction instruction, Place place) {
    boolean allowed =
        place == Place.RULE
            || instruction == Instruction.APPLY_ACTIONS
            || instruction == Instruction.METER;
    return allowed
        ? null
        : new Problem(
            OfError.OFPBIC_UNSUP_INST, instruction.text + " instruction not allowed here");
  }

  private static Problem checkPlace(OfAction action, Place place) {
    Field written = written(action);
    boolean ofCt = written == Field.CT_MARK || written == Field.CT_LABEL;
    if (ofCt && place != Place.CT) {
      return new Problem(
          OfError.OFPBAC_BAD_SET_ARGUMENT, "cannot set CT fields outside of ct action");
    }
    if (action instanceof Nat) {
      return place == Place.CT
          ? null
          : new Problem(
              OfError.OFPBAC_BAD_SET_ARGUMENT, "Cannot have NAT action outside of \"ct\" action");
    }
    if (place == Place.CT && !ofCt) {
      return written == null ? notNested(action, place) : notModified(written, place);
    }
    return action instanceof OfAction.Meter && place.isInside() ? notNested(action, place) : null;
  }

  private static Problem notNested(OfAction action, Place place) {
    return new Problem(
        OfError.OFPBAC_BAD_ARGUMENT,
        place.action + " action doesn't support nested action " + ActionName.of(action));
  }

  private static Problem notModified(Field field, Place place) {
    return new Problem(
        OfError.OFPBAC_BAD_ARGUMENT,
        place.action + " action doesn't support nested modification of " + field.text());
  }

  private static Field written(OfAction action) {
    return switch (action) {
      case OfAction.SetField set -> set.field();
      case OfAction.SetOption set -> set.option();
      case OfAction.RegLoad load -> load.target().field();
      case OfAction.Move move -> move.target().field();
      default -> null;
    };
  }
}
