package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.match.ActionOrder;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.Vendor;

/** Reads actions of one version. Stateless but for how deep it is. */
final class ActionReader {
  private static final int MAX_DEPTH = 64;

  private final OfVersion version;
  private final int depth;

  ActionReader(OfVersion version) {
    this(version, 0);
  }

  private ActionReader(OfVersion version, int depth) {
    this.version = version;
    this.depth = depth;
  }

  OfVersion version() {
    return version;
  }

  /** The actions up to the reader's end, which may be anything that a rule can do. */
  List<OfAction> readRule(WireReader in) {
    return check(in, readList(in), ActionOrder.Place.RULE);
  }

  /** The actions up to the reader's end, none of which may be an instruction. */
  List<OfAction> readAll(WireReader in) {
    return check(in, readList(in), ActionOrder.Place.LIST);
  }

  /** Reads actions inside another action. */
  List<OfAction> readNested(WireReader in, ActionOrder.Place place) {
    return check(in, new ActionReader(version, depth + 1).readList(in), place);
  }

  List<OfAction> check(WireReader in, List<OfAction> actions, ActionOrder.Place place) {
    ActionOrder.Problem problem = ActionOrder.check(actions, place, version);
    if (problem != null) {
      in.note(new Note.Remark(Note.Level.WARN, ActionForm.MODULE, problem.text(), true));
      throw in.bad(problem.error());
    }
    return actions;
  }

  /** The actions up to the reader's end, wherever they may stand. */
  List<OfAction> readList(WireReader in) {
    if (depth == MAX_DEPTH) {
      throw in.bad(OfError.OFPBAC_BAD_ARGUMENT);
    }
    requireAligned(in);
    Bytes all = in.peek(in.left());
    int start = in.position();
    List<OfAction> actions = new ArrayList<>();
    while (!in.isEmpty()) {
      int at = in.position();
      try {
        actions.add(readOne(in));
      } catch (BadWireException bad) {
        in.note(new Note.BadAction(at - start, bad.error(), all));
        throw bad;
      }
    }
    return actions;
  }

  private static void requireAligned(WireReader in) {
    if (in.left() % 8 != 0) {
      throw in.bad(
          OfError.OFPBRC_BAD_LEN,
          ActionForm.MODULE,
          "OpenFlow message actions length " + in.left() + " is not a multiple of 8");
    }
  }

  private OfAction readOne(WireReader in) {
    ActionForm form = ActionForm.next(in, version);
    int length = in.peekU16(2);
    WireReader body = in.sub(length, OfError.OFPBAC_BAD_LEN).skip(4);
    return switch (form.vendor()) {
      case Vendor.STANDARD -> readStandard(form.number(), body);
      case Vendor.NICIRA -> readNicira(form.number(), body.skip(6));
      default -> readCopy(body.skip(8), true);
    };
  }

  /**
   * Some subtypes are known by name and work nowhere: those that Open vSwitch debugs itself with.
   */
  private OfAction readNicira(int subtype, WireReader body) {
    OfAction action = new NiciraActionReader(body, this).read(subtype);
    if (action == null) {
      throw body.bad(OfError.OFPBAC_BAD_VENDOR_TYPE);
    }
    return action;
  }

  private OfAction readStandard(int type, WireReader body) {
    OfAction action = version == OfVersion.OF10 ? read10(type, body) : read11(type, body);
    if (action == null) {
      throw body.bad(OfError.OFPBAC_BAD_TYPE);
    }
    return action;
  }

  private static OfAction read10(int type, WireReader in) {
    return switch (type) {
      case 0 -> output(in, in.u16());
      case 1 -> new OfAction.SetVlanVid(vid(in), true);
      case 2 -> new OfAction.SetVlanPcp(pcp(in), true);
      case 3 -> new OfAction.PopVlan(true);
      case 4 -> new OfAction.SetEthSrc(in.mac());
      case 5 -> new OfAction.SetEthDst(in.mac());
      case 6 -> new OfAction.SetIpSrc(in.u32());
      case 7 -> new OfAction.SetIpDst(in.u32());
      case 8 -> new OfAction.SetIpTos(tos(in));
      case 9 -> new OfAction.SetTpSrc(in.u16());
      case 10 -> new OfAction.SetTpDst(in.u16());
      case 11 -> enqueue(in);
      default -> null;
    };
  }

  private OfAction read11(int type, WireReader in) {
    return switch (type) {
      case 0 -> output(in, in.port(in.u32()));
      case 1 -> new OfAction.SetVlanVid(vid(in), false);
      case 2 -> new OfAction.SetVlanPcp(pcp(in), false);
      case 3 -> new OfAction.SetEthSrc(in.mac());
      case 4 -> new OfAction.SetEthDst(in.mac());
      case 5 -> new OfAction.SetIpSrc(in.u32());
      case 6 -> new OfAction.SetIpDst(in.u32());
      case 7 -> new OfAction.SetIpTos(tos(in));
      case 8 -> new OfAction.SetIpEcn(bounded(in, in.u8(), 3));
      case 9 -> new OfAction.SetTpSrc(in.u16());
      case 10 -> new OfAction.SetTpDst(in.u16());
      case 13 -> new OfAction.SetMplsLabel(bounded(in, in.u32(), 0xfffff));
      case 14 -> new OfAction.SetMplsTc(bounded(in, in.u8(), 7));
      case 15 -> new OfAction.SetMplsTtl(in.u8());
      case 16 -> new OfAction.DecMplsTtl();
      case 17 -> new OfAction.PushVlan(vlanType(in, in.u16()));
      case 18 -> new OfAction.PopVlan(false);
      case 19 -> new OfAction.PushMpls(mplsType(in, in.u16()));
      case 20 -> new OfAction.PopMpls(in.u16());
      case 21 -> new OfAction.SetQueue(in.u32());
      case 22 -> new OfAction.Group(in.u32());
      case 23 -> new OfAction.SetIpTtl(in.u8());
      case 24 -> OfAction.DecTtl.PLAIN;
      case 25 -> version.isAtLeast(OfVersion.OF12) ? readSetField(in) : null;
      case 28 -> version.isAtLeast(OfVersion.OF15) ? readCopy(in, false) : null;
      case 29 -> version.isAtLeast(OfVersion.OF15) ? new OfAction.Meter(in.u32()) : null;
      default -> null;
    };
  }

