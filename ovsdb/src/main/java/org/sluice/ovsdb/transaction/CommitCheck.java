package org.sluice.ovsdb.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.BaseType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.transaction.Table.RowName;
import org.sluice.ovsdb.transaction.Transaction.Entry;

/**
 * What happens between a transaction's last operation and its being true, in this order:
 *
 * <ol>
 *   <li>rows whose values did not really change are forgotten;
 *   <li>strong references are counted; one to a row that does not exist, or left to a row that is
 *       deleted, fails;
 *   <li>rows outside root tables that nobody refers to any more are deleted, and so on from them;
 *   <li>tables are held against {@code maxRows};
 *   <li>weak references to rows that are gone are taken out, which must not empty a column that may
 *       not be empty;
 *   <li>indexes are held against each other.
 * </ol>
 *
 * <p>The work is in proportion to what the transaction touched, not to the database. Lives on the
 * writer thread for the length of one commit.
 */
public final class CommitCheck {
  private final Transaction transaction;
  private final Database database;

  private CommitCheck(Transaction transaction) {
    this.transaction = transaction;
    this.database = transaction.database();
  }

  /** Completes and checks a transaction; the changes are not applied yet. */
  public static ChangeSet run(Transaction transaction) throws OvsdbException {
    CommitCheck check = new CommitCheck(transaction);
    check.countReferences();
    check.checkDeleted();
    check.collectGarbage();
    check.checkMaxRows();
    check.dropWeakReferences();
    new IndexCheck(transaction).run();
    return transaction.changes();
  }

  /**
   * The changes of a transaction that another server has checked already.
   *
   * @param id names the state that the database is in afterwards
   */
  public static ChangeSet replay(Transaction transaction, UUID id) {
    return transaction.changes(id);
  }

  private void countReferences() throws OvsdbException {
    for (Entry entry : transaction.entries()) {
      if (!entry.isNoChange()) {
        Row row = entry.after == null ? entry.before : entry.after;
        References.<OvsdbException>strongDifference(
            entry.before,
            entry.after,
            this::loseReference,
            (column, table, to) -> gain(row, column, table, to));
      }
    }
  }

  private void loseReference(ColumnSchema column, String tableName, UUID target) {
    transaction.touch(database.table(tableName), target).referencesDelta--;
  }

  private void gain(Row row, ColumnSchema column, String tableName, UUID target)
      throws OvsdbException {
    Table table = database.table(tableName);
    if (transaction.entryOrNull(table, target) == null && table.row(target) == null) {
      String text =
          "Table %s column %s row %s references nonexistent row %s in table %s."
              .formatted(row.table(), column.name(), row.uuid(), target, tableName);
      throw OvsdbError.of("referential integrity violation", text).thrown();
    }
    transaction.touch(table, target).referencesDelta++;
  }

  private void checkDeleted() throws OvsdbException {
    for (Entry entry : transaction.entries()) {
      if (entry.after == null && entry.references() > 0) {
        String text =
            "cannot delete %s row %s because of %d remaining reference(s)"
                .formatted(entry.table.schema(), entry.uuid, entry.references());
        throw OvsdbError.of("referential integrity violation", text).thrown();
      }
    }
  }

  private void collectGarbage() {
    ArrayList<Entry> pending = new ArrayList<>(transaction.entries());
    while (!pending.isEmpty()) {
      Entry entry = pending.removeLast();
      boolean garbage =
          entry.after != null && entry.references() == 0 && !entry.table.schema().isRoot();
      if (garbage) {
        Row row = entry.after;
        entry.after = null;
        References.strong(
            row,
            (_, name, to) -> {
              Entry target = transaction.touch(database.table(name), to);
              target.referencesDelta--;
              pending.add(target);
            });
      }
    }
  }

  private void checkMaxRows() throws OvsdbException {
    for (Table table : transaction.touchedTables()) {
      long rows = table.size();
      for (Entry entry : transaction.entries(table)) {
        rows += (entry.after == null ? 0 : 1) - (entry.before == null ? 0 : 1);
      }
      long limit = table.schema().maxRows();
      if (rows > limit) {
        String text =
            ("transaction causes \"%s\" table to contain %d rows, greater than the "
                    + "schema-defined limit of %d row(s)")
                .formatted(table.schema(), rows, limit);
        throw OvsdbError.of("constraint violation", text).thrown();
      }
    }
  }

  private void dropWeakReferences() throws OvsdbException {
    for (Entry entry : transaction.entries()) {
      if (entry.before != null && entry.after == null) {
        for (RowName referrer : entry.table.weakReferrers(entry.uuid)) {
          transaction.touch(referrer.table(), referrer.uuid());
        }
      }
    }
    for (Table table : List.copyOf(transaction.touchedTables())) {
      if (References.hasWeak(table.schema())) {
        for (Entry entry : transaction.entries(table)) {
          dropWeakReferences(entry);
        }
      }
    }
  }

  private void dropWeakReferences(Entry entry) throws OvsdbException {
    if (entry.after == null) {
      return;
    }
    for (ColumnSchema column : entry.table.schema().weakColumns()) {
      Datum value = entry.after.get(column);
      Datum kept = withoutDangling(column, value);
      if (kept.size() < value.size()) {
        checkNotEmptied(entry, column, value, kept);
        entry.after = entry.after.edit().set(column, kept).done();
      }
    }
  }

  private Datum withoutDangling(ColumnSchema column, Datum value) {
    List<Atom> dangling = new ArrayList<>();
    BaseType keyType = column.type().key();
    BaseType valueType = column.type().value();
    for (int i = 0; i < value.size(); i++) {
      boolean gone =
          isDangling(keyType, value, i, false)
              || (valueType != null && isDangling(valueType, value, i, true));
      if (gone) {
        dangling.add(value.key(i));
      }
    }
    return dangling.isEmpty() ? value : value.subtract(Datum.ofSet(dangling));
  }

  private boolean isDangling(BaseType type, Datum value, int i, boolean inValue) {
    if (!type.isWeakReference()) {
      return false;
    }
    UUID target = References.uuid(inValue ? value.value(i) : value.key(i));
    return transaction.row(database.table(References.target(type)), target) == null;
  }

  private static void checkNotEmptied(Entry entry, ColumnSchema column, Datum value, Datum kept)
      throws OvsdbException {
    if (kept.size() >= column.type().min()) {
      return;
    }
    boolean inserted = entry.before == null;
    boolean zero = value.containsKey(Atom.of(Uuids.ZERO));
    String text =
        inserted && zero
            ? ("Weak reference column \"%s\" in \"%s\" row %s (inserted within this transaction) "
                    + "contained all-zeros UUID (probably as the default value for this column) "
                    + "but deleting this value caused a constraint volation because this column "
                    + "is not allowed to be empty.")
                .formatted(column.name(), entry.table.schema(), entry.uuid)
            : ("Deletion of %d weak reference(s) to deleted (or never-existing) rows from column "
                    + "\"%s\" in \"%s\" row %s %scaused this column to become empty, but "
                    + "constraints on this column disallow an empty column.")
                .formatted(
                    value.size() - kept.size(),
                    column.name(),
                    entry.table.schema(),
                    entry.uuid,
                    inserted ? "(inserted within this transaction) " : "");
    throw OvsdbError.of("constraint violation", text).thrown();
  }
}
