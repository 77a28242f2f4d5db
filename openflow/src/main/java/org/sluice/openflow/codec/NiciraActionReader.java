package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.Nat;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.match.ActionOrder;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;

/** Reads one action of the Nicira extension, from behind its subtype. Used by one thread. */
final class NiciraActionReader {
  private final WireReader in;
  private final ActionReader nested;

  NiciraActionReader(WireReader in, ActionReader nested) {
    this.in = in;
    this.nested = nested;
  }

  /** The action, or null where there is no such subtype. */
  OfAction read(int subtype) {
    OfAction action = readCommon(subtype);
    return action == null ? readOther(subtype) : action;
  }

  private OfAction readCommon(int subtype) {
    boolean of15 = nested.version().isAtLeast(OfVersion.OF15);
    return switch (subtype) {
      case 1 -> new OfAction.Resubmit(in.u16(), OfAction.Resubmit.CURRENT_TABLE, false);
      case 14 -> readResubmit(false);
      case 44 -> readResubmit(true);
      case 2 -> new OfAction.SetTunnel(in.skip(2).unsigned32(), false);
      case 9 -> new OfAction.SetTunnel(in.skip(6).u64(), true);
      case 5 -> new OfAction.PopQueue();
      case 6 -> of15 ? null : readMove();
      case 7 -> of15 ? null : readLoad();
      case 33 -> of15 ? null : readLoad2();
      case 8 -> new OfAction.Note(in.rest());
      case 12, 13 -> readBundle(subtype == 13);
      case 10 -> readMultipath();
      case 15 -> readOutputField();
      case 32 -> readOutputField2();
      case LearnCodec.LEARN -> LearnCodec.read(in, false);
      case LearnCodec.LEARN2 -> LearnCodec.read(in, true);
      case 17 -> new OfAction.Exit();
      case 19 -> readFinTimeout();
      case 20 -> readController();
      case 37 -> readController2();
      default -> null;
    };
  }

  private OfAction readOther(int subtype) {
    return switch (subtype) {
      case 21 -> readDecTtlIds();
      case 22 -> new OfAction.WriteMetadata(in.skip(6).u64(), in.u64());
      case 27 -> new OfAction.StackPush(readStack());
      case 28 -> new OfAction.StackPop(writable(readStack()));
      case 29 -> readSample(false, false);
      case 38, 41 -> readSample(true, false);
      case 51 -> readSample(true, true);
      case 34 -> readConjunction();
      case 35 -> readCt();
      case 36 -> readNat();
      case 39 -> readTruncated();
      case 42 -> readClone();
      case 43 -> new OfAction.CtClear();
      case 46 -> fromOf13(readEncap());
      case 47 -> fromOf13(new OfAction.Decap(in.skip(2).u32()));
      case 48 -> fromOf13(new OfAction.DecNshTtl());
      case 49 -> readCheckPacketLarger();
      case 50 -> readDeleteField();
      default -> nested.version() == OfVersion.OF10 ? readStandardOf11(subtype) : null;
    };
  }

  /** What 1.1 has as standard actions and 1.0 as extensions. */
  private OfAction readStandardOf11(int subtype) {
    return switch (subtype) {
      case 4 -> new OfAction.SetQueue(in.skip(2).u32());
      case 40 -> new OfAction.Group(in.skip(2).u32());
      case 18 -> OfAction.DecTtl.PLAIN;
      case 23 -> new OfAction.PushMpls(ActionReader.mplsType(in, in.u16()));
      case 24 -> new OfAction.PopMpls(in.u16());
      case 25 -> new OfAction.SetMplsTtl(in.u8());
      case 26 -> new OfAction.DecMplsTtl();
      case 30 -> new OfAction.SetMplsLabel(ActionReader.bounded(in, in.skip(2).u32(), 0xfffff));
      case 31 -> new OfAction.SetMplsTc(ActionReader.bounded(in, in.u8(), 7));
      default -> null;
    };
  }

  private OfAction fromOf13(OfAction action) {
    return nested.version().isAtLeast(OfVersion.OF13) ? action : null;
  }

  private BadWireException badArgument() {
    return in.bad(OfError.OFPBAC_BAD_ARGUMENT);
  }

  private OfAction readResubmit(boolean ct) {
    int port = in.u16();
    int table = in.u8();
    in.zeros(3, OfError.OFPBAC_BAD_ARGUMENT);
    return new OfAction.Resubmit(port, table, ct);
  }

