package org.sluice.openflow.codec;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.datapath.flow.OxmId;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.action.OptionBits;
import org.sluice.openflow.match.FieldIds;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;

/**
 * One NXM or OXM entry.
 *
 * <pre>
 *  0                 16       23 24       32
 *  |      class      | field |M| length   | [experimenter, class 0xffff] value [mask]
 * </pre>
 */
final class Oxm {
  /** NXM id of the cookie in Nicira flow mods, which is no field. */
  private static final OxmId COOKIE = new OxmId(1, 30, 0);

  private static final int COOKIE_BYTES = 8;

  private Oxm() {}

  /** A field, its value and mask; {@code field} null: a cookie. */
  record Entry(Field field, long high, long low, boolean masked, long maskHigh, long maskLow) {}

  /** What precedes an entry's value. */
  private record Header(Field field, boolean cookie, boolean masked, int payload) {}

  static boolean has32BitId(Field field) {
    FieldIds.FieldId id = FieldIds.of(field, null);
    return id != null && id.id().experimenter() == 0;
  }

  static void writeHeader(WireWriter out, Field field, OfVersion version, boolean masked) {
    OxmId id = FieldIds.of(field, version).id();
    writeHeader(out, id, masked, field.isOption() ? out.bytesOf(field) : FieldIds.wireBytes(field));
  }

  private static void writeHeader(WireWriter out, OxmId id, boolean masked, int bytes) {
    boolean experimenter = id.oxmClass() == OxmId.EXPERIMENTER_CLASS;
    int length = (masked ? 2 * bytes : bytes) + (experimenter ? 4 : 0);
    out.u16(id.oxmClass()).u8(id.number() << 1 | (masked ? 1 : 0)).u8(length);
    if (experimenter) {
      out.u32(id.experimenter());
    }
  }

  /** Writes all of {@code field}. */
  static void writeExact(WireWriter out, Field field, OfVersion version, long high, long low) {
    writeHeader(out, field, version, false);
    writeValue(out, field, high, low);
  }

  static void writeMasked(
      WireWriter out, Field field, OfVersion version, FieldBits value, FieldBits mask) {
    writeHeader(out, field, version, true);
    writeValue(out, field, value.high(), value.low());
    out.wide(mask.high(), mask.low(), FieldIds.wireBytes(field));
  }

  /** 128 bits. */
  record FieldBits(long high, long low) {}

  private static void writeValue(WireWriter out, Field field, long high, long low) {
    boolean port = field == Field.IN_PORT_OXM || field == Field.ACTSET_OUTPUT;
    out.wide(high, port ? OfPort.toWire((int) low) : low, FieldIds.wireBytes(field));
  }

  static void writeCookie(WireWriter out, long cookie, long mask) {
    boolean masked = mask != -1L;
    writeHeader(out, COOKIE, masked, COOKIE_BYTES);
    out.u64(cookie & mask);
    if (masked) {
      out.u64(mask);
    }
  }

  private static Header readHeader(WireReader in, OfError unknown) {
    if (in.left() < 4) {
      throw in.bad(OfError.OFPBMC_BAD_LEN);
    }
    int oxmClass = in.u16();
    int numberAndMask = in.u8();
    int length = in.u8();
    boolean masked = (numberAndMask & 1) != 0;
    boolean experimenter = oxmClass == OxmId.EXPERIMENTER_CLASS;
    if (experimenter && (length < 4 || in.left() < 4)) {
      throw in.bad(OfError.OFPBMC_BAD_LEN);
    }
    OxmId id = new OxmId(oxmClass, numberAndMask >>> 1, experimenter ? in.u32() : 0);
    int payload = experimenter ? length - 4 : length;
    Field field = FieldIds.byId(id);
    if (isCookie(id, payload, masked)) {
      return new Header(null, true, masked, payload);
    }
    if (field == null) {
      throw in.bad(unknown);
    }
    if (field.isOption()) {
      requireOption(in, field, payload, masked);
    } else if (payload != (masked ? 2 : 1) * FieldIds.wireBytes(field)) {
      boolean inAction = unknown == OfError.OFPBAC_BAD_SET_TYPE;
      throw in.bad(inAction ? OfError.OFPBAC_BAD_SET_LEN : unknown);
    }
    return new Header(field, false, masked, payload);
  }

