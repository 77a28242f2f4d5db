package org.sluice.datapath.flow;

/** Words that make the rows of {@link Field} readable. */
final class FieldTraits {
  static final boolean MASK = true;
  static final boolean EXACT = false;
  static final boolean RW = true;
  static final boolean RO = false;

  private FieldTraits() {}

  /** A place in the key: word and lowest bit, packed. */
  static int at(int word, int shift) {
    return word << 6 | shift;
  }
}
