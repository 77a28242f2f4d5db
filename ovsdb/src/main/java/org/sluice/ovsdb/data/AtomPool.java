package org.sluice.ovsdb.data;

import java.nio.charset.StandardCharsets;
import org.sluice.ovsdb.data.Atom.IntegerAtom;
import org.sluice.ovsdb.data.Atom.StringAtom;

/**
 * Atoms that many rows have in common, so that rows share them: small integers, and short strings
 * that were met lately (the keys of maps, names of other rows, types). Of a fixed size. Threads may
 * use it at once: a place holds one atom or another, and each is immutable.
 */
final class AtomPool {
  private static final int PLACES = 1 << 12;
  private static final int LONGEST = 32;
  private static final int SMALLEST = -128;
  private static final int LARGEST = 1023;

  private static final StringAtom[] STRINGS = new StringAtom[PLACES];
  private static final IntegerAtom[] INTEGERS = integers();

  private AtomPool() {}

  private static IntegerAtom[] integers() {
    IntegerAtom[] atoms = new IntegerAtom[LARGEST - SMALLEST + 1];
    for (int i = 0; i < atoms.length; i++) {
      atoms[i] = new IntegerAtom(SMALLEST + i);
    }
    return atoms;
  }

  /** An atom of that value. */
  static Atom of(long value) {
    boolean small = value >= SMALLEST && value <= LARGEST;
    return small ? INTEGERS[(int) value - SMALLEST] : new IntegerAtom(value);
  }

  /** An atom of that value. */
  static Atom of(String value) {
    if (value.length() > LONGEST) {
      return new StringAtom(value);
    }
    int place = place(value.hashCode());
    StringAtom known = STRINGS[place];
    if (known != null && known.value().equals(value)) {
      return known;
    }
    StringAtom atom = new StringAtom(value);
    STRINGS[place] = atom;
    return atom;
  }

  /** An atom of the string that these bytes are, which are ASCII. */
  static Atom of(byte[] bytes, int from, int length) {
    if (length <= LONGEST) {
      int hash = 0;
      for (int i = from; i < from + length; i++) {
        hash = 31 * hash + bytes[i];
      }
      StringAtom known = STRINGS[place(hash)];
      if (known != null && isSame(known.value(), bytes, from, length)) {
        return known;
      }
    }
    return of(new String(bytes, from, length, StandardCharsets.ISO_8859_1));
  }

  private static boolean isSame(String text, byte[] bytes, int from, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }

  private static int place(int hash) {
    return (hash ^ (hash >>> 16)) & (PLACES - 1);
  }
}
