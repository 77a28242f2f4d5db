package org.sluice.openflow.codec;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.Nat;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.Vendor;

/**
 * Writes the actions of the Nicira extension. Used by one thread.
 *
 * <pre>
 *  0  type 0xffff (16)   2  length (16)   4  vendor 0x2320 (32)   8  subtype (16)   10  ...
 * </pre>
 */
final class NiciraActionWriter {
  /** Subtype of the load whose value is a field's. */
  static final int REG_LOAD2 = 33;

  private final WireWriter out;
  private final ActionWriter nested;

  NiciraActionWriter(WireWriter out, ActionWriter nested) {
    this.out = out;
    this.nested = nested;
  }

  /** Writes the header; gives where the action began. */
  int start(int subtype, int length) {
    int start = out.size();
    out.u16(ActionWriter.VENDOR).u16(length).u32(Vendor.NICIRA).u16(subtype);
    return start;
  }

  private void finish(int start) {
    out.pad8(start);
    out.setLength(start);
  }

  void writePlain(int subtype) {
    start(subtype, 16);
    out.zeros(6);
  }

  /** A number of up to 8 bytes, aligned to its size. */
  void writeNumber(int subtype, long value, int bytes) {
    int start = start(subtype, 0);
    if (bytes >= 4) {
      out.zeros(bytes == 8 ? 6 : 2);
    }
    out.uint(value, bytes);
    finish(start);
  }

  static int offsetAndBits(FieldSlice slice) {
    return slice.start() << 6 | (slice.bits() - 1);
  }

  void writeLoad(FieldSlice target, long value) {
    start(7, 24);
    out.u16(offsetAndBits(target));
    Oxm.writeHeader(out, target.field(), null, false);
    out.u64(value);
  }

  void writeMove(OfAction.Move move) {
    int start = start(6, 0);
    out.u16(move.target().bits()).u16(move.source().start()).u16(move.target().start());
    Oxm.writeHeader(out, move.source().field(), null, false);
    Oxm.writeHeader(out, move.target().field(), null, false);
    finish(start);
  }

  void writeTunnel(long id, boolean wide) {
    boolean narrow = !wide && id >>> 32 == 0;
    writeNumber(narrow ? 2 : 9, id, narrow ? 4 : 8);
  }

  void writeDecTtlIds(List<Integer> ids) {
    int start = start(21, 0);
    out.u16(ids.size()).zeros(4);
    ids.forEach(out::u16);
    finish(start);
  }

  void writeResubmit(OfAction.Resubmit resubmit) {
    boolean plain = resubmit.table() == OfAction.Resubmit.CURRENT_TABLE && !resubmit.withCtTuple();
    start(plain ? 1 : resubmit.withCtTuple() ? 44 : 14, 16);
    out.u16(resubmit.inPort()).u8(plain ? 0 : resubmit.table()).zeros(3);
  }

  void writeCt(Ct ct) {
    int start = start(35, 0);
    out.u16(ct.flags());
    if (ct.zoneField() == null) {
      out.u32(0).u16(ct.zone());
    } else {
      Oxm.writeHeader(out, ct.zoneField().field(), null, false);
      out.u16(offsetAndBits(ct.zoneField()));
    }
    out.u8(ct.table()).zeros(3).u16(ct.alg());
    nested.writeActions(ct.actions());
    finish(start);
  }

  void writeNat(Nat nat) {
    int start = start(36, 0);
    out.u16(0).u16(nat.flags()).u16(0);
    int present = 0;
    Nat.Addresses addresses = nat.addresses();
    if (addresses != null) {
      boolean ipv6 = addresses.ipv6();
      present |= address(ipv6, addresses.minHigh(), addresses.minLow(), 1);
      present |= address(ipv6, addresses.maxHigh(), addresses.maxLow(), 2);
      present |= port(nat.minPort(), 16) | port(nat.maxPort(), 32);
    }
    finish(start);
    out.setU16(start + 14, present);
  }

  private int address(boolean ipv6, long high, long low, int bit) {
    if ((high | low) == 0) {
      return 0;
    }
    out.wide(high, low, ipv6 ? 16 : 4);
    return ipv6 ? bit << 2 : bit;
  }

  private int port(int port, int bit) {
    if (port == 0) {
      return 0;
    }
    out.u16(port);
    return bit;
  }

  /** Writes any other action. */
  void write(OfAction.Simple action) {
    switch (action) {
      case OfAction.Resubmit resubmit -> writeResubmit(resubmit);
      case OfAction.OutputField(FieldSlice source, int maxBytes) ->
          writeOutputField(source, maxBytes);
      case OfAction.OutputTruncated(int port, int maxBytes) -> {
        start(39, 16);
        out.u16(port).u32(maxBytes);
      }
      case OfAction.Controller controller -> writeController(controller);
      case OfAction.StackPush(FieldSlice slice) -> writeStack(27, slice);
      case OfAction.StackPop(FieldSlice slice) -> writeStack(28, slice);
      case OfAction.PopQueue pop -> writePlain(5);
      case OfAction.CtClear clear -> writePlain(43);
      case OfAction.Exit exit -> writePlain(17);
      case OfAction.DecNshTtl dec -> writePlain(48);
      case OfAction.Clone(List<OfAction> actions) -> {
        int start = start(42, 0);
        out.zeros(6);
        nested.writeActions(actions);
        finish(start);
      }
      case OfAction.FinTimeout(int idle, int hard) -> {
        start(19, 16);
        out.u16(idle).u16(hard).u16(0);
      }
      case OfAction.Conjunction(int id, int clause, int clauses) -> {
        start(34, 16);
        out.u8(clause).u8(clauses).u32(id);
      }
      case OfAction.Note(Bytes content) -> {
        int start = start(8, 0);
        out.bytes(content);
        finish(start);
      }
      default -> writeRare(action);
    }
  }

