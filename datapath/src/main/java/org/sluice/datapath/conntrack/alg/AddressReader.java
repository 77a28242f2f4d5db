package org.sluice.datapath.conntrack.alg;

/** Reads addresses as text from a packet. Scratch of one packet thread. */
final class AddressReader {
  private static final int GROUPS = 8;

  private final int[] groups = new int[GROUPS];
  private long high;
  private long low;

  long high() {
    return high;
  }

  /** The low half; an IPv4 address in its low 32 bits. */
  long low() {
    return low;
  }

  /** Reads four numbers with {@code separator} between them. */
  boolean readIpv4(TextCursor text, int separator) {
    long address = 0;
    for (int i = 0; i < 4; i++) {
      if (i > 0 && !text.accept(separator)) {
        return false;
      }
      int octet = text.number(255);
      if (octet == TextCursor.NO_NUMBER) {
        return false;
      }
      address = address << 8 | octet;
    }
    high = 0;
    low = address;
    return true;
  }

  /** Reads an IPv6 address of hexadecimal groups, one run of zeros cut out or not. */
  boolean readIpv6(TextCursor text) {
    int count = 0;
    int gap = -1;
    if (text.peek() == ':') {
      text.next();
      if (!text.accept(':')) {
        return false;
      }
      gap = 0;
    }
    while (count < GROUPS && Character.digit(text.peek(), 16) >= 0) {
      int group = text.hexNumber();
      if (group == TextCursor.NO_NUMBER) {
        return false;
      }
      groups[count++] = group;
      if (count < GROUPS && text.peek() == ':') {
        text.next();
        if (text.peek() == ':') {
          if (gap >= 0) {
            return false;
          }
          text.next();
          gap = count;
        }
      }
    }
    if (gap < 0) {
      return count == GROUPS && spread(count, count);
    }
    return count < GROUPS && spread(count, gap);
  }

  private boolean spread(int count, int gap) {
    high = 0;
    low = 0;
    for (int i = 0; i < GROUPS; i++) {
      int fromEnd = i - (GROUPS - count);
      int group = i < gap ? groups[i] : fromEnd >= gap ? groups[fromEnd] : 0;
      high = (high << 16) | (low >>> 48);
      low = (low << 16) | group;
    }
    return true;
  }
}
