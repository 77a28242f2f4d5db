package org.sluice.openflow.text;

import java.util.List;
import org.sluice.datapath.flow.AddressText;
import org.sluice.openflow.message.CtFlush;
import org.sluice.openflow.message.CtFlush.Address;
import org.sluice.openflow.message.CtFlush.Bits;
import org.sluice.openflow.message.CtFlush.Icmp;
import org.sluice.openflow.message.CtFlush.Ports;
import org.sluice.openflow.message.CtFlush.Tuple;

/** Which tracked connections to forget, as {@code ovs-ofctl ct-flush} takes it. */
public final class CtFlushText {
  private static final long ALL_32 = 0xffff_ffffL;

  private CtFlushText() {}

  /** The match; two tuples in quotes, even where they say nothing. */
  public static String format(CtFlush match) {
    StringBuilder out = new StringBuilder();
    Bits mark = match.mark();
    if (!mark.isAny()) {
      out.append("mark=").append(Numbers.sharpHex(mark.low()));
      out.append(mark.maskLow() == ALL_32 ? "" : "/" + Numbers.sharpHex(mark.maskLow()));
      out.append(' ');
    }
    Bits labels = match.labels();
    if (!labels.isAny()) {
      boolean exact = (labels.maskHigh() & labels.maskLow()) == -1L;
      out.append("labels=").append(Numbers.sharpHex(labels.high(), labels.low()));
      out.append(exact ? "" : "/" + Numbers.hex(labels.maskHigh(), labels.maskLow())).append(' ');
    }
    out.append('\'');
    addTuple(out, match.original(), match);
    out.append(",ct_nw_proto=").append(match.protocol()).append("' '");
    addTuple(out, match.reply(), match);
    return out.append('\'').toString();
  }

  private static void addTuple(StringBuilder out, Tuple tuple, CtFlush match) {
    String family = match.isIpv4() ? "ct_nw_" : "ct_ipv6_";
    out.append(family).append("src=").append(address(tuple.source()));
    out.append(',').append(family).append("dst=").append(address(tuple.destination()));
    if (match.isIcmp()) {
      out.append(",icmp_id=").append(tuple.icmp().id());
      out.append(",icmp_type=").append(tuple.icmp().type());
      out.append(",icmp_code=").append(tuple.icmp().code());
    } else {
      out.append(",ct_tp_src=").append(tuple.ports().source());
      out.append(",ct_tp_dst=").append(tuple.ports().destination());
    }
  }

  private static String address(Address address) {
    return address.isIpv4()
        ? AddressText.ipv4((int) address.low())
        : AddressText.ipv6(address.high(), address.low());
  }

  /**
   * The match that arguments ask for, each in its turn and none needed: {@code zone=}, {@code
   * mark=}, {@code labels=}, the original tuple, the reply's.
   */
  public static CtFlush parse(List<String> arguments) throws OfSyntaxException {
    return new Parsing().parse(arguments);
  }

  /** Arguments being read. Used by one thread. */
  private static final class Parsing {
    private Integer zone;
    private Bits mark = Bits.ANY;
    private Bits labels = Bits.ANY;
    private int protocol;
    private Boolean ipv4;

    CtFlush parse(List<String> arguments) throws OfSyntaxException {
      int at = 0;
      if (at < arguments.size() && arguments.get(at).startsWith("zone=")) {
        Numbers.Prefix number = Numbers.prefix(arguments.get(at++).substring(5));
        if (number.length() == 0 || !HeaderActionParser.fits(number, 16)) {
          throw new OfSyntaxException("failed to parse zone");
        }
        zone = (int) number.low();
      }
      if (at < arguments.size() && arguments.get(at).startsWith("mark=")) {
        mark = bits(arguments.get(at++).substring(5), 32, "mark");
      }
      if (at < arguments.size() && arguments.get(at).startsWith("labels=")) {
        labels = bits(arguments.get(at++).substring(7), 128, "labels");
      }
      Tuple original = at < arguments.size() ? tuple(arguments.get(at++)) : Tuple.ANY;
      Tuple reply = at < arguments.size() ? tuple(arguments.get(at++)) : Tuple.ANY;
      if (at < arguments.size()) {
        throw new OfSyntaxException("invalid arguments");
      }
      return new CtFlush(zone, protocol, original, reply, mark, labels);
    }

