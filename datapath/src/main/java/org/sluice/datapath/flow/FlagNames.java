package org.sluice.datapath.flow;

import java.util.List;

/**
 * A set of flags as text: {@code syn|ack} where all of them matter, {@code +syn-ack} where only
 * those named do.
 */
public final class FlagNames {
  /** The low twelve bits of a TCP header's flags word. */
  public static final FlagNames TCP =
      new FlagNames(
          "fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr", "ns", "[200]", "[400]", "[800]");

  /** What tracking found. */
  public static final FlagNames CT_STATE =
      new FlagNames("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat");

  /** A tunnel header's flags. */
  public static final FlagNames TUNNEL = new FlagNames("oam", "df", "csum", "key");

  private final List<String> names;

  private FlagNames(String... names) {
    this.names = List.of(names);
  }

  /** Every flag there is. */
  public int all() {
    return (1 << names.size()) - 1;
  }

  /** Such as {@code syn|ack}; 0 where there is none. */
  public String format(int flags) {
    return format(flags, "|");
  }

  private String format(int flags, String separator) {
    if (flags == 0) {
      return "0";
    }
    StringBuilder out = new StringBuilder();
    for (int bit = 0; bit < names.size(); bit++) {
      if ((flags >>> bit & 1) != 0) {
        out.append(out.isEmpty() ? "" : separator).append(names.get(bit));
      }
    }
    int unknown = flags & ~all();
    if (unknown != 0) {
      out.append(out.isEmpty() ? "" : separator).append("0x").append(Integer.toHexString(unknown));
    }
    return out.toString();
  }

  /** Such as {@code +syn-ack}; as {@link #format(int)} where the mask covers every flag. */
  public String format(int flags, int mask) {
    return mask == all() ? format(flags) : formatSigned(flags, mask);
  }

  /** Such as {@code +syn-ack}, also where the mask covers every flag. */
  public String formatSigned(int flags, int mask) {
    if (mask == 0) {
      return "0/0";
    }
    StringBuilder out = new StringBuilder();
    for (int bit = 0; bit < 32; bit++) {
      if ((mask >>> bit & 1) != 0) {
        out.append((flags >>> bit & 1) != 0 ? '+' : '-');
        out.append(bit < names.size() ? names.get(bit) : "[Unknown]");
      }
    }
    return out.toString();
  }

  /**
   * Reads any of the forms, and {@code value/mask} in numbers. The answer is flags and mask; the
   * mask is -1 where the text gives none.
   */
  public int[] parse(String text) throws FlowSyntaxException {
    if (text.startsWith("+") || text.startsWith("-")) {
      return parseSigned(text);
    }
    int slash = text.indexOf('/');
    if (slash >= 0) {
      int flags = (int) NumberText.parse(text.substring(0, slash), 32);
      int mask = (int) NumberText.parse(text.substring(slash + 1), 32);
      return new int[] {known(flags, text), known(mask, text)};
    }
    int flags = 0;
    for (String part : text.split("\\|", -1)) {
      flags |= isNumber(part) ? (int) NumberText.parse(part, 32) : bit(part, text);
    }
    return new int[] {known(flags, text), -1};
  }

  private static boolean isNumber(String part) {
    return !part.isEmpty() && Character.isDigit(part.charAt(0));
  }

  private int[] parseSigned(String text) throws FlowSyntaxException {
    int flags = 0;
    int mask = 0;
    int start = 0;
    while (start < text.length()) {
      int end = start + 1;
      while (end < text.length() && text.charAt(end) != '+' && text.charAt(end) != '-') {
        end++;
      }
      int bit = bit(text.substring(start + 1, end), text);
      if ((mask & bit) != 0) {
        throw new FlowSyntaxException(text + ": each flag can be specified only once");
      }
      mask |= bit;
      flags |= text.charAt(start) == '+' ? bit : 0;
      start = end;
    }
    return new int[] {flags, mask};
  }

  private int bit(String name, String text) throws FlowSyntaxException {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new FlowSyntaxException(text + ": unknown flag(s)");
    }
    return 1 << index;
  }

  private int known(int flags, String text) throws FlowSyntaxException {
    if ((flags & ~all()) != 0) {
      throw new FlowSyntaxException(text + ": unknown flag(s)");
    }
    return flags;
  }
}
