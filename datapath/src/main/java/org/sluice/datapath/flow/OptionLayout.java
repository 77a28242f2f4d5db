package org.sluice.datapath.flow;

import java.util.Arrays;
import java.util.List;

/**
 * Where the values of tunnel options lie in the words from {@link Word#TUN_METADATA} on. Immutable.
 *
 * <p>An option can be 124 bytes long and there are 64 of them, but all together have 256 bytes, so
 * a place is given only to those that somebody asks for. Places are made of units of four bytes,
 * which need not be neighbours: those of an option that goes are free for any other, and no other
 * has to move, so that rules made before such a change mean the same after it.
 *
 * <p>A switch has one layout, which its TLV table makes. A match that no switch knows of, such as
 * one that a tool reads from a file, has a layout of its own with as many bytes as the value takes.
 */
public final class OptionLayout {
  /** Bytes that all options have together. */
  public static final int MAX_BYTES = 256;

  /** Bytes of the longest option. */
  public static final int MAX_OPTION_BYTES = 124;

  /** There are none. */
  public static final OptionLayout NONE = new OptionLayout(new Place[0], 0);

  private static final int UNIT_BYTES = 4;

  /**
   * One option's place.
   *
   * @param bytes length of the value
   * @param open whether the packet's option may have more bytes in front, whatever they are
   * @param units where it lies: a bit for each unit, of which the first has the last four bytes
   */
  private record Place(Field field, int bytes, boolean open, long units) {}

  /** In the order of the fields. */
  private final Place[] places;

  /** A bit for each unit that is taken. */
  private final long taken;

  private OptionLayout(Place[] places, long taken) {
    this.places = places;
    this.taken = taken;
  }

  /** A layout that has {@code field}, which this does not, too; null where there is no room. */
  public OptionLayout with(Field field, int bytes, boolean open) {
    assert field.isOption() && !has(field) && bytes <= MAX_OPTION_BYTES : field;
    long free = ~taken;
    for (int i = 0; i < bytes; i += UNIT_BYTES) {
      if (free == 0) {
        return null;
      }
      free &= free - 1;
    }
    long units = ~taken & ~free;
    Place[] more = Arrays.copyOf(places, places.length + 1);
    more[places.length] = new Place(field, bytes, open, units);
    Arrays.sort(more, (one, other) -> one.field().compareTo(other.field()));
    return new OptionLayout(more, ~free);
  }

  /** A layout that does not have {@code field}. */
  public OptionLayout without(Field field) {
    Place[] fewer =
        Arrays.stream(places).filter(place -> place.field() != field).toArray(Place[]::new);
    Place gone = find(field);
    return new OptionLayout(fewer, gone == null ? taken : taken & ~gone.units());
  }

  /** The options that have a place, in the order of their numbers. */
  public List<Field> fields() {
    return Arrays.stream(places).map(Place::field).toList();
  }

  /** Whether {@code field} has a place. */
  public boolean has(Field field) {
    return find(field) != null;
  }

  /** Bytes of the option's value; 0 for one that has no place. */
  public int bytes(Field field) {
    Place place = find(field);
    return place == null ? 0 : place.bytes();
  }

  /** Whether the packet's option may have more bytes in front than {@link #bytes}. */
  public boolean isOpen(Field field) {
    return find(field).open();
  }

  /** Bytes that a value of {@code bytes} takes. */
  public static int wholeUnits(int bytes) {
    return (bytes + UNIT_BYTES - 1) / UNIT_BYTES * UNIT_BYTES;
  }

  /** Bytes that are taken, in whole units. */
  public int takenBytes() {
    return Long.bitCount(taken) * UNIT_BYTES;
  }

  /** The option's value in {@code words}; no bytes for one that has no place. */
  public byte[] get(FlowWords words, Field field) {
    Place place = find(field);
    byte[] value = new byte[place == null ? 0 : place.bytes()];
    long units = place == null ? 0 : place.units();
    for (int i = 0; i < value.length; i++) {
      int unit = Long.numberOfTrailingZeros(units);
      value[value.length - 1 - i] = (byte) (words.words[word(unit)] >>> shift(unit, i));
      units = after(units, i);
    }
    return value;
  }

  /**
   * Has {@code words} say that the option is there and has {@code value}, of which what is too
   * short counts as having zeros in front, and what is too long loses its front.
   */
  public void set(FlowWords words, Field field, byte[] value) {
    Place place = find(field);
    if (place == null) {
      return;
    }
    words.words[Word.TUN_OPTIONS] |= field.wordMask();
    long units = place.units();
    for (int i = 0; i < place.bytes(); i++) {
      int unit = Long.numberOfTrailingZeros(units);
      long octet = i < value.length ? value[value.length - 1 - i] & 0xff : 0;
      long cleared = words.words[word(unit)] & ~(0xffL << shift(unit, i));
      words.words[word(unit)] = cleared | (octet << shift(unit, i));
      units = after(units, i);
    }
  }

  /** Has {@code words} say that the option is not there. */
  public void remove(FlowWords words, Field field) {
    set(words, field, new byte[0]);
    words.words[Word.TUN_OPTIONS] &= ~field.wordMask();
  }

  /** The units that are left behind byte {@code i}. */
  private static long after(long units, int i) {
    return i % UNIT_BYTES == UNIT_BYTES - 1 ? units & (units - 1) : units;
  }

  private static int word(int unit) {
    return Word.TUN_METADATA + unit / 2;
  }

  /** Where byte {@code i} of a value, the last being 0, lies in its word. */
  private static int shift(int unit, int i) {
    return unit % 2 * Integer.SIZE + i % UNIT_BYTES * Byte.SIZE;
  }

  private Place find(Field field) {
    for (Place place : places) {
      if (place.field() == field) {
        return place;
      }
    }
    return null;
  }

  /**
   * The same match, its options moved to where this layout has them; null where it does not have
   * them all.
   */
  public Match adopt(Match match) {
    OptionLayout old = match.options();
    FlowKey key = match.key();
    FlowMask mask = match.mask();
    Arrays.fill(key.words, Word.TUN_OPTIONS, Word.NSH, 0);
    Arrays.fill(mask.words, Word.TUN_OPTIONS, Word.NSH, 0);
    key.options = this;
    mask.options = this;
    for (Place place : old.places) {
      if (!has(place.field())) {
        return null;
      }
      set(key, place.field(), old.get(match.key(), place.field()));
      set(mask, place.field(), widened(place, old.get(match.mask(), place.field())));
    }
    return new Match(key, mask);
  }

  /** The mask of as many bytes as this layout has: in front all ones, unless the place is open. */
  private byte[] widened(Place place, byte[] mask) {
    byte[] wide = new byte[Math.max(bytes(place.field()), mask.length)];
    int front = wide.length - mask.length;
    Arrays.fill(wide, 0, front, place.open() ? 0 : (byte) 0xff);
    System.arraycopy(mask, 0, wide, front, mask.length);
    return wide;
  }

  /** Whether all options that {@code match} asks for lie where this layout has them. */
  public boolean agrees(Match match) {
    for (Place place : match.options().places) {
      Place here = find(place.field());
      if (match.touches(place.field()) && (here == null || here.units() != place.units())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OptionLayout layout && Arrays.equals(places, layout.places);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(places);
  }

  @Override
  public String toString() {
    return Arrays.toString(places);
  }
}
