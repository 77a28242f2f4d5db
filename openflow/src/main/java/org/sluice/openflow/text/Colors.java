package org.sluice.openflow.text;

import java.util.EnumMap;
import java.util.Map;

/**
 * What words of flows are shown in, as the sequences that a terminal takes (ECMA-48, select graphic
 * rendition). Immutable.
 */
public final class Colors {
  /** No word has a colour. */
  public static final Colors NONE = new Colors(new EnumMap<>(Ink.class));

  private static final String END = "\33[m\33[K";

  private final Map<Ink, String> starts;

  /**
   * A kind of words, with its name in {@code OVS_COLORS} and what it is where that says nothing.
   */
  public enum Ink {
    /** {@code actions=}. */
    ACTIONS("ac", "1;31"),
    /** {@code drop}. */
    DROP("dr", "34"),
    /** Around what {@code learn} does. */
    LEARN("le", "31"),
    /** Names of fields and arguments. */
    PARAMETER("pm", "36"),
    /** Actions with arguments, and where these end. */
    PARENTHESIS("pr", "35"),
    /** What moves packets or values on. */
    SPECIAL("sp", "33"),
    /** Words that are complete by themselves. */
    VALUE("vl", "32");

    private final String key;
    private final String usual;

    Ink(String key, String usual) {
      this.key = key;
      this.usual = usual;
    }
  }

  private Colors(Map<Ink, String> starts) {
    this.starts = starts;
  }

  /**
   * The usual ones, but for those that {@code wishes} has, such as {@code ac=01;31:dr=34:le=}. What
   * is not digits and semicolons is passed over, and so are names that do not exist.
   *
   * @param wishes what {@code OVS_COLORS} says; null if it is not set
   */
  public static Colors of(String wishes) {
    Map<Ink, String> starts = new EnumMap<>(Ink.class);
    for (Ink ink : Ink.values()) {
      starts.put(ink, start(ink.usual));
    }
    for (String wish : (wishes == null ? "" : wishes).split(":", -1)) {
      int equals = wish.indexOf('=');
      String wanted = wish.substring(equals + 1);
      for (Ink ink : Ink.values()) {
        boolean meant = equals >= 0 && ink.key.equals(wish.substring(0, equals));
        if (meant && wanted.matches("[0-9;]*")) {
          starts.put(ink, start(wanted));
        }
      }
    }
    return new Colors(starts);
  }

  private static String start(String rendition) {
    return "\33[" + rendition + "m\33[K";
  }

  /** Whether there are none. */
  boolean isNone() {
    return starts.isEmpty();
  }

  /** {@code text} in a colour. */
  String paint(Ink ink, String text) {
    return isNone() ? text : starts.get(ink) + text + END;
  }
}
