package org.sluice.openflow.message;

/** A version of the protocol. */
public enum OfVersion {
  OF10,
  OF11,
  OF12,
  OF13,
  OF14,
  OF15;

  private static final OfVersion[] VALUES = values();

  /** The number in a message's first byte. */
  public int wire() {
    return ordinal() + 1;
  }

  /** The version with that number, or null. */
  public static OfVersion ofWire(int number) {
    return number >= 1 && number <= VALUES.length ? VALUES[number - 1] : null;
  }

  /** The version that {@code OpenFlow13} or {@code 1.3} means, or null. */
  public static OfVersion byName(String name) {
    for (OfVersion version : VALUES) {
      if (name.equalsIgnoreCase(version.text()) || name.equals(version.number())) {
        return version;
      }
    }
    return null;
  }

  /** As in {@code Bridge.protocols}: {@code OpenFlow13}. */
  public String text() {
    return "OpenFlow1" + ordinal();
  }

  /** As people say it: {@code 1.3}. */
  public String number() {
    return "1." + ordinal();
  }

  /** Whether this is {@code other} or later. */
  public boolean isAtLeast(OfVersion other) {
    return ordinal() >= other.ordinal();
  }

  /** Whether this is before {@code other}. */
  public boolean isBefore(OfVersion other) {
    return ordinal() < other.ordinal();
  }

  /** Its bit in a hello's bitmap. */
  public int bit() {
    return 1 << wire();
  }
}
