package org.sluice.openflow.text;

import java.util.Locale;
import java.util.Map;
import org.sluice.datapath.flow.AddressText;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.match.FieldIds;

/** A field's value as text, as the field's row in the table asks for it. */
public final class FieldText {
  /** Kinds of fragments: value and mask of the two bits "a fragment" and "not the first". */
  private static final Map<String, FlagSet.Value> FRAGMENTS =
      Map.of(
          "no", new FlagSet.Value(0, 3),
          "yes", new FlagSet.Value(1, 1),
          "first", new FlagSet.Value(1, 3),
          "later", new FlagSet.Value(3, 3),
          "not_later", new FlagSet.Value(0, 2));

  private FieldText() {}

  static FieldValue parse(Field field, String text, Names names) throws OfSyntaxException {
    if (text.equals("*")) {
      return new FieldValue(0, 0, 0, 0);
    }
    FieldValue value = parseByFormat(field, text, names);
    boolean masked = text.indexOf('/') >= 0 && !value.isWild();
    if (!field.maskable() && masked && !saysAll(field, value)) {
      throw new OfSyntaxException(text + ": invalid mask for field " + field.text());
    }
    return value;
  }

  /** Whether every bit of every byte of the mask is set, even where the field has fewer. */
  private static boolean saysAll(Field field, FieldValue value) {
    int bits = 8 * FieldIds.wireBytes(field);
    return bits >= Long.SIZE
        ? (value.maskHigh() & value.maskLow()) == -1L
        : value.maskLow() == (1L << bits) - 1;
  }

  private static FieldValue parseByFormat(Field field, String text, Names names)
      throws OfSyntaxException {
    return switch (field.format()) {
      case DEC, HEX -> parseInteger(field, text);
      case MAC -> parseMac(text);
      case DOTTED -> parseIpv4(text);
      case COLONS -> parseIpv6(text);
      case PORT -> parsePort(field, text, names);
      case FRAGMENT_KIND -> parseFragment(text);
      case TCP_FLAG_SET -> flags(FlagSet.TCP_FLAGS.parse(text));
      case TUNNEL_FLAG_SET -> flags(FlagSet.TUNNEL.parse(text));
      case CT_STATE_SET -> flags(FlagSet.CT_STATE.parse(text));
      case TYPE_PAIR -> parseTypePair(text);
    };
  }

  private static FieldValue flags(FlagSet.Value value) {
    return new FieldValue(0, value.flags(), 0, value.mask());
  }

  private static FieldValue parseInteger(Field field, String text) throws OfSyntaxException {
    Numbers.Masked number = parseNumbers(field, text);
    Numbers.Prefix value = number.value();
    Numbers.Prefix mask = number.mask();
    return mask == null
        ? FieldValue.exact(field, value.high(), value.low())
        : new FieldValue(value.high(), value.low(), mask.high(), mask.low());
  }

  static Numbers.Masked parseNumbers(Field field, String text) throws OfSyntaxException {
    Numbers.Prefix value = Numbers.prefix(text);
    boolean masked = value.length() > 0 && text.startsWith("/", value.length());
    if (value.length() == 0 || (value.length() != text.length() && !masked)) {
      throw new OfSyntaxException(text + ": bad syntax for " + field.text() + " value");
    }
    checkSize(field, text, value, "value");
    if (!masked) {
      return new Numbers.Masked(value, null);
    }
    String rest = text.substring(value.length() + 1);
    Numbers.Prefix mask = Numbers.prefix(rest);
    if (mask.length() == 0 || mask.length() != rest.length()) {
      throw new OfSyntaxException(text + ": bad syntax for " + field.text() + " mask");
    }
    checkSize(field, text, mask, "mask");
    return new Numbers.Masked(value, mask);
  }

