package org.sluice.datapath.packet;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.sluice.datapath.flow.Field;

/**
 * The plain reading of a frame, as a map from field to value: what parser and extractor must come
 * to. Reads byte by byte out of shrinking arrays, so that it cannot look outside of the frame.
 */
public final class ReferenceParser {
  private final Map<Field, Long> low = new HashMap<>();
  private final Map<Field, Long> high = new HashMap<>();

  /** Values of every field that the frame has; others are absent, that is 0. */
  public static ReferenceParser read(byte[] frame) {
    ReferenceParser result = new ReferenceParser();
    if (frame.length >= 14) {
      result.link(frame);
    }
    return result;
  }

  /** The low 64 bits of {@code field}. */
  public long get(Field field) {
    return low.getOrDefault(field, 0L);
  }

  /** The high 64 bits of {@code field}. */
  public long getHigh(Field field) {
    return high.getOrDefault(field, 0L);
  }

  /** The inner tag and both tag types, as the key's VLAN word has them. */
  public long vlanWord;

  private void link(byte[] frame) {
    low.put(Field.ETH_DST, number(frame, 0, 6));
    low.put(Field.ETH_SRC, number(frame, 6, 6));
    byte[] rest = from(frame, 12);
    for (int tag = 0; tag < 2 && isTag(rest) && rest.length >= 6; tag++) {
      long tci = number(rest, 2, 2) | 0x1000;
      vlanWord |= number(rest, 0, 2) << (48 - 16 * tag);
      if (tag == 0) {
        low.put(Field.VLAN_TCI, tci);
      } else {
        vlanWord |= tci << 16;
      }
      rest = from(rest, 4);
    }
    long type = number(rest, 0, 2);
    rest = from(rest, 2);
    if (type < 0x600) {
      type = 0x5ff;
      if (rest.length >= 8 && number(rest, 0, 6) == 0xaaaa03000000L) {
        type = Math.max(number(rest, 6, 2), 0x5ff);
        rest = from(rest, 8);
      }
    }
    low.put(Field.ETH_TYPE, type);
    network((int) type, rest);
  }

  private static boolean isTag(byte[] rest) {
    return number(rest, 0, 2) == 0x8100 || number(rest, 0, 2) == 0x88a8;
  }

  private void network(int type, byte[] rest) {
    switch (type) {
      case 0x0800 -> ipv4(rest);
      case 0x86dd -> ipv6(rest);
      case 0x0806, 0x8035 -> arp(rest);
      case 0x8847, 0x8848 -> mpls(rest);
      case 0x894f -> nsh(rest);
      default -> {}
    }
  }

  private void ipv4(byte[] header) {
    if (header.length < 20) {
      return;
    }
    int headerBytes = (header[0] & 15) * 4;
    int total = (int) number(header, 2, 2);
    if (headerBytes < 20 || headerBytes > total || total > header.length) {
      return;
    }
    low.put(Field.IP_SRC, number(header, 12, 4));
    low.put(Field.IP_DST, number(header, 16, 4));
    low.put(Field.NW_TOS, number(header, 1, 1));
    low.put(Field.NW_TTL, number(header, 8, 1));
    low.put(Field.NW_PROTO, number(header, 9, 1));
    boolean later = (number(header, 6, 2) & 0x1fff) != 0;
    boolean first = (number(header, 6, 2) & 0x2000) != 0 && !later;
    low.put(Field.IP_FRAG, later ? 3L : first ? 1L : 0L);
    if (!later) {
      transport(header[9] & 255, Arrays.copyOfRange(header, headerBytes, total));
    }
  }

  private void ipv6(byte[] header) {
    if (header.length < 40 || number(header, 4, 2) + 40 > header.length) {
      return;
    }
    wide(Field.IPV6_SRC, header, 8);
    wide(Field.IPV6_DST, header, 24);
    int next = header[6] & 255;
    byte[] rest = Arrays.copyOfRange(header, 40, 40 + (int) number(header, 4, 2));
    long fragment = 0;
    int steps = 0;
    while (fragment != 3 && (next == 0 || next == 43 || next == 44 || next == 51 || next == 60)) {
      int bytes = rest.length < 8 ? 8 : extensionBytes(next, rest[1] & 255);
      if (bytes > rest.length || ++steps > 32) {
        return;
      }
      if (next == 44 && number(rest, 2, 2) != 0) {
        fragment = (number(rest, 2, 2) & 0xfff8) != 0 ? 3 : 1;
      }
      if (fragment != 3) {
        next = rest[0] & 255;
      }
      rest = from(rest, bytes);
    }
    low.put(Field.IP_FRAG, fragment);
    low.put(Field.NW_PROTO, (long) next);
    low.put(Field.NW_TTL, number(header, 7, 1));
    low.put(Field.NW_TOS, number(header, 0, 2) >> 4 & 255);
    low.put(Field.IPV6_LABEL, number(header, 0, 4) & 0xfffff);
    if (fragment != 3) {
      transport(next, rest);
    }
  }

