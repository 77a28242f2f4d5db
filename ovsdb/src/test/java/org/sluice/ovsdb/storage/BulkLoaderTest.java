package org.sluice.ovsdb.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.sluice.ovsdb.Seed;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.transaction.Adoption;
import org.sluice.ovsdb.transaction.CommitCheck;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.Table;
import org.sluice.ovsdb.transaction.TestDatabase;
import org.sluice.ovsdb.transaction.Transaction;

/** Reading a whole database at once, against reading it as a transaction. */
class BulkLoaderTest {
  private static final String PARENT = "00000000-0000-4000-8000-0000000000%02d";
  private static final String CHILD = "00000000-0000-4000-9000-0000000000%02d";

  private static Database empty() throws OvsdbException {
    return new Database(DatabaseSchema.fromJson(TestDatabase.json(TestDatabase.SCHEMA)));
  }

  private static boolean load(String record, Database into) {
    return load(List.of(record), into);
  }

  private static boolean load(List<String> records, Database into) {
    Adoption adoption = new Adoption(into);
    for (String record : records) {
      byte[] bytes = record.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      List<Row> rows = BulkLoader.rows(bytes, into.schema());
      if (rows == null || !adoption.add(rows)) {
        return false;
      }
    }
    return adoption.finish();
  }

  private static void replay(String record, Database into) throws OvsdbException {
    JsonNode json = TestDatabase.json(record);
    Transaction transaction = new Transaction(into, UUID::randomUUID);
    ChangeJson.read(json, transaction);
    into.apply(CommitCheck.run(transaction));
  }

  /** All rows, in order, without their versions. */
  private static String text(Database database) {
    TreeMap<String, String> rows = new TreeMap<>();
    for (Table table : database.tables()) {
      for (Row row : table.rows()) {
        rows.put(row.toString(), row.toJson(table.schema().ownColumns()).toString());
      }
    }
    return rows.toString();
  }