  private FieldSlice writable(FieldSlice slice) {
    if (!slice.field().writable()) {
      throw in.bad(
          OfError.OFPBAC_BAD_SET_ARGUMENT,
          "meta_flow",
          "destination field " + slice.field().text() + " is not writable");
    }
    return slice;
  }

  private FieldSlice readSlice(int offsetAndBits) {
    int start = offsetAndBits >>> 6;
    int bits = (offsetAndBits & 0x3f) + 1;
    return Oxm.slice(in, Oxm.readAnyField(in), start, bits, OfError.OFPBAC_BAD_SET_LEN);
  }

  private OfAction readMove() {
    int bits = in.u16();
    int sourceStart = in.u16();
    int targetStart = in.u16();
    FieldSlice source = Oxm.readSlice(in, sourceStart, bits, OfError.OFPBAC_BAD_ARGUMENT);
    FieldSlice target = Oxm.readSlice(in, targetStart, bits, OfError.OFPBAC_BAD_ARGUMENT);
    in.zeroRest(OfError.NXBRC_MUST_BE_ZERO);
    return move(in, source, target, false);
  }

  static OfAction move(WireReader in, FieldSlice source, FieldSlice target, boolean onf) {
    if (!target.field().writable()) {
      throw in.bad(OfError.OFPBAC_BAD_ARGUMENT);
    }
    return new OfAction.Move(source, target, onf);
  }

  private OfAction readLoad() {
    FieldSlice target = writable(readSlice(in.u16()));
    long value = in.u64();
    if (target.bits() < Long.SIZE && value >>> target.bits() != 0) {
      throw badArgument();
    }
    return new OfAction.RegLoad(target, 0, value);
  }

  private OfAction readLoad2() {
    if (Oxm.isOption(in)) {
      return ActionReader.readOption(in);
    }
    Oxm.Entry entry = Oxm.read(in, true);
    in.zeroRest(OfError.OFPBAC_BAD_SET_ARGUMENT);
    if (entry.field() == null || !entry.field().writable()) {
      throw in.bad(OfError.OFPBAC_BAD_SET_ARGUMENT);
    }
    return ActionReader.setField(entry);
  }