  private static void checkSize(Field field, String text, Numbers.Prefix number, String what)
      throws OfSyntaxException {
    int bytes = FieldIds.wireBytes(field);
    if (number.value().signum() >= 0 && number.value().bitLength() > 8 * bytes) {
      throw new OfSyntaxException(
          "%s: %s too large for %d-byte field %s".formatted(text, what, bytes, field.text()));
    }
  }

  private static FieldValue parseMac(String text) throws OfSyntaxException {
    int slash = text.indexOf('/');
    long mac = AddressText.readMac(slash < 0 ? text : text.substring(0, slash));
    long mask = slash < 0 ? 0xffff_ffff_ffffL : AddressText.readMac(text.substring(slash + 1));
    if (mac < 0 || mask < 0) {
      throw new OfSyntaxException(text + ": invalid Ethernet address");
    }
    return new FieldValue(0, mac, 0, mask);
  }

  private static FieldValue parseIpv4(String text) throws OfSyntaxException {
    int slash = text.indexOf('/');
    long address = AddressText.readIpv4(slash < 0 ? text : text.substring(0, slash));
    if (address < 0) {
      throw new OfSyntaxException(text + ": invalid IP address");
    }
    if (slash < 0) {
      return new FieldValue(0, address, 0, 0xffff_ffffL);
    }
    String rest = text.substring(slash + 1);
    long length = Numbers.decimal(rest);
    long mask = AddressText.readIpv4(rest);
    if (length >= 0) {
      if (length > 32) {
        throw new OfSyntaxException(
            text + ": IPv4 network prefix bits not between 0 and 32, inclusive");
      }
      mask = length == 0 ? 0 : 0xffff_ffffL & -(1L << (32 - length));
    }
    if (mask < 0) {
      throw new OfSyntaxException(text + ": invalid IP address");
    }
    return new FieldValue(0, address, 0, mask);
  }

  private static FieldValue parseIpv6(String text) throws OfSyntaxException {
    int slash = text.indexOf('/');
    long[] address = AddressText.readIpv6(slash < 0 ? text : text.substring(0, slash));
    long[] mask = slash < 0 ? new long[] {-1, -1} : ipv6Mask(text.substring(slash + 1));
    if (address == null || mask == null) {
      throw new OfSyntaxException(text + ": invalid IPv6 address");
    }
    return new FieldValue(address[0], address[1], mask[0], mask[1]);
  }

  private static long[] ipv6Mask(String text) {
    long length = Numbers.decimal(text);
    if (length < 0) {
      return AddressText.readIpv6(text);
    }
    if (length > 128) {
      return null;
    }
    long high = length == 0 ? 0 : length >= 64 ? -1 : -1L << (64 - length);
    long low = length <= 64 ? 0 : -1L << (128 - length);
    return new long[] {high, low};
  }

  private static FieldValue parsePort(Field field, String text, Names names)
      throws OfSyntaxException {
    int port = names.port(text);
    if (port < 0) {
      throw new OfSyntaxException(
          "%s: %s for %s"
              .formatted(
                  text,
                  FieldIds.wireBytes(field) > 2
                      ? "port value out of range"
                      : "invalid or unknown port",
                  field.text()));
    }
    return FieldValue.exact(field, 0, port);
  }

  private static FieldValue parseFragment(String text) throws OfSyntaxException {
    FlagSet.Value value = FRAGMENTS.get(text.toLowerCase(Locale.ROOT));
    if (value == null) {
      throw new OfSyntaxException(
          text
              + ": unknown fragment type (valid types are \"no\", \"yes\", \"first\", \"later\", "
              + "\"not_later\"");
    }
    return flags(value);
  }

  private static FieldValue parseTypePair(String text) throws OfSyntaxException {
    String inside = text.startsWith("(") && text.endsWith(")") ? text : "(" + text + ")";
    int comma = inside.indexOf(',');
    if (comma < 0) {
      throw new OfSyntaxException(text + ": bad syntax for packet type missing ','");
    }
    int namespace = Numbers.u16(inside.substring(1, comma), "packet type namespace");
    int type = Numbers.u16(inside.substring(comma + 1, inside.length() - 1), "packet type");
    return FieldValue.exact(Field.PACKET_TYPE, 0, (long) namespace << 16 | type);
  }

