package org.sluice.base.json;

/** Characters in UTF-8 (RFC 3629, section 4). Stateless. */
final class Utf8Sequence {
  private Utf8Sequence() {}

  /**
   * The length of the character at {@code from}; or, if the bytes there are none, how many of them
   * show that, negative.
   */
  static int lengthAt(byte[] bytes, int from) {
    int first = bytes[from] & 0xff;
    int length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first >= 0x80 && (first < 0xc2 || first > 0xf4)) {
      return -1;
    }
    for (int i = 1; i < length; i++) {
      int b = from + i < bytes.length ? bytes[from + i] & 0xff : 0;
      int least = i == 1 ? leastSecond(first) : 0x80;
      int most = i == 1 ? mostSecond(first) : 0xbf;
      if (b < least || b > most) {
        return -i - 1;
      }
    }
    return length;
  }

  private static int leastSecond(int first) {
    return first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  }

  private static int mostSecond(int first) {
    return first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  }
}