  private static int extensionBytes(int type, int field) {
    return type == 44 ? 8 : type == 51 ? (field + 2) * 4 : (field + 1) * 8;
  }

  private void transport(int protocol, byte[] rest) {
    if (protocol == 6 && rest.length >= 20) {
      int bytes = (rest[12] >> 4 & 15) * 4;
      if (bytes >= 20 && bytes <= rest.length) {
        ports(rest);
        low.put(Field.TCP_FLAGS, number(rest, 12, 2) & 0xfff);
      }
    } else if ((protocol == 17 && rest.length >= 8) || (protocol == 132 && rest.length >= 12)) {
      ports(rest);
    } else if ((protocol == 1 || protocol == 2 || protocol == 58) && rest.length >= 8) {
      low.put(Field.TCP_SRC, number(rest, 0, 1));
      low.put(Field.TCP_DST, number(rest, 1, 1));
      if (protocol == 58 && (rest[0] == (byte) 135 || rest[0] == (byte) 136) && rest[1] == 0) {
        neighbour(rest);
      }
    }
  }

  private void ports(byte[] rest) {
    low.put(Field.TCP_SRC, number(rest, 0, 2));
    low.put(Field.TCP_DST, number(rest, 2, 2));
  }

  private void neighbour(byte[] message) {
    low.put(Field.ND_RESERVED, number(message, 4, 4));
    if (message.length < 24) {
      return;
    }
    wide(Field.ND_TARGET, message, 8);
    byte[] rest = from(message, 24);
    while (rest.length >= 8 && rest[1] != 0 && (rest[1] & 255) * 8 <= rest.length) {
      if (rest[1] == 1 && (rest[0] == 1 || rest[0] == 2)) {
        Field field = rest[0] == 1 ? Field.ND_SLL : Field.ND_TLL;
        if (get(field) != 0) {
          low.remove(Field.ND_SLL);
          low.remove(Field.ND_TLL);
          low.remove(Field.ND_TARGET);
          high.remove(Field.ND_TARGET);
          return;
        }
        low.put(field, number(rest, 2, 6));
        low.putIfAbsent(Field.ND_OPTIONS_TYPE, (long) rest[0]);
      }
      rest = from(rest, (rest[1] & 255) * 8);
    }
  }

  private void arp(byte[] message) {
    if (message.length < 28 || number(message, 0, 6) != 0x000108000604L) {
      return;
    }
    long operation = number(message, 6, 2);
    low.put(Field.ARP_OP, operation < 256 ? operation : 0);
    low.put(Field.ARP_SHA, number(message, 8, 6));
    low.put(Field.ARP_SPA, number(message, 14, 4));
    low.put(Field.ARP_THA, number(message, 18, 6));
    low.put(Field.ARP_TPA, number(message, 24, 4));
  }

  /** Label stack entries, 0 beyond the end of the stack. */
  public final long[] labels = new long[3];

  private void mpls(byte[] stack) {
    for (int i = 0; i < 3 && stack.length >= 4 * i + 4; i++) {
      labels[i] = number(stack, 4 * i, 4);
      if ((stack[4 * i + 2] & 1) != 0) {
        break;
      }
    }
  }

  private void nsh(byte[] header) {
    if (header.length < 8 || (header[0] & 0xc0) != 0) {
      return;
    }
    int bytes = (header[1] & 0x3f) * 4;
    int type = header[2] & 255;
    if (bytes > header.length || (type == 1 && bytes != 24) || (type == 2 && bytes < 8)) {
      return;
    }
    low.put(Field.NSH_FLAGS, number(header, 0, 1) >> 4 & 3);
    low.put(Field.NSH_TTL, number(header, 0, 2) >> 6 & 63);
    low.put(Field.NSH_MDTYPE, (long) type);
    low.put(Field.NSH_NP, number(header, 3, 1));
    low.put(Field.NSH_SPI, number(header, 4, 3));
    low.put(Field.NSH_SI, number(header, 7, 1));
    if (type == 1) {
      low.put(Field.NSH_C1, number(header, 8, 4));
      low.put(Field.NSH_C2, number(header, 12, 4));
      low.put(Field.NSH_C3, number(header, 16, 4));
      low.put(Field.NSH_C4, number(header, 20, 4));
    }
  }

  private void wide(Field field, byte[] from, int at) {
    high.put(field, number(from, at, 8));
    low.put(field, number(from, at + 8, 8));
  }

  private static byte[] from(byte[] bytes, int start) {
    return Arrays.copyOfRange(bytes, start, bytes.length);
  }

  private static long number(byte[] bytes, int at, int count) {
    long value = 0;
    for (int i = at; i < at + count; i++) {
      value = value << 8 | (bytes[i] & 255);
    }
    return value;
  }
}
