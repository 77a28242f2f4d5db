package org.sluice.openflow.action;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Port numbers as the switch keeps them: 16 bits, as OpenFlow 1.0 has them. From 1.1 on the wire
 * shows 32 bits, the reserved ones moved to the top.
 */
public final class OfPort {
  /** The first number that is not an ordinary port's. */
  public static final int MAX = 0xff00;

  /** Unset, in the action set's output. */
  public static final int UNSET = 0xfff7;

  public static final int IN_PORT = 0xfff8;
  public static final int TABLE = 0xfff9;
  public static final int NORMAL = 0xfffa;
  public static final int FLOOD = 0xfffb;
  public static final int ALL = 0xfffc;
  public static final int CONTROLLER = 0xfffd;
  public static final int LOCAL = 0xfffe;
  public static final int NONE = 0xffff;

  /** The same as {@link #NONE}, where a request means every port. */
  public static final int ANY = NONE;

  private static final int RESERVED_OFFSET = 0xffff_0000;
  private static final int RESERVED_FROM = UNSET;

  private static final Map<String, Integer> BY_NAME =
      Map.of(
          "IN_PORT", IN_PORT,
          "TABLE", TABLE,
          "NORMAL", NORMAL,
          "FLOOD", FLOOD,
          "ALL", ALL,
          "CONTROLLER", CONTROLLER,
          "LOCAL", LOCAL,
          "ANY", ANY,
          "NONE", NONE,
          "UNSET", UNSET);

  private static final Map<Integer, String> NAMES = namesByNumber();

  private OfPort() {}

  private static Map<Integer, String> namesByNumber() {
    Map<Integer, String> names = new TreeMap<>();
    BY_NAME.forEach((name, number) -> names.put(number, name));
    names.put(NONE, "ANY");
    return names;
  }

  /** Whether {@code port} means something other than one port. */
  public static boolean isReserved(int port) {
    return port >= RESERVED_FROM;
  }

  /** The number that 32 wire bits stand for, or -1 where the switch has none such. */
  public static int fromWire(int wire) {
    if (Integer.compareUnsigned(wire, MAX) < 0) {
      return wire;
    }
    int port = wire - RESERVED_OFFSET;
    return port >= MAX && port <= NONE ? port : -1;
  }

  /** The 32 bits that stand for {@code port} on the wire from OpenFlow 1.1 on. */
  public static int toWire(int port) {
    assert port >= 0 && port <= NONE : port;
    return port < MAX ? port : port + RESERVED_OFFSET;
  }

  /** The number of a reserved port's name in any case, or -1. */
  public static int reservedByName(String name) {
    return BY_NAME.getOrDefault(name.toUpperCase(Locale.ROOT), -1);
  }

  /** The number as text shows it where port names are not known: a reserved one by name. */
  public static String text(int port) {
    String name = NAMES.get(port);
    return name == null ? Integer.toString(port) : name;
  }
}
