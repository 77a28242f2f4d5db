package org.sluice.vswitchd.translate;

import java.util.List;
import java.util.StringJoiner;
import java.util.StringTokenizer;

/** The states of a tracked packet as {@code --ct-next} takes and a trace shows them. */
final class CtStateText {
  /** What a packet of an unknown connection is. */
  static final int NEW_AND_TRACKED = 0x21;

  private static final List<String> NAMES =
      List.of("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat");

  private CtStateText() {}

  static String format(int state) {
    StringJoiner text = new StringJoiner("|");
    for (int bit = 0; bit < NAMES.size(); bit++) {
      if ((state & 1 << bit) != 0) {
        text.add(NAMES.get(bit));
      }
    }
    return text.toString();
  }

  /** Reads names separated by {@code |} or commas. */
  static int parse(String text) throws TraceException {
    int state = 0;
    StringTokenizer names = new StringTokenizer(text, "|, ");
    while (names.hasMoreTokens()) {
      String name = names.nextToken();
      int bit = NAMES.indexOf(name);
      if (bit < 0) {
        throw new TraceException(name + ": unknown connection tracking state flag");
      }
      state |= 1 << bit;
    }
    return state;
  }
}
