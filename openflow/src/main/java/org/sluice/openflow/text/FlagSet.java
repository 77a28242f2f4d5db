package org.sluice.openflow.text;

import java.util.List;

/** Named bits, shown as {@code trk|new} where all matter and as {@code +trk-new} where some do. */
final class FlagSet {
  static final FlagSet CT_STATE =
      new FlagSet("ct_state", List.of("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat"));
  static final FlagSet TCP_FLAGS =
      new FlagSet(
          "TCP",
          List.of(
              "fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr", "ns", "[200]", "[400]",
              "[800]"));
  static final FlagSet TUNNEL = new FlagSet("tunnel", List.of("oam"));

  private final String what;
  private final List<String> names;
  private final int allowed;

  private FlagSet(String what, List<String> names) {
    this.what = what;
    this.names = names;
    allowed = (1 << names.size()) - 1;
  }

  /** Bits and which of them matter. */
  record Value(int flags, int mask) {}

  String format(int flags, int mask) {
    if (mask == allowed) {
      return formatAll(flags);
    }
    return mask == 0 ? "0/0" : formatSome(flags, mask);
  }

  /** Each bit that matters with its sign, also where all do. */
  String formatSome(int flags, int mask) {
    StringBuilder out = new StringBuilder();
    for (int bit = 0; bit < 32; bit++) {
      if ((mask >>> bit & 1) != 0) {
        out.append((flags >>> bit & 1) != 0 ? '+' : '-').append(name(bit, "[Unknown]"));
      }
    }
    return out.toString();
  }

  private String formatAll(int flags) {
    if (flags == 0) {
      return "0";
    }
    StringBuilder out = new StringBuilder();
    for (int bit = 0; bit < 32; bit++) {
      if ((flags >>> bit & 1) != 0) {
        out.append(out.isEmpty() ? "" : "|").append(name(bit, Numbers.sharpHex(1L << bit)));
      }
    }
    return out.toString();
  }

  private String name(int bit, String otherwise) {
    return bit < names.size() ? names.get(bit) : otherwise;
  }

  Value parse(String text) throws OfSyntaxException {
    int slash = text.indexOf('/');
    if (slash > 0) {
      Numbers.Prefix flags = Numbers.prefix(text.substring(0, slash));
      Numbers.Prefix mask = Numbers.prefix(text.substring(slash + 1));
      if (flags.length() == slash && mask.length() == text.length() - slash - 1) {
        return checked(text, new Value((int) flags.low(), (int) mask.low()));
      }
    }
    boolean signed = text.startsWith("+") || text.startsWith("-");
    return signed ? parseSigned(text) : parseAll(text);
  }

  private Value checked(String text, Value value) throws OfSyntaxException {
    if (((value.flags() | value.mask()) & ~allowed) != 0) {
      throw unknown(text);
    }
    return value;
  }

  private OfSyntaxException unknown(String text) {
    return new OfSyntaxException(text + ": unknown " + what + " flag(s)");
  }

  private Value parseSigned(String text) throws OfSyntaxException {
    int flags = 0;
    int mask = 0;
    int position = 0;
    while (position < text.length()) {
      int end = position + 1;
      while (end < text.length() && text.charAt(end) != '+' && text.charAt(end) != '-') {
        end++;
      }
      int bit = bit(text.substring(position + 1), text.substring(position + 1, end));
      if ((mask & bit) != 0) {
        throw new OfSyntaxException(
            text.substring(position + 1) + ": Each " + what + " flag can be specified only once");
      }
      mask |= bit;
      flags |= text.charAt(position) == '+' ? bit : 0;
      position = end;
    }
    return new Value(flags, mask);
  }

  private int bit(String text, String name) throws OfSyntaxException {
    int index = names.indexOf(name);
    if (index < 0) {
      throw unknown(text);
    }
    return 1 << index;
  }

  private Value parseAll(String text) throws OfSyntaxException {
    int flags = 0;
    for (String part : text.split("\\|", -1)) {
      Numbers.Prefix number = Numbers.prefix(part);
      boolean numeric = number.length() > 0 && number.length() == part.length();
      flags |= numeric ? (int) number.low() : bit(text, part);
    }
    return checked(text, new Value(flags, allowed));
  }
}
