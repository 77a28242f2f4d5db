package org.sluice.openflow.print;

/** Bytes in lines of sixteen, with or without the characters that they are in ASCII. */
public final class HexDump {
  static final int PER_LINE = 16;

  private HexDump() {}

  /** Lines such as {@code 00000000 01 02 ... |..|}. */
  public static String format(byte[] bytes, boolean ascii) {
    StringBuilder out = new StringBuilder();
    for (int at = 0; at < bytes.length; at += PER_LINE) {
      addLine(out, bytes, at, ascii);
    }
    return out.toString();
  }

  private static void addLine(StringBuilder out, byte[] bytes, int at, boolean ascii) {
    int end = Math.min(PER_LINE, bytes.length - at);
    out.append("%08x  ".formatted(at));
    for (int i = 0; i < end; i++) {
      out.append("%02x".formatted(bytes[at + i])).append(i == PER_LINE / 2 - 1 ? '-' : ' ');
    }
    if (ascii) {
      out.append("   ".repeat(PER_LINE - end)).append('|');
      for (int i = 0; i < end; i++) {
        int c = bytes[at + i];
        out.append(c >= 32 && c < 127 ? (char) c : '.');
      }
      out.append(" ".repeat(PER_LINE - end)).append('|');
    } else {
      out.setLength(out.length() - 1);
    }
    out.append('\n');
  }

  /** Text as it is, with what is no printable character as {@code \ooo}. */
  static String printable(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    for (byte b : bytes) {
      int c = b & 0xff;
      if (c < 0x20 || c > 0x7e || c == '\\' || c == '"') {
        out.append("\\%03o".formatted(c));
      } else {
        out.append((char) c);
      }
    }
    return out.toString();
  }
}
