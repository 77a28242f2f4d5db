package org.sluice.datapath.flow;

/** The inside of {@code mpls(label=100,tc=3,ttl=64,bos=1)}, for up to three labels. Stateless. */
public final class MplsText {
  private static final int LABELS = 3;

  private MplsText() {}

  private static int entry(FlowWords words, int index) {
    return (int) (words.word(Word.MPLS + index / 2) >>> ((index & 1) == 0 ? 32 : 0));
  }

  private static int count(FlowKey key) {
    int count = 0;
    for (int i = 0; i < LABELS; i++) {
      int entry = entry(key, i);
      if ((entry & 0x100) != 0) {
        return i + 1;
      }
      count = entry == 0 ? count : i + 1;
    }
    return count;
  }

  static boolean isWild(FlowKey key, FlowMask mask) {
    for (int i = 0; i < count(key); i++) {
      if (entry(mask, i) != 0) {
        return false;
      }
    }
    return true;
  }

  static void format(StringBuilder out, FlowKey key, FlowMask mask) {
    int count = count(key);
    boolean exact = true;
    for (int i = 0; i < count; i++) {
      exact &= mask == null || entry(mask, i) == -1;
    }
    for (int i = 0; i < count; i++) {
      out.append(i == 0 ? "" : ",");
      format(out, entry(key, i), exact ? -1 : entry(mask, i));
    }
  }

  /** Writes one label stack entry. */
  public static void format(StringBuilder out, int entry, int mask) {
    part(out, "label=", entry >>> 12, mask >>> 12, mask == -1 ? null : "/0x");
    part(out, ",tc=", entry >>> 9 & 7, mask >>> 9 & 7, mask == -1 ? null : "/");
    part(out, ",ttl=", entry & 0xff, mask & 0xff, mask == -1 ? null : "/0x");
    part(out, ",bos=", entry >>> 8 & 1, mask >>> 8 & 1, mask == -1 ? null : "/");
  }

  private static void part(StringBuilder out, String name, int value, int mask, String slash) {
    out.append(name).append(value);
    if (slash != null) {
      out.append(slash).append(Integer.toHexString(mask));
    }
  }

  /** Reads the inside of the parentheses into the MPLS words of both. */
  static void parse(String text, FlowKey key, FlowMask mask) throws FlowSyntaxException {
    int index = -1;
    for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String name = part.substring(0, Math.max(equals, 0));
      index += name.equals("label") ? 1 : 0;
      if (index < 0 || index >= LABELS) {
        throw new FlowSyntaxException("syntax error at " + text);
      }
      int shift = shift(name, text);
      int bits = name.equals("label") ? 20 : name.equals("ttl") ? 8 : name.equals("tc") ? 3 : 1;
      String[] values = part.substring(equals + 1).split("/", 2);
      put(key, index, NumberText.parse(values[0], bits) << shift);
      long full = (1L << bits) - 1;
      put(mask, index, (values.length > 1 ? NumberText.parse(values[1], bits) : full) << shift);
    }
  }

  private static int shift(String name, String text) throws FlowSyntaxException {
    return switch (name) {
      case "label" -> 12;
      case "tc" -> 9;
      case "bos" -> 8;
      case "ttl" -> 0;
      default -> throw new FlowSyntaxException("syntax error at " + text);
    };
  }

  private static void put(FlowWords words, int index, long bits) {
    words.words()[Word.MPLS + index / 2] |= bits << ((index & 1) == 0 ? 32 : 0);
  }
}
