package org.sluice.ovsdb.transaction;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Table.RowName;

/**
 * The committed state of one database, in memory. Belongs to one thread, its writer; the rows that
 * it hands out are immutable and may go anywhere.
 */
public final class Database {
  private final DatabaseSchema schema;
  private final Map<String, Table> tables = new LinkedHashMap<>();
  private UUID lastChange = Uuids.ZERO;

  /** An empty database. */
  public Database(DatabaseSchema schema) {
    this.schema = schema;
    for (TableSchema table : schema.tables()) {
      tables.put(table.name(), new Table(table));
    }
  }

  /** What the database may hold. */
  public DatabaseSchema schema() {
    return schema;
  }

  /** The database's name. */
  public String name() {
    return schema.name();
  }

  /** The table of that name, or null. */
  public Table table(String name) {
    return tables.get(name);
  }

  /** All tables, in the schema's order. */
  public Collection<Table> tables() {
    return tables.values();
  }

  Table table(TableSchema tableSchema) {
    return tables.get(tableSchema.name());
  }

  /** The id of the last change set applied, or zero. */
  public UUID lastChange() {
    return lastChange;
  }

  /** How many values there are in rows. */
  public long cells() {
    return tables.values().stream()
        .mapToLong(table -> (long) table.size() * table.schema().columns().size())
        .sum();
  }

  /** How many atoms the values are made of. */
  public long atoms() {
    return tables.values().stream()
        .flatMap(table -> table.rows().stream())
        .mapToLong(Row::atoms)
        .sum();
  }

  /**
   * Makes changes true that {@link CommitCheck} has found sound, or that take back the last ones
   * applied. Row places and indexes first, reference counts afterwards, so that the order of
   * changes within the set does not matter.
   */
  public void apply(ChangeSet changes) {
    changes.rows().forEach(this::unindex);
    for (RowChange change : changes.rows()) {
      Table table = table(change.table());
      if (change.after() != null) {
        table.put(change.after());
        table.index(change.after());
      }
    }
    changes.rows().forEach(this::moveReferences);
    for (RowChange change : changes.rows()) {
      if (change.after() == null) {
        table(change.table()).remove(change.uuid());
      }
    }
    if (!changes.isEmpty()) {
      lastChange = changes.id();
    }
  }

  /**
   * Fills an empty database with rows that are said to be sound; false, and it is empty as before,
   * if they are not: if a reference dangles, an index or a limit is broken, or nobody refers to a
   * row that needs it.
   */
  public boolean adopt(List<Row> rows) {
    boolean sound = true;
    for (Row row : rows) {
      sound &= table(row.table()).putNew(row);
    }
    for (Row row : rows) {
      sound = sound && adoptReferences(row);
    }
    sound = sound && tables.values().stream().allMatch(Table::isSound);
    if (!sound) {
      tables.values().forEach(Table::clear);
    } else if (!rows.isEmpty()) {
      lastChange = Uuids.quick();
    }
    return sound;
  }

  private boolean adoptReferences(Row row) {
    boolean[] whole = {true};
    References.strong(
        row,
        (_, name, to) -> {
          whole[0] &= table(name).row(to) != null;
          table(name).addStrongReferences(to, 1);
        });
    if (References.hasWeak(row.table())) {
      RowName referrer = new RowName(table(row.table()), row.uuid());
      References.weak(
          row,
          (_, name, to) -> {
            whole[0] &= table(name).row(to) != null;
            table(name).addWeakReferrer(to, referrer);
          });
    }
    return whole[0];
  }

  private void unindex(RowChange change) {
    if (change.before() != null) {
      table(change.table()).unindex(change.before());
    }
  }

  private void moveReferences(RowChange change) {
    References.strongDifference(
        change.before(),
        change.after(),
        (_, name, to) -> table(name).addStrongReferences(to, -1),
        (_, name, to) -> table(name).addStrongReferences(to, 1));
    if (References.hasWeak(change.table())) {
      RowName referrer = new RowName(table(change.table()), change.uuid());
      moveWeakReferences(change, referrer);
    }
  }

  private void moveWeakReferences(RowChange change, RowName referrer) {
    if (change.before() != null) {
      References.weak(
          change.before(), (_, name, to) -> table(name).removeWeakReferrer(to, referrer));
    }
    if (change.after() != null) {
      References.weak(change.after(), (_, name, to) -> table(name).addWeakReferrer(to, referrer));
    }
  }
}
