package org.sluice.ovsdb.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.sluice.ovsdb.Seed;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ColumnSchema;

/**
 * Random transactions against the obvious model: plain maps of rows, and after every transaction a
 * check of the whole database. Ok or not, rows, reference counts and indexes must agree.
 */
class TransactionOracleTest {
  private static final int POOL = 12;

  @Test
  void shouldAgreeWithWholeDatabaseRecheck() {
    long seed = Seed.pick();
    Random random = Seed.random(seed);
    int committed = 0;
    for (int run = 0; run < 20; run++) {
      TestDatabase family = TestDatabase.family();
      WholeDatabaseModel model = new WholeDatabaseModel();
      for (int step = 0; step < 150; step++) {
        String where = "run %d step %d, %s".formatted(run, step, Seed.hint(seed));
        committed += step(random, family, model, where) ? 1 : 0;
      }
    }
    int steps = 20 * 150;
    assertTrue(committed > steps / 10 && committed < steps * 9 / 10, "committed " + committed);
  }

  private static boolean step(
      Random random, TestDatabase family, WholeDatabaseModel model, String where) {
    Transaction transaction = family.begin();
    WholeDatabaseModel next = model.copy();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      operate(random, family.database(), transaction, next);
    }
    boolean expected = next.settle();
    boolean undo = random.nextInt(10) == 0;
    boolean committed = commit(family.database(), transaction, undo);
    assertEquals(expected, committed, where);
    if (expected && !undo) {
      model.become(next);
    }
    assertEquals(model.rows(), snapshot(family.database()), where);
    checkCounts(family.database(), where);
    return committed;
  }

  private static boolean commit(Database database, Transaction transaction, boolean undo) {
    try {
      ChangeSet changes = CommitCheck.run(transaction);
      database.apply(changes);
      if (undo) {
        database.apply(changes.inverse());
      }
      return true;
    } catch (OvsdbException _) {
      return false;
    }
  }

  private static void operate(
      Random random, Database database, Transaction transaction, WholeDatabaseModel model) {
    Table table = List.copyOf(database.tables()).get(random.nextInt(3));
    UUID uuid = uuid(random, table.schema().name());
    Row row = transaction.row(table, uuid);
    if (row == null) {
      if (!transaction.mayInsert(table, uuid)) {
        return;
      }
      row = transaction.blank(table.schema(), uuid);
    } else if (random.nextInt(3) == 0) {
      transaction.delete(row);
      model.delete(row);
      return;
    }
    Row.Editor editor = row.edit();
    for (ColumnSchema column : table.schema().ownColumns()) {
      if (random.nextInt(2) == 0) {
        editor.set(column, value(random, column));
      }
    }
    transaction.put(editor.done());
    model.put(editor.done());
  }

  private static UUID uuid(Random random, String table) {
    return new UUID(table.hashCode(), random.nextInt(POOL));
  }

  private static Datum value(Random random, ColumnSchema column) {
    return switch (column.name()) {
      case "name" -> Datum.of("n" + random.nextInt(8));
      case "children", "next" -> someUuids(random, "Child", column);
      case "friends" -> someUuids(random, "Child", column);
      case "guardian", "to" -> someUuids(random, "Parent", column);
      case "heirs" -> heirs(random);
      default -> column.type().defaultValue();
    };
  }

  private static Datum someUuids(Random random, String table, ColumnSchema column) {
    int most = Math.min(3, column.type().max());
    List<UUID> uuids = new ArrayList<>();
    for (int i = column.type().min() + random.nextInt(most); i > 0; i--) {
      uuids.add(uuid(random, table));
    }
    return Datum.ofUuids(uuids.subList(0, Math.min(uuids.size(), column.type().max())));
  }

  private static Datum heirs(Random random) {
    Map<Atom, Atom> heirs = new HashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      heirs.put(Atom.of(random.nextLong(3)), Atom.of(uuid(random, "Child")));
    }
    return Datum.ofMap(heirs);
  }

  private static Map<UUID, List<Datum>> snapshot(Database database) {
    Map<UUID, List<Datum>> rows = new HashMap<>();
    for (Table table : database.tables()) {
      for (Row row : table.rows()) {
        rows.put(row.uuid(), row.values(table.schema().ownColumns()));
      }
    }
    return rows;
  }

  private static void checkCounts(Database database, String where) {
    Map<UUID, Integer> counts = new HashMap<>();
    for (Table table : database.tables()) {
      for (Row row : table.rows()) {
        References.strong(row, (_, _, to) -> counts.merge(to, 1, Integer::sum));
        for (int i = 0; i < table.schema().indexes().size(); i++) {
          assertEquals(row.uuid(), table.indexed(i, table.indexKey(row, i)), where);
        }
      }
    }
    for (Table table : database.tables()) {
      for (UUID uuid : table.uuids()) {
        assertEquals(counts.getOrDefault(uuid, 0), table.strongReferences(uuid), where);
      }
    }
  }
}