  /** The value of all of {@code field}. */
  public static String format(Field field, long high, long low, Names names) {
    FieldSlice all = FieldSlice.all(field);
    return format(field, new FieldValue(high, low, all.maskHigh(), all.maskLow()), names);
  }

  static String format(Field field, FieldValue value, Names names) {
    if (value.isWild()) {
      return "ANY";
    }
    boolean exact = value.isExact(field);
    return switch (field.format()) {
      case DEC -> exact ? Long.toUnsignedString(value.low()) : masked(value.low() + "", value);
      case HEX -> hex(value, exact);
      case MAC -> mac(value, exact);
      case DOTTED -> ipv4(value.low(), value.maskLow());
      case COLONS -> ipv6(value);
      case PORT -> exact ? names.portText((int) value.low()) : hex(value, false);
      case FRAGMENT_KIND -> fragment(value);
      case TCP_FLAG_SET -> FlagSet.TCP_FLAGS.format((int) value.low(), (int) value.maskLow());
      case TUNNEL_FLAG_SET -> FlagSet.TUNNEL.format((int) value.low(), (int) value.maskLow() & 1);
      case CT_STATE_SET -> FlagSet.CT_STATE.format((int) value.low(), (int) value.maskLow());
      case TYPE_PAIR ->
          "(%d,%s)".formatted(value.low() >>> 16, Numbers.hex(0, value.low() & 0xffff));
    };
  }

  private static String masked(String shown, FieldValue value) {
    return shown + "/" + Numbers.hex(value.maskHigh(), value.maskLow());
  }

  private static String hex(FieldValue value, boolean exact) {
    String shown = Numbers.sharpHex(value.high(), value.low());
    return exact ? shown : masked(shown, value);
  }

  private static String mac(FieldValue value, boolean exact) {
    String shown = AddressText.mac(value.low());
    return exact ? shown : shown + "/" + AddressText.mac(value.maskLow());
  }

  static String ipv4(long address, long mask) {
    String shown = AddressText.ipv4((int) address);
    if (mask == 0xffff_ffffL) {
      return shown;
    }
    int length = prefixLength(0, mask, 32);
    return shown + "/" + (length < 0 ? AddressText.ipv4((int) mask) : Integer.toString(length));
  }

  static String ipv6(FieldValue value) {
    String shown = AddressText.ipv6(value.high(), value.low());
    int length = prefixLength(value.maskHigh(), value.maskLow(), 128);
    if (length == 128) {
      return shown;
    }
    String mask =
        length < 0 ? AddressText.ipv6(value.maskHigh(), value.maskLow()) : Integer.toString(length);
    return shown + "/" + mask;
  }

  /** Whether the mask of an IPv4 address is that of a prefix. */
  static boolean isPrefix(FieldValue value) {
    return prefixLength(0, value.maskLow(), 32) >= 0;
  }

  /** The length of a prefix mask of {@code bits}, or -1 where the ones are not all in front. */
  private static int prefixLength(long high, long low, int bits) {
    long top = bits == 128 ? high : low << (64 - bits);
    long rest = bits == 128 ? low : 0;
    int ones = Long.numberOfLeadingZeros(~top);
    if (ones < 64) {
      return top << ones == 0 && rest == 0 ? ones : -1;
    }
    int more = Long.numberOfLeadingZeros(~rest);
    return more == 64 || rest << more == 0 ? 64 + more : -1;
  }

  private static String fragment(FieldValue value) {
    int mask = (int) value.maskLow() & 3;
    FlagSet.Value wanted = new FlagSet.Value((int) value.low() & mask, mask);
    for (Map.Entry<String, FlagSet.Value> entry : FRAGMENTS.entrySet()) {
      if (entry.getValue().equals(wanted)) {
        return entry.getKey();
      }
    }
    return "<error>";
  }
}