  /** Parents with random values, who have children that they share. */
  private static String random(Random random) {
    StringBuilder parents = new StringBuilder();
    StringBuilder children = new StringBuilder();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      String child = CHILD.formatted(i);
      children.append("%s'%s':{'name':'c%d'}".formatted(i == 0 ? "" : ",", child, i));
      parents
          .append(i == 0 ? "" : ",")
          .append(
              ("'%s':{'name':'p%d','age':%d,'weights':['set',[%s]],"
                      + "'tags':['map',[['z','1'],['a','%d']]],"
                      + "'children':['set',[['uuid','%s'],['uuid','%s']]],"
                      + "'friends':['uuid','%s']}")
                  .formatted(
                      PARENT.formatted(i),
                      i,
                      random.nextInt(150),
                      random.nextBoolean() ? "" : "2.5,1",
                      random.nextInt(9),
                      child,
                      CHILD.formatted((i + 1) % count),
                      child));
    }
    String text =
        "{'Parent':{%s},'Child':{%s},'_date':1,'_comment':'x'}".formatted(parents, children);
    return count == 1 ? text.replace(",['uuid','" + CHILD.formatted(0) + "']]]", "]]") : text;
  }

  @Test
  void shouldMakeTheSameRowsAsATransactionDoes() throws OvsdbException {
    long seed = Seed.pick();
    Random random = Seed.random(seed);
    for (int i = 0; i < 200; i++) {
      String record = random(random);
      Database bulk = empty();
      Database slow = empty();
      assertTrue(load(record, bulk), record);
      replay(record, slow);
      assertEquals(text(slow), text(bulk), record);
      // References are counted: with their parents, children go.
      for (Database database : new Database[] {bulk, slow}) {
        Transaction transaction = new Transaction(database, UUID::randomUUID);
        database.table("Parent").rows().forEach(transaction::delete);
        database.apply(CommitCheck.run(transaction));
        assertEquals(0, database.table("Child").size(), record);
      }
    }
  }

  /** Whatever a record looks like: if it is taken at all, it is taken for what it says. */
  @Test
  void shouldReadTextAndNumbersAsTheOtherWayDoesOrNotAtAll() throws OvsdbException {
    List<String> taken =
        List.of(
            "'name':'plain'",
            "'name':'\u00e4 \u20ac \ud83d\ude00'",
            "'name':'tab\\t quote\\\" slash\\/ back\\\\'",
            "'name':'a','age':0",
            " 'name' : 'a' , 'age' : 7 ",
            "'name':'a','weights':['set',[-1,1e2,2.5E-1]]",
            "'name':'a','weights':1.5",
            "'name':'a','tags':['map',[['b','1'],['a','2'],['','x']]]",
            "'name':'a','children':['set',[]]");
    for (String row : taken) {
      String record = "{'Parent':{'%s':{%s}}}".formatted(PARENT.formatted(1), row);
      Database bulk = empty();
      Database slow = empty();
      assertTrue(load(record, bulk), record);
      replay(record, slow);
      assertEquals(text(slow), text(bulk), record);
    }
    List<String> left =
        List.of(
            "'name':'half \\ud83d'",
            "'name':'by number \\u0041'",
            "'name':'a','age':007",
            "'name':'a','age':-",
            "'name':'a','age':1.0",
            "'name':'a','age':99999999999999999999",
            "'name':'a','weights':['set',[1.]]",
            "'name':'a','weights':['set',[1,1]]",
            "'name':'a','weights':['set',[1,]]",
            "'name':'a',",
            "'name':'a' 'age':1",
            "'name':'line\nfeed'",
            "'name':'a','nothing':1");
    for (String row : left) {
      String record = "{'Parent':{'%s':{%s}}}".formatted(PARENT.formatted(1), row);
      assertFalse(load(record, empty()), record);
    }
    assertFalse(load("{'Parent':{}} x", empty()));
    assertFalse(load("{'Parent':{}", empty()));
    assertFalse(load("{'_comment':{},'Parent':{}}", empty()));
  }

  /** Any byte may be any other: the same rows, or none. */
  @Test
  void shouldNotMisreadDamagedRecords() {
    long seed = Seed.pick();
    Random random = Seed.random(seed);
    int same = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = random(random).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      try {
        Database bulk = empty();
        List<Row> rows = BulkLoader.rows(bytes, bulk.schema());
        Adoption adoption = new Adoption(bulk);
        if (rows != null && adoption.add(rows) && adoption.finish()) {
          Database slow = empty();
          Transaction transaction = new Transaction(slow, UUID::randomUUID);
          ChangeJson.read(new ObjectMapper().readTree(bytes), transaction);
          slow.apply(CommitCheck.run(transaction));
          assertEquals(text(slow), text(bulk), () -> Seed.hint(seed));
          same++;
        }
      } catch (OvsdbException | IOException e) {
        throw new AssertionError("only the other way refuses: " + Seed.hint(seed), e);
      }
    }
    assertTrue(same > 100, "most damage is noticed, not all: " + same);
  }

  @Test
  void shouldTakeSeveralRecordsOnlyIfEachIsSoundByItself() throws OvsdbException {
    String first = PARENT.formatted(1);
    String second = PARENT.formatted(2);
    String child = CHILD.formatted(1);
    String family =
        "{'Parent':{'%s':{'name':'a','children':['uuid','%s']}},'Child':{'%s':{'name':'c'}}}"
            .formatted(first, child, child);
    String friend =
        "{'Parent':{'%s':{'name':'b','children':['uuid','%s']}}}".formatted(second, child);
    Database bulk = empty();
    Database slow = empty();
    assertTrue(load(List.of(family, friend), bulk));
    replay(family, slow);
    replay(friend, slow);
    assertEquals(text(slow), text(bulk));
    assertFalse(load(List.of(friend, family), empty()), "refers to what is not there yet");
    assertFalse(load(List.of(family, family), empty()), "the same rows again");
    String orphan = "{'Child':{'%s':{'name':'d'}}}".formatted(CHILD.formatted(2));
    assertFalse(load(List.of(family, orphan), empty()), "nobody refers to it");
  }

  @Test
  void shouldLeaveToOthersWhatIsNotSound() throws OvsdbException {
    String parent = PARENT.formatted(1);
    String child = CHILD.formatted(1);
    for (String record :
        new String[] {
          "{'Child':{'%s':{'name':'nobody refers to me'}}}".formatted(child),
          "{'Parent':{'%s':{'children':['uuid','%s']}}}".formatted(parent, child),
          "{'Parent':{'%s':{'friends':['uuid','%s']}}}".formatted(parent, child),
          "{'Parent':{'%s':{'name':'x'},'%s':{'name':'x'}}}".formatted(parent, PARENT.formatted(2)),
          "{'Parent':{'%s':{'age':-1}}}".formatted(parent),
          "{'Parent':{'%s':{'age':1.5}}}".formatted(parent),
          "{'Parent':{'%s':{'weights':['set',[1,1]]}}}".formatted(parent),
          "{'Parent':{'%s':{'weights':['map',[]]}}}".formatted(parent),
          "{'Parent':{'%s':{'unknown':1}}}".formatted(parent),
          "{'Parent':{'%s':{'_uuid':1}}}".formatted(parent),
          "{'Parent':{'%s':null}}".formatted(parent),
          "{'Parent':{'x':{}}}",
          "{'Unknown':{}}",
          "[]",
          "{'Parent':{"
        }) {
      Database database = empty();
      assertFalse(load(record, database), record);
      assertEquals("{}", text(database), record);
    }
  }
}
