package org.sluice.openflow.print;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Names for bits, such as {@code FLOW_STATS TABLE_STATS 0x8000}. */
final class BitNames {
  private static final List<String> MODES =
      List.of(
          "10MB-HD",
          "10MB-FD",
          "100MB-HD",
          "100MB-FD",
          "1GB-HD",
          "1GB-FD",
          "10GB-FD",
          "40GB-FD",
          "100GB-FD",
          "1TB-FD",
          "OTHER",
          "COPPER",
          "FIBER",
          "AUTO_NEG",
          "AUTO_PAUSE",
          "AUTO_PAUSE_ASYM");

  private final Map<Integer, String> names;

  /** Takes names by bit number. */
  BitNames(Map<Integer, String> names) {
    this.names = names;
  }

  /** The bits' names in order, then what has none as a number; 0 for no bit. */
  String format(int bits, String separator) {
    if (bits == 0) {
      return "0";
    }
    StringJoiner joiner = new StringJoiner(separator);
    int left = bits;
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      String name = names.get(bit);
      if ((bits >>> bit & 1) != 0 && name != null) {
        joiner.add(name);
        left &= ~(1 << bit);
      }
    }
    if (left != 0) {
      joiner.add("0x" + Integer.toHexString(left));
    }
    return joiner.toString();
  }

  /** Link modes, {@code 1GB-FD COPPER}. */
  static String modes(int modes) {
    StringJoiner joiner = new StringJoiner(" ");
    for (int bit = 0; bit < MODES.size(); bit++) {
      if ((modes >>> bit & 1) != 0) {
        joiner.add(MODES.get(bit));
      }
    }
    int unknown = modes >>> MODES.size() << MODES.size();
    return (unknown == 0 ? joiner : joiner.add("0x" + Integer.toHexString(unknown))).toString();
  }
}
