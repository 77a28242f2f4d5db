package org.sluice.datapath.conntrack.protocol;

import org.sluice.datapath.conntrack.table.ConnectionKey;

/**
 * ICMP of both families, as far as tracking goes: queries, which are connections with an
 * identifier, and errors, which belong to the connection that they quote. Stateless.
 */
public final class Icmp {
  /** Not a query. */
  static final int NO_CLASS = -1;

  private static final int ECHO = 0;
  private static final int TIMESTAMP = 1;
  private static final int INFORMATION = 2;

  private Icmp() {}

  /** Which of the queries a type asks or answers; {@link #NO_CLASS} for other types. */
  static int queryClass(boolean ipv6, int type) {
    if (ipv6) {
      return type == 128 || type == 129 ? ECHO : NO_CLASS;
    }
    return switch (type) {
      case 0, 8 -> ECHO;
      case 13, 14 -> TIMESTAMP;
      case 15, 16 -> INFORMATION;
      default -> NO_CLASS;
    };
  }

  /** Whether a query type is the answer. */
  static boolean isAnswer(boolean ipv6, int type) {
    return ipv6 ? type == 129 : type == 0 || type == 14 || type == 16;
  }

  /** Whether the message quotes the packet that it is about. */
  static boolean isError(boolean ipv6, int type) {
    if (ipv6) {
      return type >= 1 && type <= 4;
    }
    return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
  }

  /** The type that asks the query of a class. */
  public static int requestType(boolean ipv6, int queryClass) {
    if (ipv6) {
      return 128;
    }
    return queryClass == ECHO ? 8 : queryClass == TIMESTAMP ? 13 : 15;
  }

  /** The kind bits of a key for a query of that type, or for its answer. */
  public static int queryKind(boolean ipv6, int type) {
    int kind = (queryClass(ipv6, type) & 7) << ConnectionKey.ICMP_CLASS_SHIFT;
    return isAnswer(ipv6, type) ? kind | ConnectionKey.ICMP_ANSWER : kind;
  }
}
