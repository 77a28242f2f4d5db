package org.sluice.ovsdb.data;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The value of one column of one row: a set of atoms or a map from atoms to atoms. Immutable.
 *
 * <p>Keys stand in one array in ascending order without duplicates, a map's values in a second
 * array beside them. So equality is an array comparison, lookup a binary search, and union,
 * difference and symmetric difference are merges that are linear in both sizes. A value without
 * elements is always {@link #EMPTY}, whether of a set or of a map.
 */
public final class Datum implements Comparable<Datum> {
  private static final Atom[] NONE = {};

  /** What an atom takes beside its text, roughly. */
  private static final long ATOM_BYTES = 40;

  /** The empty set, and the empty map. */
  public static final Datum EMPTY = new Datum(NONE, null);

  private final Atom[] keys;
  private final Atom[] values;

  private Datum(Atom[] keys, Atom[] values) {
    assert values == null || values.length == keys.length;
    this.keys = keys;
    this.values = values;
  }

  /** Takes arrays over; keys are ascending and distinct. */
  static Datum ofSorted(Atom[] keys, Atom[] values) {
    return keys.length == 0 ? EMPTY : new Datum(keys, values);
  }

  /** A set of one. */
  public static Datum of(Atom atom) {
    return new Datum(new Atom[] {atom}, null);
  }

  /** A set of one integer. */
  public static Datum of(long value) {
    return of(Atom.of(value));
  }

  /** A set of one boolean. */
  public static Datum of(boolean value) {
    return of(Atom.of(value));
  }

  /** A set of one string. */
  public static Datum of(String value) {
    return of(Atom.of(value));
  }

  /** A set of one UUID. */
  public static Datum of(UUID value) {
    return of(Atom.of(value));
  }

  /** A map of one pair. */
  public static Datum ofPair(Atom key, Atom value) {
    return new Datum(new Atom[] {key}, new Atom[] {value});
  }

  /** A set of these atoms, duplicates folded. */
  public static Datum ofSet(Collection<? extends Atom> atoms) {
    return ofSorted(atoms.stream().sorted().distinct().toArray(Atom[]::new), null);
  }

  /** A set of these UUIDs. */
  public static Datum ofUuids(Collection<UUID> uuids) {
    return ofSet(uuids.stream().map(Atom::of).toList());
  }

  /** A set of these strings. */
  public static Datum ofStrings(Collection<String> strings) {
    return ofSet(strings.stream().map(Atom::of).toList());
  }

  /** A map. */
  public static Datum ofMap(Map<? extends Atom, ? extends Atom> map) {
    TreeMap<Atom, Atom> sorted = new TreeMap<>(map);
    return ofSorted(sorted.keySet().toArray(NONE), sorted.values().toArray(NONE));
  }

  /** A map from strings to strings, such as {@code other_config}. */
  public static Datum ofStringMap(Map<String, String> map) {
    TreeMap<Atom, Atom> atoms = new TreeMap<>();
    map.forEach((key, value) -> atoms.put(Atom.of(key), Atom.of(value)));
    return ofMap(atoms);
  }

  /** How many elements or pairs. */
  public int size() {
    return keys.length;
  }

  /** Whether there is no element. */
  public boolean isEmpty() {
    return keys.length == 0;
  }

  /** The {@code i}-th element or key in ascending order. */
  public Atom key(int i) {
    return keys[i];
  }

  /** The value beside the {@code i}-th key. */
  public Atom value(int i) {
    return values[i];
  }

  /** Whether there are values beside the keys. */
  public boolean hasValues() {
    return values != null;
  }

  /** The elements, or a map's keys without its values. */
  public Datum keys() {
    return values == null ? this : new Datum(keys, null);
  }

  /** Where {@code key} stands, or a negative number. */
  public int indexOf(Atom key) {
    return Arrays.binarySearch(keys, key);
  }

  /** Whether {@code key} is an element or a key. */
  public boolean containsKey(Atom key) {
    return indexOf(key) >= 0;
  }

  /** The value beside {@code key}, or null. */
  public Atom get(Atom key) {
    int index = indexOf(key);
    return index < 0 ? null : values[index];
  }

  /** The only integer, or {@code otherwise} if empty. */
  public long integer(long otherwise) {
    return isEmpty() ? otherwise : ((Atom.IntegerAtom) keys[0]).value();
  }

  /** The only boolean, or {@code otherwise} if empty. */
  public boolean bool(boolean otherwise) {
    return isEmpty() ? otherwise : ((Atom.BooleanAtom) keys[0]).value();
  }

  /** The only string, or null if empty. */
  public String string() {
    return isEmpty() ? null : ((Atom.StringAtom) keys[0]).value();
  }

  /** The only UUID, or null if empty. */
  public UUID uuid() {
    return isEmpty() ? null : ((Atom.UuidAtom) keys[0]).value();
  }

  /** A set of UUIDs as a list. */
  public List<UUID> uuids() {
    return Arrays.stream(keys).map(atom -> ((Atom.UuidAtom) atom).value()).toList();
  }

  /** A set of strings as a list. */
  public List<String> strings() {
    return Arrays.stream(keys).map(atom -> ((Atom.StringAtom) atom).value()).toList();
  }

  /** A set of integers as a list. */
  public List<Long> integers() {
    return Arrays.stream(keys).map(atom -> ((Atom.IntegerAtom) atom).value()).toList();
  }

  /** A map from strings to strings. */
  public Map<String, String> stringMap() {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < keys.length; i++) {
      map.put(((Atom.StringAtom) keys[i]).value(), ((Atom.StringAtom) values[i]).value());
    }
    return map;
  }

  /** The value of {@code key} in a map from strings to strings, or null. */
  public String get(String key) {
    Atom value = isEmpty() ? null : get(Atom.of(key));
    return value == null ? null : ((Atom.StringAtom) value).value();
  }

  /** About what memory it takes. */
  public long bytes() {
    return bytes(keys) + (values == null ? 0 : bytes(values));
  }

  private static long bytes(Atom[] atoms) {
    long sum = 0;
    for (Atom atom : atoms) {
      sum += ATOM_BYTES;
      sum += atom instanceof Atom.StringAtom string ? string.value().length() : 0;
    }
    return sum;
  }

  /** All elements of both; where both have a key, this one's value stays. */
  public Datum union(Datum other) {
    if (other.size() == 1) {
      return isEmpty() ? other : with(other);
    }
    return other.isEmpty() ? this : merge(other, Merge.UNION);
  }

  /** One element more, where it belongs: found by halving, not by merging. */
  private Datum with(Datum one) {
    int index = indexOf(one.keys[0]);
    if (index >= 0) {
      return this;
    }
    int at = -index - 1;
    return new Datum(
        with(keys, at, one.keys[0]), values == null ? null : with(values, at, one.values[0]));
  }

  private static Atom[] with(Atom[] atoms, int at, Atom one) {
    Atom[] more = new Atom[atoms.length + 1];
    System.arraycopy(atoms, 0, more, 0, at);
    more[at] = one;
    System.arraycopy(atoms, at, more, at + 1, atoms.length - at);
    return more;
  }

  /**
   * The elements that {@code other} has not. If {@code other} is a map, only pairs equal in key and
   * value go; if it is a set, it names the keys that go.
   */
  public Datum subtract(Datum other) {
    return other.isEmpty() || isEmpty() ? this : merge(other, Merge.SUBTRACT);
  }

  /**
   * What turns this into {@code other} by {@link #applyDiff}: the elements that only one has, and
   * for keys whose value changed the new pair. For a value of at most one element it is simply the
   * new value.
   */
  public Datum diffTo(Datum other, ColumnType type) {
    return type.isComposite() ? merge(other, Merge.DIFF) : other;
  }

  /** Undoes {@link #diffTo}: the new value, given the old one (this) and the difference. */
  public Datum applyDiff(Datum diff, ColumnType type) {
    return diffTo(diff, type);
  }

  /** How two sorted arrays merge: which elements of left only, both, right only survive. */
  private enum Merge {
    UNION,
    SUBTRACT,
    DIFF
  }

  /**
   * A value and its changed copy hold the same atoms but for a few, mostly in one place: what they
   * begin and end with in common is passed over at a glance.
   */
  private Datum merge(Datum other, Merge how) {
    int same = how == Merge.UNION ? 0 : sameAtStart(other);
    int less = how == Merge.UNION ? 0 : sameAtEnd(other, same);
    int end = keys.length - less;
    int otherEnd = other.keys.length - less;
    ArrayList<Atom> outKeys = new ArrayList<>();
    ArrayList<Atom> outValues = new ArrayList<>();
    int i = same;
    int j = same;
    while (i < end || j < otherEnd) {
      int order = i == end ? 1 : j == otherEnd ? -1 : keys[i].compareTo(other.keys[j]);
      if (order < 0) {
        append(outKeys, outValues, i++);
      } else if (order > 0) {
        if (how != Merge.SUBTRACT) {
          other.append(outKeys, outValues, j);
        }
        j++;
      } else {
        mergeEqual(other, i++, j++, how, outKeys, outValues);
      }
    }
    return ofSorted(outKeys.toArray(NONE), outValues.isEmpty() ? null : outValues.toArray(NONE));
  }

  /** How many elements both begin with, the very same. */
  private int sameAtStart(Datum other) {
    int most = Math.min(keys.length, other.keys.length);
    int n = 0;
    while (n < most && isSame(n, other, n)) {
      n++;
    }
    return n;
  }

  /** How many both end with, beside those that they begin with. */
  private int sameAtEnd(Datum other, int start) {
    int most = Math.min(keys.length, other.keys.length) - start;
    int n = 0;
    while (n < most && isSame(keys.length - 1 - n, other, other.keys.length - 1 - n)) {
      n++;
    }
    return n;
  }

  @SuppressWarnings("ReferenceEquality") // equal ones that are not the same are merged
  private boolean isSame(int i, Datum other, int j) {
    return keys[i] == other.keys[j]
        && (values == null || other.values == null || values[i] == other.values[j]);
  }

  private void mergeEqual(
      Datum other, int i, int j, Merge how, List<Atom> outKeys, List<Atom> outValues) {
    boolean sameValue = values == null || other.values == null || values[i].equals(other.values[j]);
    switch (how) {
      case UNION -> append(outKeys, outValues, i);
      case SUBTRACT -> {
        if (!sameValue) {
          append(outKeys, outValues, i);
        }
      }
      case DIFF -> {
        if (!sameValue) {
          other.append(outKeys, outValues, j);
        }
      }
    }
  }

  private void append(List<Atom> outKeys, List<Atom> outValues, int i) {
    outKeys.add(keys[i]);
    if (values != null) {
      outValues.add(values[i]);
    }
  }

  /** Whether every element (and for a map its value) is also in {@code other}. */
  public boolean isIncludedIn(Datum other) {
    for (int i = 0; i < keys.length; i++) {
      int j = other.indexOf(keys[i]);
      if (j < 0 || (values != null && !values[i].equals(other.values[j]))) {
        return false;
      }
    }
    return true;
  }

  /** Whether no element (for a map: no equal pair) is in {@code other}. */
  public boolean isExcludedFrom(Datum other) {
    for (int i = 0; i < keys.length; i++) {
      int j = other.indexOf(keys[i]);
      if (j >= 0 && (values == null || values[i].equals(other.values[j]))) {
        return false;
      }
    }
    return true;
  }

  /** Complains about an element that {@code type} does not allow. */
  public void check(ColumnType type) throws OvsdbException {
    for (Atom key : keys) {
      type.key().check(key);
    }
    if (values != null && type.value() != null) {
      for (Atom value : values) {
        type.value().check(value);
      }
    }
  }

  /** The JSON of RFC 7047 {@code <value>}: a set of exactly one element is that element. */
  public JsonNode toJson(ColumnType type) {
    if (type.isMap()) {
      return wrap("map", mapElements());
    }
    if (keys.length == 1) {
      return keys[0].toJson();
    }
    ArrayNode elements = JsonNodeFactory.instance.arrayNode(keys.length);
    for (Atom key : keys) {
      elements.add(key.toJson());
    }
    return wrap("set", elements);
  }

  /** Writes what {@link #toJson} makes, without making it. */
  public void write(JsonGenerator json, ColumnType type) throws IOException {
    if (!type.isMap() && keys.length == 1) {
      keys[0].write(json);
      return;
    }
    json.writeStartArray();
    json.writeString(type.isMap() ? "map" : "set");
    json.writeStartArray();
    for (int i = 0; i < keys.length; i++) {
      if (type.isMap()) {
        json.writeStartArray();
        keys[i].write(json);
        values[i].write(json);
        json.writeEndArray();
      } else {
        keys[i].write(json);
      }
    }
    json.writeEndArray();
    json.writeEndArray();
  }

  private ArrayNode mapElements() {
    ArrayNode elements = JsonNodeFactory.instance.arrayNode(keys.length);
    for (int i = 0; i < keys.length; i++) {
      elements.add(
          JsonNodeFactory.instance.arrayNode(2).add(keys[i].toJson()).add(values[i].toJson()));
    }
    return elements;
  }

  private static JsonNode wrap(String name, ArrayNode inner) {
    return JsonNodeFactory.instance.arrayNode(2).add(name).add(inner);
  }

  /** The text that tools print: {@code [a, b]}, {@code {k=v}}, or a bare atom. */
  public String toText(ColumnType type) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < keys.length; i++) {
      text.append(i == 0 ? "" : ", ").append(keys[i].toText());
      if (values != null) {
        text.append('=').append(values[i].toText());
      }
    }
    if (!type.isComposite() && !isEmpty()) {
      return text.toString();
    }
    return type.isMap() ? "{" + text + "}" : "[" + text + "]";
  }

  /** The text for scripts: elements apart by blanks, no brackets and no quotes. */
  public String toBareText() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < keys.length; i++) {
      text.append(i == 0 ? "" : " ").append(keys[i].toBareText());
      if (values != null) {
        text.append('=').append(values[i].toBareText());
      }
    }
    return text.toString();
  }

  /** Fewer elements first, then key by key, then value by value: the order of sorted queries. */
  @Override
  public int compareTo(Datum other) {
    int bySize = Integer.compare(keys.length, other.keys.length);
    if (bySize != 0) {
      return bySize;
    }
    int byKeys = Arrays.compare(keys, other.keys);
    return byKeys != 0 || values == null ? byKeys : Arrays.compare(values, other.values);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Datum that
            && Arrays.equals(keys, that.keys)
            && Arrays.equals(values, that.values));
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(keys) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return toText(values == null ? ANY_SET : ANY_MAP);
  }

  private static final BaseType ANY = BaseType.of(AtomicType.STRING);
  private static final ColumnType ANY_SET = new ColumnType(ANY, null, 0, ColumnType.UNLIMITED);
  private static final ColumnType ANY_MAP = new ColumnType(ANY, ANY, 0, ColumnType.UNLIMITED);
}