  /** An option may have any length up to its longest, but must be known to the switch. */
  private static void requireOption(WireReader in, Field option, int payload, boolean masked) {
    if (in.options() != null && !in.options().has(option)) {
      throw in.bad(OfError.NXFMFC_INVALID_TLV_FIELD);
    }
    if (payload > (masked ? 2 : 1) * OptionLayout.MAX_OPTION_BYTES
        || (masked && payload % 2 != 0)) {
      throw in.bad(OfError.OFPBMC_BAD_LEN);
    }
  }

  /** Whether the next entry is about a tunnel option. */
  static boolean isOption(WireReader in) {
    if (in.left() < 4) {
      return false;
    }
    Field field = FieldIds.byId(new OxmId(in.peekU16(0), in.peekU16(2) >>> 9, 0));
    return field != null && field.isOption();
  }

  /** A tunnel option and what an entry says of it. */
  record Option(Field field, OptionBits bits) {}

  static Option readOption(WireReader in) {
    int start = in.position();
    Header header = readHeader(in, OfError.OFPBMC_BAD_FIELD);
    if (header.payload() > in.left()) {
      throw in.bad(OfError.OFPBMC_BAD_LEN);
    }
    byte[] value = in.array(header.masked() ? header.payload() / 2 : header.payload());
    byte[] mask = header.masked() ? in.array(value.length) : null;
    requireConsistent(in, value, mask, start);
    return new Option(header.field(), OptionBits.of(value, mask));
  }

  static void writeOption(WireWriter out, Field option, OptionBits bits) {
    boolean masked = bits.mask() != null;
    writeHeader(out, FieldIds.of(option, null).id(), masked, bits.value().size());
    out.bytes(bits.value());
    if (masked) {
      out.bytes(bits.mask());
    }
  }

  /** The field of an entry without value, as actions name fields. */
  static Field readField(WireReader in) {
    Header header = readHeader(in, OfError.OFPBAC_BAD_SET_TYPE);
    if (header.cookie()) {
      throw in.bad(OfError.OFPBAC_BAD_SET_TYPE);
    }
    if (header.masked()) {
      throw in.bad(OfError.OFPBMC_BAD_MASK);
    }
    return header.field();
  }

  /** The same, where it does not matter whether the entry says that a mask follows. */
  static Field readAnyField(WireReader in) {
    Header header = readHeader(in, OfError.OFPBAC_BAD_SET_TYPE);
    if (header.cookie()) {
      throw in.bad(OfError.OFPBAC_BAD_SET_TYPE);
    }
    return header.field();
  }

  /** A field as feature lists name it; null where it is not known. */
  record NamedField(Field field, boolean masked) {}

  /** Reads a header in a list of fields. */
  static NamedField readNamed(WireReader in) {
    int oxmClass = in.u16();
    int numberAndMask = in.u8();
    in.skip(1);
    boolean experimenter = oxmClass == OxmId.EXPERIMENTER_CLASS;
    OxmId id = new OxmId(oxmClass, numberAndMask >>> 1, experimenter ? in.u32() : 0);
    return new NamedField(FieldIds.byId(id), (numberAndMask & 1) != 0);
  }

  /** Some bits of the field of an entry without value. */
  static FieldSlice readSlice(WireReader in, int start, int bits, OfError wrong) {
    return slice(in, readField(in), start, bits, wrong);
  }

  /** Some bits of {@code field}, which must have as many or it is {@code wrong}. */
  static FieldSlice slice(WireReader in, Field field, int start, int bits, OfError wrong) {
    if (bits < 1 || start + bits > in.bitsOf(field)) {
      throw in.bad(field.isOption() ? OfError.OFPBAC_BAD_SET_LEN : wrong);
    }
    return new FieldSlice(field, start, bits);
  }

  /**
   * Passes over the next entry if its field is not known.
   *
   * @return whether it did
   */
  static boolean skipUnknown(WireReader in) {
    if (in.left() < 4) {
      throw in.bad(OfError.OFPBMC_BAD_LEN);
    }
    int oxmClass = in.peekU16(0);
    int rest = in.peekU16(2);
    int length = rest & 0xff;
    boolean masked = (rest & 0x100) != 0;
    boolean experimenter = oxmClass == OxmId.EXPERIMENTER_CLASS;
    if (experimenter && (length < 4 || in.left() < 8)) {
      throw in.bad(OfError.OFPBMC_BAD_LEN);
    }
    int vendor = experimenter ? in.peekU16(4) << 16 | in.peekU16(6) : 0;
    OxmId id = new OxmId(oxmClass, rest >>> 9, vendor);
    int payload = experimenter ? length - 4 : length;
    if (isKnown(id, payload, masked)) {
      return false;
    }
    int start = in.position();
    WireReader value = in.skip(experimenter ? 8 : 4).sub(payload, OfError.OFPBMC_BAD_LEN);
    byte[] bits = value.array(masked ? payload / 2 : 0);
    requireConsistent(value, bits, masked ? value.array(bits.length) : null, start);
    return true;
  }