  private OfAction readBundle(boolean load) {
    OfAction.BundleAlgorithm algorithm = OfAction.BundleAlgorithm.ofWire(in.u16());
    OfAction.HashFields fields = OfAction.HashFields.ofWire(in.u16());
    int basis = in.u16();
    Field memberType = Oxm.readField(in);
    int count = in.u16();
    int offsetAndBits = in.u16();
    FieldSlice target = null;
    if (load) {
      target = writable(readSlice(offsetAndBits));
    } else if (offsetAndBits != 0 || in.u32() != 0) {
      throw badArgument();
    }
    in.zeros(4, OfError.OFPBAC_BAD_ARGUMENT);
    boolean known = algorithm != null && fields != null && memberType == Field.IN_PORT;
    if (!known || (load && target.bits() < 16)) {
      throw badArgument();
    }
    if (in.left() < 2 * count) {
      throw in.bad(OfError.OFPBAC_BAD_LEN);
    }
    List<Integer> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(in.u16());
    }
    return new OfAction.Bundle(fields, basis, algorithm, members, target);
  }

  private OfAction readMultipath() {
    OfAction.HashFields fields = OfAction.HashFields.ofWire(in.u16());
    int basis = in.u16();
    OfAction.MultipathAlgorithm algorithm = OfAction.MultipathAlgorithm.ofWire(in.skip(2).u16());
    int maxLink = in.u16();
    int argument = in.u32();
    FieldSlice target = writable(readSlice(in.skip(2).u16()));
    boolean small = target.bits() < 16 && maxLink >= 1 << target.bits();
    if (fields == null || algorithm == null || small) {
      throw badArgument();
    }
    return new OfAction.Multipath(fields, basis, algorithm, maxLink, argument, target);
  }

  private OfAction readOutputField() {
    FieldSlice source = readSlice(in.u16());
    int maxBytes = in.u16();
    in.zeros(6, OfError.OFPBAC_BAD_ARGUMENT);
    return new OfAction.OutputField(source, maxBytes);
  }

  private OfAction readOutputField2() {
    int offsetAndBits = in.u16();
    int maxBytes = in.u16();
    FieldSlice source = readSlice(offsetAndBits);
    in.zeroRest(OfError.NXBRC_MUST_BE_ZERO);
    return new OfAction.OutputField(source, maxBytes);
  }

  private OfAction readFinTimeout() {
    int idle = in.u16();
    int hard = in.u16();
    in.zeros(2, OfError.OFPBAC_BAD_ARGUMENT);
    return new OfAction.FinTimeout(idle, hard);
  }

  private OfAction readController() {
    int maxBytes = in.u16();
    int id = in.u16();
    int reason = in.u8();
    return new OfAction.Controller(maxBytes, reason, id, OfAction.Controller.Options.NONE);
  }

  private OfAction readController2() {
    in.zeros(6, OfError.NXBRC_MUST_BE_ZERO);
    int maxBytes = OfAction.Controller.NO_LIMIT;
    int id = 0;
    int reason = 1;
    Bytes userdata = Bytes.EMPTY;
    boolean pause = false;
    int meter = OfAction.Controller.NO_METER;
    while (!in.isEmpty()) {
      Property property = Property.read(in);
      switch (property.ownType()) {
        case 0 -> maxBytes = property.u16();
        case 1 -> id = property.u16();
        case 2 -> reason = property.u8();
        case 3 -> userdata = property.value().rest();
        case 4 -> pause = true;
        case 5 -> meter = property.u32();
        default -> throw property.unknown("ofp_actions", "NXAST_RAW_CONTROLLER2");
      }
    }
    return new OfAction.Controller(
        maxBytes, reason, id, new OfAction.Controller.Options(userdata, pause, meter));
  }

  private OfAction readDecTtlIds() {
    int count = in.u16();
    in.zeros(4, OfError.NXBRC_MUST_BE_ZERO);
    if (count == 0 || in.left() < 2 * count) {
      throw in.bad(OfError.OFPBAC_BAD_LEN);
    }
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(in.u16());
    }
    return new OfAction.DecTtl(ids);
  }

  private FieldSlice readStack() {
    int start = in.u16();
    Field field = Oxm.readField(in);
    int bits = in.u16();
    in.zeroRest(OfError.NXBRC_MUST_BE_ZERO);
    return Oxm.slice(in, field, start, bits, OfError.OFPBAC_BAD_ARGUMENT);
  }

  private OfAction readSample(boolean extended, boolean fields) {
    int probability = in.u16();
    int collectorSet = in.u32();
    FieldSlice domainField = fields ? readSource() : null;
    int domain = in.u32();
    FieldSlice pointField = fields ? readSource() : null;
    int point = in.u32();
    int port = extended ? in.u16() : OfPort.NONE;
    OfAction.SampleDirection direction =
        extended ? OfAction.SampleDirection.ofWire(in.u8()) : OfAction.SampleDirection.DEFAULT;
    if (probability == 0 || direction == null) {
      throw badArgument();
    }
    return new OfAction.Sample(
        probability,
        collectorSet,
        domainField == null ? domain : 0,
        pointField == null ? point : 0,
        domainField,
        pointField,
        port,
        direction);
  }

  /** A field whose bits the next 32 bits say, which are left; null where a number follows. */
  private FieldSlice readSource() {
    if (in.peekU16(0) == 0 && in.peekU16(2) == 0) {
      in.skip(4);
      return null;
    }
    Field field = Oxm.readField(in);
    int offsetAndBits = in.peekU16(0);
    int start = offsetAndBits >>> 6;
    int bits = (offsetAndBits & 0x3f) + 1;
    return Oxm.slice(in, field, start, bits, OfError.OFPBAC_BAD_ARGUMENT);
  }

  private OfAction readConjunction() {
    int clause = in.u8();
    int clauses = in.u8();
    if (clauses < 2 || clauses > 64 || clause >= clauses) {
      throw in.bad(OfError.NXBAC_BAD_CONJUNCTION);
    }
    return new OfAction.Conjunction(in.u32(), clause, clauses);
  }

  private OfAction readCt() {
    int flags = in.u16();
    FieldSlice zoneField = null;
    int zone = 0;
    if (in.peekU16(0) == 0 && in.peekU16(2) == 0) {
      zone = in.skip(4).u16();
    } else {
      int offsetAndBits = in.peekU16(4);
      zoneField = readSlice(offsetAndBits);
      in.skip(2);
    }
    int table = in.u8();
    in.skip(3);
    int alg = in.u16();
    boolean force = (flags & Ct.FORCE) != 0;
    boolean unknown = (flags & ~(Ct.COMMIT | Ct.FORCE)) != 0;
    if (unknown || (force && (flags & Ct.COMMIT) == 0)) {
      throw badArgument();
    }
    if (zoneField != null && zoneField.bits() != 16) {
      throw in.bad(OfError.OFPBAC_BAD_SET_LEN);
    }
    List<OfAction> actions = nested.readNested(in, ActionOrder.Place.CT);
    boolean commits = (flags & Ct.COMMIT) != 0;
    if (!commits && actions.stream().anyMatch(action -> !Nat.AS_BEFORE.equals(action))) {
      throw in.bad(
          OfError.OFPBAC_BAD_ARGUMENT,
          ActionForm.MODULE,
          "CT action requires commit flag if actions other than NAT without arguments are "
              + "specified.");
    }
    return new Ct(flags, zoneField, zone, table, alg, actions);
  }

  private OfAction readNat() {
    in.zeros(2, OfError.NXBRC_MUST_BE_ZERO);
    int flags = in.u16();
    int present = in.u16();
    boolean v4 = (present & 3) != 0;
    boolean v6 = (present & 12) != 0;
    int directions = flags & (Nat.SRC | Nat.DST);
    boolean both = directions == (Nat.SRC | Nat.DST);
    boolean hashAndRandom = (flags & (Nat.HASH | Nat.RANDOM)) == (Nat.HASH | Nat.RANDOM);
    if (flags >>> 5 != 0 || present >>> 6 != 0 || both || hashAndRandom || (v4 && v6)) {
      throw badArgument();
    }
    Nat.Addresses addresses = v4 || v6 ? readAddresses(v6, v6 ? present >> 2 : present) : null;
    int minPort = (present & 16) != 0 ? in.u16() : 0;
    int maxPort = (present & 32) != 0 ? in.u16() : 0;
    boolean rangeless = addresses == null && (minPort | maxPort) != 0;
    boolean directionless = directions == 0 && (flags != 0 || present != 0);
    if (rangeless || directionless || (maxPort != 0 && maxPort < minPort)) {
      throw badArgument();
    }
    return new Nat(flags, addresses, minPort, maxPort);
  }

  private Nat.Addresses readAddresses(boolean ipv6, int present) {
    boolean max = (present & 2) != 0;
    if ((present & 1) == 0) {
      throw badArgument();
    }
    long minHigh = ipv6 ? in.u64() : 0;
    long minLow = ipv6 ? in.u64() : in.unsigned32();
    long maxHigh = ipv6 && max ? in.u64() : 0;
    long maxLow = !max ? 0 : ipv6 ? in.u64() : in.unsigned32();
    int order = Long.compareUnsigned(maxHigh, minHigh);
    boolean backwards = order < 0 || (order == 0 && Long.compareUnsigned(maxLow, minLow) < 0);
    if (max && backwards) {
      throw badArgument();
    }
    return new Nat.Addresses(ipv6, minHigh, minLow, maxHigh, maxLow);
  }

  private OfAction readTruncated() {
    int port = in.u16();
    int maxBytes = in.u32();
    if (maxBytes >= 0 && maxBytes < 14) {
      throw badArgument();
    }
    ActionReader.checkOutputPort(in, port);
    return new OfAction.OutputTruncated(port, maxBytes);
  }

  private OfAction readClone() {
    in.skip(6);
    return new OfAction.Clone(nested.readNested(in, ActionOrder.Place.CLONE));
  }

  private OfAction readCheckPacketLarger() {
    int bytes = in.u16();
    int start = in.u16();
    FieldSlice target = Oxm.readSlice(in, start, 1, OfError.OFPBAC_BAD_ARGUMENT);
    in.zeroRest(OfError.NXBRC_MUST_BE_ZERO);
    return new OfAction.CheckPacketLarger(bytes, writable(target));
  }

  private OfAction readEncap() {
    in.skip(2);
    int packetType = in.u32();
    List<OfAction.EncapProperty> properties = new ArrayList<>();
    while (!in.isEmpty()) {
      int start = in.position();
      int propertyClass = in.u16();
      int type = in.u8();
      int length = in.u8();
      if (length < 4) {
        throw in.bad(OfError.NXBAC_BAD_ED_PROP);
      }
      properties.add(new OfAction.EncapProperty(propertyClass, type, in.bytes(length - 4)));
      in.pad8(start);
    }
    return new OfAction.Encap(packetType, properties);
  }

  private OfAction readDeleteField() {
    Field field = Oxm.readNamed(in).field();
    in.zeroRest(OfError.NXBRC_MUST_BE_ZERO);
    if (field == null || !field.isOption()) {
      throw badArgument();
    }
    if (in.options() != null && !in.options().has(field)) {
      throw in.bad(OfError.NXFMFC_INVALID_TLV_FIELD);
    }
    return new OfAction.DeleteField(field);
  }
}
