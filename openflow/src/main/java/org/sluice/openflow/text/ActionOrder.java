package org.sluice.openflow.text;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.Nat;
import org.sluice.openflow.action.OfAction;

/** The order that instructions must have, and what may stand inside {@code ct(exec())}. */
final class ActionOrder {
  private static final Set<Field> CT_WRITABLE = EnumSet.of(Field.CT_MARK, Field.CT_LABEL);

  private ActionOrder() {}

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

    static Instruction of(OfAction action) {
      return switch (action) {
        case OfAction.Meter meter -> METER;
        case OfAction.ClearActions clear -> CLEAR_ACTIONS;
        case OfAction.WriteActions write -> WRITE_ACTIONS;
        case OfAction.WriteMetadata write -> WRITE_METADATA;
        case OfAction.GotoTable go -> GOTO_TABLE;
        default -> APPLY_ACTIONS;
      };
    }
  }

  static void check(List<OfAction> actions) throws OfSyntaxException {
    Instruction previous = null;
    for (OfAction action : actions) {
      Instruction instruction = Instruction.of(action);
      checkOutsideCt(action);
      if (previous != null && instruction.compareTo(previous) < 0) {
        throw new OfSyntaxException(
            "invalid instruction ordering: %s must appear before %s, for OpenFlow 1.1+ "
                    .formatted(instruction.text, previous.text)
                + "compatibility");
      }
      if (previous == instruction && instruction != Instruction.APPLY_ACTIONS) {
        throw new OfSyntaxException(
            "duplicate "
                + instruction.text
                + " instruction not allowed, for OpenFlow 1.1+ compatibility");
      }
      previous = instruction;
    }
  }

  private static void checkOutsideCt(OfAction action) throws OfSyntaxException {
    Field written = written(action);
    if (written != null && CT_WRITABLE.contains(written)) {
      throw new OfSyntaxException("cannot set CT fields outside of ct action");
    }
    if (action instanceof Nat) {
      throw new OfSyntaxException("Cannot have NAT action outside of \"ct\" action");
    }
  }

  static void checkInsideCt(List<OfAction> actions) throws OfSyntaxException {
    for (OfAction action : actions) {
      Field written = written(action);
      if (written == null || action instanceof Ct) {
        throw new OfSyntaxException("ct action doesn't support nested action");
      }
      if (!CT_WRITABLE.contains(written)) {
        throw new OfSyntaxException(
            "ct action doesn't support nested modification of " + written.text());
      }
    }
  }

  private static Field written(OfAction action) {
    return switch (action) {
      case OfAction.SetField set -> set.field();
      case OfAction.RegLoad load -> load.target().field();
      case OfAction.Move move -> move.target().field();
      default -> null;
    };
  }
}
