package org.sluice.ovsdb.transaction;

import java.util.UUID;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.DatumReader;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * A database's contents under another schema: tables and columns that it does not name are left
 * out, those that only it names get their default values, and all its constraints apply. Stateless.
 */
public final class SchemaConversion {
  private SchemaConversion() {}

  /** A new database with the contents of {@code from}, or what keeps it from being one. */
  public static Database convert(Database from, DatabaseSchema schema) throws OvsdbException {
    Database to = new Database(schema);
    Transaction transaction = new Transaction(to, UUID::randomUUID);
    for (Table table : from.tables()) {
      TableSchema target = schema.table(table.schema().name());
      if (target != null) {
        for (Row row : table.rows()) {
          transaction.put(convert(row, target));
        }
      }
    }
    to.apply(CommitCheck.run(transaction));
    return to;
  }

  private static Row convert(Row row, TableSchema target) throws OvsdbException {
    Row.Editor editor = Row.ofDefaults(target, row.uuid(), row.version()).edit();
    for (ColumnSchema column : row.table().ownColumns()) {
      ColumnSchema into = target.column(column.name());
      if (into != null) {
        editor.set(into, convert(row.get(column), column, into));
      }
    }
    return editor.done();
  }

  private static Datum convert(Datum value, ColumnSchema column, ColumnSchema into)
      throws OvsdbException {
    return column.type().equals(into.type())
        ? value
        : DatumReader.read(value.toJson(column.type()), into.type(), null);
  }
}