  private static boolean isKnown(OxmId id, int payload, boolean masked) {
    Field field = FieldIds.byId(id);
    if (isCookie(id, payload, masked) || (field != null && field.isOption())) {
      return true;
    }
    return field != null && payload == (masked ? 2 : 1) * FieldIds.wireBytes(field);
  }

  /** The id is that of a field too, whose values are shorter. */
  private static boolean isCookie(OxmId id, int payload, boolean masked) {
    return payload == (masked ? 2 : 1) * COOKIE_BYTES && id.equals(COOKIE);
  }

  /** {@code start}: where the entry's header is. */
  private static void requireConsistent(WireReader in, byte[] value, byte[] mask, int start) {
    for (int i = 0; mask != null && i < value.length; i++) {
      if ((value[i] & ~mask[i]) != 0) {
        throw inconsistent(in, start);
      }
    }
  }

  private static BadWireException inconsistent(WireReader in, int start) {
    return in.bad(
        OfError.OFPBMC_BAD_WILDCARDS,
        "nx_match",
        "Rejecting NXM/OXM entry "
            + describe(in, start)
            + " with 1-bits in value for bits wildcarded by the mask.");
  }

  /** The header at {@code start}, number by number: vendor, class, field, mask, length. */
  private static String describe(WireReader in, int start) {
    int at = start - in.position();
    int oxmClass = in.peekU16(at);
    int rest = in.peekU16(at + 2);
    boolean experimenter = oxmClass == OxmId.EXPERIMENTER_CLASS;
    long vendor = experimenter ? (long) in.peekU16(at + 4) << 16 | in.peekU16(at + 6) : 0;
    return vendor
        + ":"
        + oxmClass
        + ":"
        + (rest >>> 9)
        + ":"
        + (rest >>> 8 & 1)
        + ":"
        + (rest & 0xff);
  }

  static Entry read(WireReader in, boolean inAction) {
    int start = in.position();
    Header header =
        readHeader(in, inAction ? OfError.OFPBAC_BAD_SET_TYPE : OfError.OFPBMC_BAD_FIELD);
    if (header.payload() > in.left()) {
      throw in.bad(OfError.OFPBMC_BAD_LEN);
    }
    int bytes = header.masked() ? header.payload() / 2 : header.payload();
    FieldBits value = readBits(in, bytes);
    FieldBits mask = header.masked() ? readBits(in, bytes) : new FieldBits(-1L, -1L);
    if ((value.high() & ~mask.high()) != 0 || (value.low() & ~mask.low()) != 0) {
      throw inconsistent(in, start);
    }
    long low = header.cookie() ? value.low() : fromWire(in, header.field(), value.low());
    return new Entry(header.field(), value.high(), low, header.masked(), mask.high(), mask.low());
  }

  /** An entry whose value is a mask; it can have no other. */
  static Entry readMask(WireReader in) {
    Entry entry = read(in, false);
    if (entry.field() == null) {
      throw in.bad(OfError.OFPBMC_BAD_FIELD);
    }
    Entry masked =
        new Entry(entry.field(), entry.high(), entry.low(), true, entry.high(), entry.low());
    if (entry.masked() || !MatchCodec.isMaskValid(masked)) {
      throw in.bad(OfError.OFPBMC_BAD_MASK);
    }
    return entry;
  }

  private static long fromWire(WireReader in, Field field, long low) {
    if (field != Field.IN_PORT_OXM && field != Field.ACTSET_OUTPUT) {
      return low;
    }
    return in.port((int) low, OfError.OFPBMC_BAD_VALUE);
  }

  private static FieldBits readBits(WireReader in, int bytes) {
    long high = bytes > 8 ? in.uint(bytes - 8) : 0;
    return new FieldBits(high, in.uint(Math.min(bytes, 8)));
  }
}
