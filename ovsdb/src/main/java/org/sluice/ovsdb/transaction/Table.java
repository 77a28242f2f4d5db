package org.sluice.ovsdb.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * The committed rows of one table, how often each is strongly referred to, who refers to it weakly,
 * and the unique indexes. Belongs to the database's writer thread.
 */
public final class Table {
  /** Names one row of one table. */
  record RowName(Table table, UUID uuid) {
    @Override
    public boolean equals(Object other) {
      return other instanceof RowName that && table == that.table && uuid.equals(that.uuid);
    }

    @Override
    public int hashCode() {
      return uuid.hashCode();
    }
  }

  /** A row's place: the current snapshot and what the rest of the database says about it. */
  static final class Slot {
    private Row row;
    private int strongReferences;
    private Set<RowName> weakReferrers = Set.of();
  }

  private final TableSchema schema;
  private final Map<UUID, Slot> slots = new HashMap<>();
  private final List<Map<List<Datum>, UUID>> indexes = new ArrayList<>();

  Table(TableSchema schema) {
    this.schema = schema;
    schema.indexes().forEach(_ -> indexes.add(new HashMap<>()));
  }

  /** What the table may hold. */
  public TableSchema schema() {
    return schema;
  }

  /** How many rows there are. */
  public int size() {
    return slots.size();
  }

  /** The row, or null. */
  public Row row(UUID uuid) {
    Slot slot = slots.get(uuid);
    return slot == null ? null : slot.row;
  }

  /** All rows as they are now, in no order; later changes do not show. */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>(slots.size());
    slots.values().forEach(slot -> rows.add(slot.row));
    return rows;
  }

  Set<UUID> uuids() {
    return slots.keySet();
  }

  int strongReferences(UUID uuid) {
    Slot slot = slots.get(uuid);
    return slot == null ? 0 : slot.strongReferences;
  }

  Set<RowName> weakReferrers(UUID uuid) {
    Slot slot = slots.get(uuid);
    return slot == null ? Set.of() : slot.weakReferrers;
  }

  /** The row that has {@code key} in the {@code i}-th index, or null. */
  UUID indexed(int i, List<Datum> key) {
    return indexes.get(i).get(key);
  }

  void unindex(Row row) {
    for (int i = 0; i < indexes.size(); i++) {
      indexes.get(i).remove(indexKey(row, i), row.uuid());
    }
  }

  void index(Row row) {
    for (int i = 0; i < indexes.size(); i++) {
      indexes.get(i).put(indexKey(row, i), row.uuid());
    }
  }

  List<Datum> indexKey(Row row, int i) {
    List<ColumnSchema> columns = schema.indexes().get(i);
    return row.values(columns);
  }

  void put(Row row) {
    slots.computeIfAbsent(row.uuid(), _ -> new Slot()).row = row;
  }

  void remove(UUID uuid) {
    slots.remove(uuid);
  }

  void clear() {
    slots.clear();
    indexes.forEach(Map::clear);
  }

  /** Puts a row in its place and into the indexes; false if another has its place there. */
  boolean putNew(Row row) {
    Slot slot = new Slot();
    slot.row = row;
    boolean alone = slots.put(row.uuid(), slot) == null;
    for (int i = 0; i < indexes.size(); i++) {
      alone &= indexes.get(i).put(indexKey(row, i), row.uuid()) == null;
    }
    return alone;
  }

  /** Whether there are not too many rows, and all of them have a reason to be there. */
  boolean isSound() {
    return slots.size() <= schema.maxRows()
        && (schema.isRoot() || slots.values().stream().allMatch(slot -> slot.strongReferences > 0));
  }

  void addStrongReferences(UUID uuid, int delta) {
    Slot slot = slots.get(uuid);
    if (slot != null) {
      slot.strongReferences += delta;
      assert slot.strongReferences >= 0 : schema.name() + " " + uuid;
    }
  }

  void addWeakReferrer(UUID uuid, RowName referrer) {
    Slot slot = slots.get(uuid);
    if (slot != null) {
      if (slot.weakReferrers.isEmpty()) {
        slot.weakReferrers = new HashSet<>(2);
      }
      slot.weakReferrers.add(referrer);
    }
  }

  void removeWeakReferrer(UUID uuid, RowName referrer) {
    Slot slot = slots.get(uuid);
    if (slot != null) {
      slot.weakReferrers.remove(referrer);
    }
  }
}
