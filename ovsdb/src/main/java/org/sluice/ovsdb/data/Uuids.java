package org.sluice.ovsdb.data;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Strict parsing and unsigned order of UUIDs. Stateless. */
public final class Uuids {
  /** The all-zero UUID: the default of a UUID column, and "no transaction" in monitors. */
  public static final UUID ZERO = new UUID(0, 0);

  private static final int LENGTH = 36;

  private Uuids() {}

  /**
   * A random UUID from a generator that is fast, not secret: for what needs only to be different,
   * as versions of rows.
   */
  public static UUID quick() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  /** The UUID that {@code text} spells in full (8-4-4-4-12 hexadecimal digits), or null. */
  public static UUID parse(String text) {
    if (text.length() != LENGTH) {
      return null;
    }
    for (int i = 0; i < LENGTH; i++) {
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      char c = text.charAt(i);
      if (dash ? c != '-' : c > 'f' || Character.digit(c, 16) < 0) {
        return null;
      }
    }
    return UUID.fromString(text);
  }

  /** Order as of the 16 bytes, unsigned (unlike {@link UUID#compareTo}). */
  public static int compare(UUID a, UUID b) {
    int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
  }
}
