package org.sluice.ovsdb.transaction;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * A private overlay on a {@link Database}: sees its own changes, and leaves no trace until it is
 * committed. Lives on the writer thread for the length of one request.
 */
public final class Transaction {
  /** A row that this transaction has touched. */
  static final class Entry {
    final Table table;
    final UUID uuid;
    final Row before;
    Row after;

    /** How many strong references to the row this transaction adds, less those it takes away. */
    int referencesDelta;

    Entry(Table table, UUID uuid, Row before, Row after) {
      this.table = table;
      this.uuid = uuid;
      this.before = before;
      this.after = after;
    }

    boolean isNoChange() {
      return before == null ? after == null : after != null && before.sameValues(after);
    }

    int references() {
      return table.strongReferences(uuid) + referencesDelta;
    }
  }

  private final Database database;
  private final Supplier<UUID> uuids;
  private final Map<Table, Map<UUID, Entry>> touched = new LinkedHashMap<>();
  private String comment;

  /**
   * Begins.
   *
   * @param uuids makes the UUIDs of new rows and versions
   */
  public Transaction(Database database, Supplier<UUID> uuids) {
    this.database = database;
    this.uuids = uuids;
  }

  /** What the transaction is about. */
  public Database database() {
    return database;
  }

  UUID newUuid() {
    return uuids.get();
  }

  /** The row as this transaction sees it, or null. */
  public Row row(Table table, UUID uuid) {
    Entry entry = entryOrNull(table, uuid);
    return entry == null ? table.row(uuid) : entry.after;
  }

  /** All rows of a table as this transaction sees them now; it may change them during the walk. */
  public List<Row> rows(Table table) {
    Map<UUID, Entry> entries = touched.get(table);
    if (entries == null) {
      return table.rows();
    }
    List<Row> rows = new ArrayList<>(table.size());
    for (Row row : table.rows()) {
      if (!entries.containsKey(row.uuid())) {
        rows.add(row);
      }
    }
    for (Entry entry : entries.values()) {
      if (entry.after != null) {
        rows.add(entry.after);
      }
    }
    return rows;
  }

  /** Whether a new row may have that UUID: no row has it, nor had it before this transaction. */
  boolean mayInsert(Table table, UUID uuid) {
    return entryOrNull(table, uuid) == null && table.row(uuid) == null;
  }

  /** A row of default values, not yet inserted. */
  Row blank(TableSchema table, UUID uuid) {
    return Row.ofDefaults(table, uuid, newUuid());
  }

  /** Inserts a row, or puts a changed copy in the place of one that is there. */
  public void put(Row row) {
    Table table = database.table(row.table());
    touch(table, row.uuid()).after = row;
  }

  /** Deletes a row. */
  public void delete(Row row) {
    touch(database.table(row.table()), row.uuid()).after = null;
  }

  /** Adds a line to the comment that goes into the file. */
  public void addComment(String line) {
    comment = comment == null ? line : comment + "\n" + line;
  }

  String comment() {
    return comment;
  }

  /** The entry of a row, made if this transaction has not touched the row yet. */
  Entry touch(Table table, UUID uuid) {
    Map<UUID, Entry> entries = touched.computeIfAbsent(table, _ -> new LinkedHashMap<>());
    Entry entry = entries.get(uuid);
    if (entry == null) {
      Row row = table.row(uuid);
      entry = new Entry(table, uuid, row, row);
      entries.put(uuid, entry);
    }
    return entry;
  }

  Entry entryOrNull(Table table, UUID uuid) {
    Map<UUID, Entry> entries = touched.get(table);
    return entries == null ? null : entries.get(uuid);
  }

  Collection<Table> touchedTables() {
    return touched.keySet();
  }

  /** The touched rows of one table, as a copy: more may be touched during a walk over it. */
  List<Entry> entries(Table table) {
    Map<UUID, Entry> entries = touched.get(table);
    return entries == null ? List.of() : List.copyOf(entries.values());
  }

  /** All touched rows, as a copy. */
  List<Entry> entries() {
    List<Entry> all = new ArrayList<>();
    touched.values().forEach(entries -> all.addAll(entries.values()));
    return all;
  }

  /** The rows that really change, each with a new version if it was there before. */
  ChangeSet changes() {
    return changes(newUuid());
  }

  ChangeSet changes(UUID id) {
    List<RowChange> changes = new ArrayList<>();
    for (Entry entry : entries()) {
      if (!entry.isNoChange()) {
        boolean modified = entry.before != null && entry.after != null;
        Row after = modified ? entry.after.withVersion(newUuid()) : entry.after;
        changes.add(new RowChange(entry.before, after));
      }
    }
    return new ChangeSet(id, changes, comment);
  }
}