    private static Bits bits(String text, int width, String what) throws OfSyntaxException {
      Numbers.Prefix value = Numbers.prefix(text);
      if (value.length() == 0 || !HeaderActionParser.fits(value, width)) {
        throw new OfSyntaxException("failed to parse " + what);
      }
      long allHigh = width == 128 ? -1L : 0;
      long allLow = width == 128 ? -1L : ALL_32;
      if (!text.startsWith("/", value.length())) {
        return new Bits(value.high(), value.low(), allHigh, allLow);
      }
      Numbers.Prefix mask = Numbers.prefix(text.substring(value.length() + 1));
      boolean good = mask.length() > 0 && HeaderActionParser.fits(mask, width);
      return new Bits(
          value.high(), value.low(), good ? mask.high() : allHigh, good ? mask.low() : allLow);
    }

    private Tuple tuple(String text) throws OfSyntaxException {
      Address source = Address.ANY;
      Address destination = Address.ANY;
      int[] numbers = new int[5];
      KeyValues pairs = new KeyValues(text);
      while (pairs.next()) {
        String key = pairs.key();
        String value = pairs.value();
        if (value.isEmpty()) {
          throw new OfSyntaxException("field " + key + " missing value");
        }
        switch (key) {
          case "ct_nw_src", "ct_ipv6_src" -> source = address(key, value, source);
          case "ct_nw_dst", "ct_ipv6_dst" -> destination = address(key, value, destination);
          case "ct_nw_proto" -> {
            if (protocol != 0) {
              throw new OfSyntaxException(key + " is set multiple times");
            }
            protocol = number(key, value, 0xff);
          }
          case "ct_tp_src" -> numbers[0] = number(key, value, 0xffff);
          case "ct_tp_dst" -> numbers[1] = number(key, value, 0xffff);
          case "icmp_id" -> numbers[2] = icmp(key, value, 0xffff);
          case "icmp_type" -> numbers[3] = icmp(key, value, 0xff);
          case "icmp_code" -> numbers[4] = icmp(key, value, 0xff);
          default -> throw new OfSyntaxException("invalid conntrack tuple field: " + key);
        }
      }
      if (protocol == 0 && (numbers[0] | numbers[1]) != 0) {
        throw new OfSyntaxException("port is set without protocol");
      }
      return new Tuple(
          source,
          destination,
          new Ports(numbers[0], numbers[1]),
          new Icmp(numbers[2], numbers[3], numbers[4]));
    }

    private Address address(String key, String value, Address before) throws OfSyntaxException {
      boolean family = key.startsWith("ct_nw");
      if (ipv4 != null && ipv4 != family) {
        throw new OfSyntaxException("the L3 protocol does not match " + value);
      }
      if (!before.isAny()) {
        throw new OfSyntaxException(key + " is set multiple times");
      }
      long v4 = family ? AddressText.readIpv4(value) : -1;
      long[] v6 = family ? null : AddressText.readIpv6(value);
      if (family ? v4 < 0 : v6 == null) {
        throw new OfSyntaxException("failed to parse field " + key);
      }
      ipv4 = family;
      return family ? Address.ofIpv4(v4) : new Address(v6[0], v6[1]);
    }

    private static int number(String key, String value, int max) throws OfSyntaxException {
      Numbers.Prefix number = Numbers.prefix(value);
      boolean whole = number.length() == value.length() && number.value().signum() >= 0;
      if (!whole || number.value().bitLength() > 31 || number.value().intValue() > max) {
        throw new OfSyntaxException("failed to parse field " + key);
      }
      return number.value().intValue();
    }

    private int icmp(String key, String value, int max) throws OfSyntaxException {
      if (protocol != 1 && protocol != 58) {
        throw new OfSyntaxException("invalid L4 fields");
      }
      return number(key, value, max);
    }
  }
}
