package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.action.Learn;
import org.sluice.openflow.action.Nat;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.match.ActionOrder;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;

/** Reads a rule's instructions, or in 1.0 its actions, into one list in the order they run. */
final class InstructionReader {
  /** In the order in which they run. */
  private enum Kind {
    METER,
    APPLY,
    CLEAR,
    WRITE,
    METADATA,
    GOTO
  }

  private static final Kind[] KINDS = Kind.values();

  private final OfVersion version;

  InstructionReader(OfVersion version) {
    this.version = version;
  }

  /** The list up to the reader's end. */
  List<OfAction> read(WireReader in) {
    if (version == OfVersion.OF10) {
      return new ActionReader(version).readRule(in.sub(in.left(), OfError.OFPBAC_BAD_LEN));
    }
    if (in.left() % 8 != 0) {
      throw in.bad(
          OfError.OFPBIC_BAD_LEN,
          ActionForm.MODULE,
          "OpenFlow message instructions length " + in.left() + " is not a multiple of 8");
    }
    WireReader[] found = find(in);
    List<OfAction> actions = new ArrayList<>();
    for (Kind kind : KINDS) {
      if (found[kind.ordinal()] != null) {
        append(kind, found[kind.ordinal()], actions);
      }
    }
    return new ActionReader(version).check(in, actions, ActionOrder.Place.RULE);
  }

  /** The bodies of the instructions that are there, by kind. */
  private WireReader[] find(WireReader in) {
    WireReader[] found = new WireReader[KINDS.length];
    while (!in.isEmpty()) {
      if (in.left() < 8) {
        throw in.bad(OfError.OFPBIC_BAD_LEN);
      }
      int type = in.peekU16(0);
      int length = in.peekU16(2);
      if (length < 8 || length > in.left() || length % 8 != 0) {
        throw in.bad(OfError.OFPBIC_BAD_LEN);
      }
      WireReader body = in.sub(length, OfError.OFPBIC_BAD_LEN).skip(4);
      Kind kind = kind(body, type, length);
      if (found[kind.ordinal()] != null) {
        throw in.bad(OfError.OFPBIC_DUP_INST);
      }
      found[kind.ordinal()] = body;
    }
    return found;
  }

  private Kind kind(WireReader body, int type, int length) {
    Kind kind =
        switch (type) {
          case 1 -> Kind.GOTO;
          case 2 -> Kind.METADATA;
          case 3 -> Kind.WRITE;
          case 4 -> Kind.APPLY;
          case 5 -> Kind.CLEAR;
          case 6 -> version == OfVersion.OF13 || version == OfVersion.OF14 ? Kind.METER : null;
          case 0xffff -> throw body.bad(OfError.OFPBIC_BAD_EXPERIMENTER);
          default -> null;
        };
    if (kind == null) {
      throw body.bad(OfError.OFPBIC_UNKNOWN_INST);
    }
    boolean variable = kind == Kind.WRITE || kind == Kind.APPLY;
    if (!variable && length != (kind == Kind.METADATA ? 24 : 8)) {
      throw body.bad(OfError.OFPBIC_BAD_LEN);
    }
    return kind;
  }

  private void append(Kind kind, WireReader body, List<OfAction> actions) {
    switch (kind) {
      case METER -> actions.add(new OfAction.Meter(body.u32()));
      case APPLY -> actions.addAll(new ActionReader(version).readList(body.skip(4)));
      case CLEAR -> actions.add(new OfAction.ClearActions());
      case WRITE -> {
        List<OfAction> set =
            new ActionReader(version).readNested(body.skip(4), ActionOrder.Place.SET);
        set.forEach(action -> checkInSet(body, action));
        actions.add(new OfAction.WriteActions(set));
      }
      case METADATA -> actions.add(new OfAction.WriteMetadata(body.skip(4).u64(), body.u64()));
      case GOTO -> actions.add(new OfAction.GotoTable(body.u8()));
    }
  }

  private static void checkInSet(WireReader in, OfAction action) {
    boolean refused =
        switch (action) {
          case OfAction.Bundle bundle -> true;
          case OfAction.Clone clone -> true;
          case OfAction.Controller controller -> true;
          case OfAction.Enqueue enqueue -> true;
          case OfAction.Exit exit -> true;
          case OfAction.FinTimeout timeout -> true;
          case Learn learn -> true;
          case Nat nat -> true;
          case OfAction.Conjunction conjunction -> true;
          case OfAction.Multipath multipath -> true;
          case OfAction.Note note -> true;
          case OfAction.OutputField output -> true;
          case OfAction.OutputTruncated output -> true;
          case OfAction.PopQueue pop -> true;
          case OfAction.Sample sample -> true;
          case OfAction.StackPop pop -> true;
          case OfAction.StackPush push -> true;
          case OfAction.CheckPacketLarger check -> true;
          case OfAction.DeleteField delete -> true;
          case OfAction.WriteMetadata metadata -> true;
          default -> false;
        };
    if (refused) {
      throw in.bad(OfError.OFPBAC_BAD_TYPE);
    }
  }
}