  private void writeRare(OfAction.Simple action) {
    switch (action) {
      case OfAction.Bundle bundle -> writeBundle(bundle);
      case OfAction.Multipath multipath -> writeMultipath(multipath);
      case OfAction.Sample sample -> writeSample(sample);
      case OfAction.CheckPacketLarger(int bytes, FieldSlice target) -> {
        int start = start(49, 0);
        out.u16(bytes).u16(target.start());
        Oxm.writeHeader(out, target.field(), null, false);
        out.zeros(24 - (out.size() - start));
        out.setLength(start);
      }
      case OfAction.DeleteField(Field field) -> {
        int start = start(50, 0);
        Oxm.writeHeader(out, field, null, false);
        out.zeros(24 - (out.size() - start));
        out.setLength(start);
      }
      case OfAction.Encap encap -> writeEncap(encap);
      case OfAction.Decap(int packetType) -> {
        start(47, 16);
        out.u16(0).u32(packetType);
      }
      default -> throw new IllegalStateException("no wire form for " + action);
    }
  }

  private void writeOutputField(FieldSlice source, int maxBytes) {
    boolean narrow = Oxm.has32BitId(source.field());
    int start = start(narrow ? 15 : 32, 24);
    out.u16(offsetAndBits(source));
    if (narrow) {
      Oxm.writeHeader(out, source.field(), null, false);
      out.u16(maxBytes);
    } else {
      out.u16(maxBytes);
      Oxm.writeHeader(out, source.field(), null, false);
    }
    out.zeros(24 - (out.size() - start));
  }

  private void writeStack(int subtype, FieldSlice slice) {
    int start = start(subtype, 24);
    out.u16(slice.start());
    Oxm.writeHeader(out, slice.field(), null, false);
    out.u16(slice.bits());
    out.zeros(24 - (out.size() - start));
  }

  private void writeController(OfAction.Controller action) {
    OfAction.Controller.Options options = action.options();
    if (options.equals(OfAction.Controller.Options.NONE)) {
      start(20, 16);
      out.u16(action.maxBytes()).u16(action.controllerId()).u8(action.reason()).u8(0);
      return;
    }
    int start = start(37, 0);
    out.zeros(6);
    if (action.maxBytes() != OfAction.Controller.NO_LIMIT) {
      Property.writeU16(out, 0, action.maxBytes());
    }
    if (action.controllerId() != 0) {
      Property.writeU16(out, 1, action.controllerId());
    }
    if (action.reason() != 1) {
      Property.writeU8(out, 2, action.reason());
    }
    if (!options.userdata().isEmpty()) {
      Property.writeBytes(out, 3, options.userdata());
    }
    if (options.pause()) {
      Property.writeBytes(out, 4, Bytes.EMPTY);
    }
    if (options.meterId() != OfAction.Controller.NO_METER) {
      Property.writeU32(out, 5, options.meterId());
    }
    finish(start);
  }

  private void writeBundle(OfAction.Bundle bundle) {
    int start = start(bundle.target() == null ? 12 : 13, 0);
    out.u16(bundle.algorithm().wire()).u16(bundle.fields().wire()).u16(bundle.basis());
    Oxm.writeHeader(out, Field.IN_PORT, null, false);
    out.u16(bundle.members().size());
    if (bundle.target() == null) {
      out.zeros(6);
    } else {
      out.u16(offsetAndBits(bundle.target()));
      Oxm.writeHeader(out, bundle.target().field(), null, false);
    }
    out.zeros(4);
    bundle.members().forEach(out::u16);
    finish(start);
  }

  private void writeMultipath(OfAction.Multipath multipath) {
    start(10, 32);
    out.u16(multipath.fields().wire()).u16(multipath.basis()).u16(0);
    out.u16(multipath.algorithm().wire()).u16(multipath.maxLink()).u32(multipath.argument());
    out.u16(0).u16(offsetAndBits(multipath.target()));
    Oxm.writeHeader(out, multipath.target().field(), null, false);
  }

  private void writeSample(OfAction.Sample sample) {
    boolean fields = sample.domainField() != null || sample.pointField() != null;
    boolean direction = sample.direction() != OfAction.SampleDirection.DEFAULT;
    boolean port = sample.samplingPort() != 0xffff;
    int start = start(fields ? 51 : direction ? 41 : port ? 38 : 29, 0);
    out.u16(sample.probability()).u32(sample.collectorSetId());
    if (fields) {
      writeSource(sample.domainField(), sample.domainId());
      writeSource(sample.pointField(), sample.pointId());
    } else {
      out.u32(sample.domainId()).u32(sample.pointId());
    }
    if (fields || direction || port) {
      out.u16(sample.samplingPort()).u8(sample.direction().wire()).zeros(5);
    }
    finish(start);
  }

  private void writeSource(FieldSlice field, int number) {
    if (field == null) {
      out.u32(0).u32(number);
    } else {
      Oxm.writeHeader(out, field.field(), null, false);
      out.u16(offsetAndBits(field)).u16(0);
    }
  }

  private void writeEncap(OfAction.Encap encap) {
    int start = start(46, 0);
    out.u16(0).u32(encap.packetType());
    for (OfAction.EncapProperty property : encap.properties()) {
      int at = out.size();
      out.u16(property.propertyClass()).u8(property.type()).u8(4 + property.value().size());
      out.bytes(property.value());
      out.pad8(at);
    }
    finish(start);
  }
}
