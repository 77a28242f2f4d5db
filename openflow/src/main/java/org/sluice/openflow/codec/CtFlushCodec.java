package org.sluice.openflow.codec;

import org.sluice.openflow.message.CtFlush;
import org.sluice.openflow.message.CtFlush.Address;
import org.sluice.openflow.message.CtFlush.Bits;
import org.sluice.openflow.message.CtFlush.Tuple;
import org.sluice.openflow.message.OfError;

/** Which connections to forget, as properties of which some hold properties. */
final class CtFlushCodec {
  private static final int ORIGINAL = 0;
  private static final int REPLY = 1;
  private static final int ZONE = 2;
  private static final int MARK = 3;
  private static final int MARK_MASK = 4;
  private static final int LABELS = 5;
  private static final int LABELS_MASK = 6;
  private static final int SOURCE = 0;
  private static final int DESTINATION = 1;
  private static final int SOURCE_PORT = 2;
  private static final int DESTINATION_PORT = 3;
  private static final int ICMP_ID = 4;
  private static final int ICMP_TYPE = 5;
  private static final int ICMP_CODE = 6;
  private static final long ALL_32 = 0xffff_ffffL;

  private CtFlushCodec() {}

  static WireWriter write(WireWriter out, CtFlush match) {
    out.u8(match.protocol()).zeros(7);
    writeTuple(out, ORIGINAL, match.original(), match.isIcmp());
    writeTuple(out, REPLY, match.reply(), match.isIcmp());
    if (match.zone() != null) {
      Property.writeU16(out, ZONE, match.zone());
    }
    Bits mark = match.mark();
    if (!mark.isAny()) {
      Property.writeU32(out, MARK, (int) mark.low());
      if (mark.maskLow() != ALL_32) {
        Property.writeU32(out, MARK_MASK, (int) mark.maskLow());
      }
    }
    Bits labels = match.labels();
    if (!labels.isAny()) {
      writeWide(out, LABELS, labels.high(), labels.low());
      if ((labels.maskHigh() & labels.maskLow()) != -1L) {
        writeWide(out, LABELS_MASK, labels.maskHigh(), labels.maskLow());
      }
    }
    return out;
  }

  private static void writeWide(WireWriter out, int type, long high, long low) {
    int start = Property.start(out, type);
    out.u64(high).u64(low);
    Property.finish(out, start);
  }

  private static void writeTuple(WireWriter out, int type, Tuple tuple, boolean icmp) {
    int start = Property.start(out, type);
    out.zeros(4);
    int empty = out.size();
    writeAddress(out, SOURCE, tuple.source());
    writeAddress(out, DESTINATION, tuple.destination());
    if (icmp) {
      Property.writeU16(out, ICMP_ID, tuple.icmp().id());
      Property.writeU8(out, ICMP_TYPE, tuple.icmp().type());
      Property.writeU8(out, ICMP_CODE, tuple.icmp().code());
    } else {
      writePort(out, SOURCE_PORT, tuple.ports().source());
      writePort(out, DESTINATION_PORT, tuple.ports().destination());
    }
    if (out.size() == empty) {
      out.truncate(start);
    } else {
      Property.finish(out, start);
    }
  }

  private static void writeAddress(WireWriter out, int type, Address address) {
    if (!address.isAny()) {
      writeWide(out, type, address.high(), address.low());
    }
  }

  private static void writePort(WireWriter out, int type, int port) {
    if (port != 0) {
      Property.writeU16(out, type, port);
    }
  }

  static CtFlush read(WireReader in) {
    return new Reading().read(in);
  }

  /** A match being read. Used by one thread. */
  private static final class Reading {
    private Integer zone;
    private Tuple original = Tuple.ANY;
    private Tuple reply = Tuple.ANY;
    private long mark;
    private long markMask;
    private boolean hasMark;
    private boolean hasMarkMask;
    private Address labels = Address.ANY;
    private Address labelsMask = Address.ANY;
    private boolean hasLabels;
    private boolean hasLabelsMask;
    private Boolean ipv4;

    CtFlush read(WireReader in) {
      int protocol = in.u8();
      in.zeros(7, OfError.NXBRC_MUST_BE_ZERO);
      while (!in.isEmpty()) {
        put(Property.read(in));
      }
      long markBits = hasMark && !hasMarkMask ? ALL_32 : markMask;
      Address labelBits = hasLabels && !hasLabelsMask ? new Address(-1, -1) : labelsMask;
      return new CtFlush(
          zone,
          protocol,
          original,
          reply,
          new Bits(0, mark, 0, markBits),
          new Bits(labels.high(), labels.low(), labelBits.high(), labelBits.low()));
    }

    private void put(Property property) {
      switch (property.ownType()) {
        case ORIGINAL -> original = readTuple(property.nested());
        case REPLY -> reply = readTuple(property.nested());
        case ZONE -> zone = property.u16();
        case MARK -> {
          mark = property.u32() & ALL_32;
          hasMark = true;
        }
        case MARK_MASK -> {
          markMask = property.u32() & ALL_32;
          hasMarkMask = true;
        }
        case LABELS -> {
          labels = readWide(property.value());
          hasLabels = true;
        }
        case LABELS_MASK -> {
          labelsMask = readWide(property.value());
          hasLabelsMask = true;
        }
        default -> throw property.unknown("ofp_ct", "NXT_CT_FLUSH");
      }
    }

    private static Address readWide(WireReader value) {
      Address bits = new Address(value.u64(), value.u64());
      if (!value.isEmpty()) {
        throw value.bad(OfError.OFPBPC_BAD_LEN);
      }
      return bits;
    }

    private Tuple readTuple(WireReader in) {
      Address source = Address.ANY;
      Address destination = Address.ANY;
      int[] numbers = new int[ICMP_CODE + 1];
      while (!in.isEmpty()) {
        Property property = Property.read(in);
        int type = property.ownType();
        switch (type) {
          case SOURCE -> source = readAddress(property.value());
          case DESTINATION -> destination = readAddress(property.value());
          case SOURCE_PORT, DESTINATION_PORT, ICMP_ID -> numbers[type] = property.u16();
          case ICMP_TYPE, ICMP_CODE -> numbers[type] = property.u8();
          default -> throw property.unknown("ofp_ct", "NXT_CT_TUPLE");
        }
      }
      return new Tuple(
          source,
          destination,
          new CtFlush.Ports(numbers[SOURCE_PORT], numbers[DESTINATION_PORT]),
          new CtFlush.Icmp(numbers[ICMP_ID], numbers[ICMP_TYPE], numbers[ICMP_CODE]));
    }

    /** All addresses have to be of one family. */
    private Address readAddress(WireReader value) {
      Address address = new Address(value.u64(), value.u64());
      if (!address.isAny()) {
        if (ipv4 != null && ipv4 != address.isIpv4()) {
          throw value.bad(OfError.OFPBPC_BAD_VALUE);
        }
        ipv4 = address.isIpv4();
      }
      return address;
    }
  }
}
