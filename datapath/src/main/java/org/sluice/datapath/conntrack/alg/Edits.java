package org.sluice.datapath.conntrack.alg;

import org.sluice.datapath.flow.AddressText;

/**
 * What is to be put in the place of some parts of a payload. Begun with {@link #replace}, a part's
 * new text is appended. Parts are kept in the order of the payload; they do not overlap. Scratch of
 * one packet thread; it makes no strings but for IPv6.
 */
final class Edits {
  private static final int MAX_EDITS = 64;
  private static final int MAX_ADDED_BYTES = 4096;
  private static final int LONGEST_TEXT = 64;

  private final int[] from = new int[MAX_EDITS];
  private final int[] to = new int[MAX_EDITS];
  private final int[] added = new int[MAX_EDITS];
  private final int[] addedBytes = new int[MAX_EDITS];
  private final byte[] text = new byte[MAX_ADDED_BYTES];
  private int count;
  private int used;
  private int current;

  void clear() {
    count = 0;
    used = 0;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Forgets the parts from {@code position} on. */
  void dropFrom(int position) {
    while (count > 0 && from[count - 1] >= position) {
      count--;
    }
  }

  /** Begins a part; false, and nothing done, if there is no room or it overlaps with another. */
  boolean replace(int start, int end) {
    if (count == MAX_EDITS || used + LONGEST_TEXT > MAX_ADDED_BYTES) {
      return false;
    }
    int place = count;
    while (place > 0 && from[place - 1] >= end) {
      place--;
    }
    if (place > 0 && to[place - 1] > start) {
      return false;
    }
    for (int i = count; i > place; i--) {
      move(i - 1, i);
    }
    count++;
    current = place;
    from[place] = start;
    to[place] = end;
    added[place] = used;
    addedBytes[place] = 0;
    return true;
  }

  private void move(int source, int target) {
    from[target] = from[source];
    to[target] = to[source];
    added[target] = added[source];
    addedBytes[target] = addedBytes[source];
  }

  void append(int c) {
    text[used++] = (byte) c;
    addedBytes[current]++;
  }

  void appendNumber(long number) {
    long divisor = 1;
    while (number / divisor >= 10) {
      divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
      append('0' + (int) (number / divisor % 10));
    }
  }

  void appendIpv4(long address, int separator) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      appendNumber(address >>> shift & 0xff);
      if (shift > 0) {
        append(separator);
      }
    }
  }

  void appendIpv6(long high, long low) {
    String address = AddressText.ipv6(high, low);
    for (int i = 0; i < address.length(); i++) {
      append(address.charAt(i));
    }
  }

  /** Where the first part begins. */
  int start() {
    return from[0];
  }

  /** Where the last part ends. */
  int end() {
    return to[count - 1];
  }

  /** By how much the payload becomes longer between two places. */
  int longer(int start, int end) {
    int longer = 0;
    for (int i = 0; i < count; i++) {
      if (from[i] >= start && to[i] <= end) {
        longer += addedBytes[i] - (to[i] - from[i]);
      }
    }
    return longer;
  }

  /**
   * Writes {@code payload} from {@code start} to {@code end}, edited.
   *
   * @return how many bytes, or -1 if {@code target} has not the room
   */
  int write(byte[] payload, int start, int end, byte[] target) {
    int bytes = end - start + longer(start, end);
    if (bytes > target.length) {
      return -1;
    }
    int at = start;
    int written = 0;
    for (int i = 0; i < count; i++) {
      System.arraycopy(payload, at, target, written, from[i] - at);
      written += from[i] - at;
      System.arraycopy(text, added[i], target, written, addedBytes[i]);
      written += addedBytes[i];
      at = to[i];
    }
    System.arraycopy(payload, at, target, written, end - at);
    return bytes;
  }
}
