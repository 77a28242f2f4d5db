package org.sluice.datapath.flow;

/** The inside of {@code vlan(vid=5,pcp=0)} and {@code push_vlan(vid=5,pcp=0)}. Stateless. */
public final class VlanText {
  private static final int CFI = 0x1000;

  private VlanText() {}

  /** Writes a tag's control field, whose presence bit says that there is a tag. */
  public static void format(StringBuilder out, int tci, int mask, boolean verbose) {
    int vid = tci & 0xfff;
    int vidMask = mask & 0xfff;
    String separator = "";
    if (verbose || vid != 0 || vidMask != 0) {
      out.append("vid=").append(vid);
      if (vidMask != 0xfff) {
        out.append("/0x").append(Integer.toHexString(vidMask));
      }
      separator = ",";
    }
    int pcp = tci >>> 13 & 7;
    int pcpMask = mask >>> 13 & 7;
    if (verbose || pcp != 0 || pcpMask != 0) {
      out.append(separator).append("pcp=").append(pcp);
      if (pcpMask != 7) {
        out.append("/0x").append(Integer.toHexString(pcpMask));
      }
      separator = ",";
    }
    if ((tci & CFI) == 0) {
      out.append(separator).append("cfi=0");
    }
  }

  /** Reads such a text: control field in the low half, mask in the high half. */
  public static int parse(String text) throws FlowSyntaxException {
    int tci = CFI;
    int mask = CFI;
    for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String name = part.substring(0, Math.max(equals, 0));
      int shift = shift(name, text);
      int full = name.equals("vid") ? 0xfff : name.equals("pcp") ? 7 : 1;
      String[] values = part.substring(equals + 1).split("/", 2);
      int value = number(values[0], full, text);
      int bits = values.length > 1 ? number(values[1], full, text) : full;
      tci = (tci & ~(full << shift)) | value << shift;
      mask = (mask & ~(full << shift)) | bits << shift;
    }
    return mask << 16 | tci;
  }

  private static int shift(String name, String text) throws FlowSyntaxException {
    return switch (name) {
      case "vid" -> 0;
      case "pcp" -> 13;
      case "cfi" -> 12;
      default -> throw new FlowSyntaxException("syntax error at " + text);
    };
  }

  private static int number(String digits, int full, String text) throws FlowSyntaxException {
    long value = NumberText.parse(digits, 16);
    if (value > full) {
      throw new FlowSyntaxException("syntax error at " + text);
    }
    return (int) value;
  }
}