  static int bounded(WireReader in, int value, int bits) {
    if ((value & ~bits) != 0) {
      throw in.bad(OfError.OFPBAC_BAD_ARGUMENT);
    }
    return value;
  }

  private static int vid(WireReader in) {
    return bounded(in, in.u16(), 0xfff);
  }

  private static int pcp(WireReader in) {
    return bounded(in, in.u8(), 7);
  }

  private static int tos(WireReader in) {
    return bounded(in, in.u8(), 0xfc);
  }

  private static int vlanType(WireReader in, int type) {
    if (type != 0x8100 && type != 0x88a8) {
      throw in.bad(OfError.OFPBAC_BAD_ARGUMENT);
    }
    return type;
  }

  static int mplsType(WireReader in, int type) {
    if (type != 0x8847 && type != 0x8848) {
      throw in.bad(OfError.OFPBAC_BAD_ARGUMENT);
    }
    return type;
  }

  private static OfAction output(WireReader in, int port) {
    checkOutputPort(in, port);
    return new OfAction.Output(port, in.u16());
  }

  /** Refuses ports that mean nothing as a target. */
  static void checkOutputPort(WireReader in, int port) {
    boolean special =
        switch (port) {
          case OfPort.IN_PORT,
              OfPort.TABLE,
              OfPort.NORMAL,
              OfPort.FLOOD,
              OfPort.ALL,
              OfPort.CONTROLLER,
              OfPort.LOCAL ->
              true;
          default -> false;
        };
    if (!special && (port < 0 || port >= OfPort.MAX)) {
      throw in.bad(OfError.OFPBAC_BAD_OUT_PORT);
    }
  }

  private static OfAction enqueue(WireReader in) {
    int port = in.u16();
    in.skip(6);
    boolean special = port == OfPort.IN_PORT || port == OfPort.LOCAL;
    if (port >= OfPort.MAX && !special) {
      throw in.bad(OfError.OFPBAC_BAD_OUT_PORT);
    }
    return new OfAction.Enqueue(port, in.u32());
  }

  private OfAction readSetField(WireReader in) {
    if (Oxm.isOption(in)) {
      OfAction.SetOption set = readOption(in);
      if (set.bits().mask() != null && version.isBefore(OfVersion.OF15)) {
        throw in.bad(OfError.OFPBAC_BAD_SET_MASK);
      }
      return set;
    }
    Oxm.Entry entry = Oxm.read(in, true);
    Field field = entry.field();
    if (entry.masked() && version.isBefore(OfVersion.OF15)) {
      throw in.bad(OfError.OFPBAC_BAD_SET_MASK);
    }
    in.zeroRest(OfError.OFPBAC_BAD_SET_ARGUMENT);
    boolean tagless = field == Field.VLAN_VID && (entry.low() & MatchBuilder.VLAN_PRESENT) == 0;
    if (field == null
        || field == Field.IN_PORT_OXM
        || !field.writable()
        || tagless
        || !MatchCodec.isValueValid(field, entry.high(), entry.low())) {
      throw in.bad(OfError.OFPBAC_BAD_SET_ARGUMENT);
    }
    return setField(entry);
  }

  static OfAction.SetOption readOption(WireReader in) {
    Oxm.Option option = Oxm.readOption(in);
    in.zeroRest(OfError.OFPBAC_BAD_SET_ARGUMENT);
    return new OfAction.SetOption(option.field(), option.bits());
  }

  static OfAction.SetField setField(Oxm.Entry entry) {
    FieldSlice all = FieldSlice.all(entry.field());
    return new OfAction.SetField(
        entry.field(),
        entry.high(),
        entry.low(),
        entry.maskHigh() & all.maskHigh(),
        entry.maskLow() & all.maskLow());
  }

  private static OfAction readCopy(WireReader in, boolean onf) {
    int bits = in.u16();
    int sourceStart = in.u16();
    int targetStart = in.u16();
    in.skip(2);
    FieldSlice source = Oxm.readSlice(in, sourceStart, bits, OfError.OFPBAC_BAD_ARGUMENT);
    FieldSlice target = Oxm.readSlice(in, targetStart, bits, OfError.OFPBAC_BAD_ARGUMENT);
    in.zeroRest(OfError.NXBRC_MUST_BE_ZERO);
    return NiciraActionReader.move(in, source, target, onf);
  }
}
