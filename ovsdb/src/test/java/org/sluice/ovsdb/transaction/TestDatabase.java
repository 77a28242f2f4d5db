package org.sluice.ovsdb.transaction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.sluice.ovsdb.data.JsonText;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;

/** A small database that tests drive with JSON in which single quotes stand for double ones. */
public final class TestDatabase {
  /** A root table of parents and a table of children that only live while referred to. */
  public static final String SCHEMA =
      """
      {'name':'family','version':'1.0.0','tables':{
        'Parent':{'isRoot':true,'maxRows':6,'indexes':[['name']],'columns':{
          'name':{'type':'string'},
          'age':{'type':{'key':{'type':'integer','minInteger':0,'maxInteger':150}}},
          'born':{'mutable':false,'type':'integer'},
          'mood':{'ephemeral':true,'type':'string'},
          'weights':{'type':{'key':'real','min':0,'max':3}},
          'tags':{'type':{'key':'string','value':'string','min':0,'max':'unlimited'}},
          'children':{'type':{'key':{'type':'uuid','refTable':'Child'},'min':0,'max':'unlimited'}},
          'heirs':{'type':{'key':'integer','value':{'type':'uuid','refTable':'Child'},
            'min':0,'max':4}},
          'friends':{'type':{'key':{'type':'uuid','refTable':'Child','refType':'weak'},
            'min':0,'max':'unlimited'}}}},
        'Child':{'columns':{
          'name':{'type':'string'},
          'next':{'type':{'key':{'type':'uuid','refTable':'Child'},'min':0,'max':1}},
          'guardian':{'type':{'key':{'type':'uuid','refTable':'Parent','refType':'weak'},
            'min':0,'max':1}}}},
        'Vow':{'isRoot':true,'columns':{
          'to':{'type':{'key':{'type':'uuid','refTable':'Parent','refType':'weak'},
            'min':1,'max':2}}}}}}
      """;

  private final Database database;
  private final Supplier<UUID> uuids;

  /** A database of that schema. */
  public TestDatabase(DatabaseSchema schema) {
    Random random = new Random(1);
    this.database = new Database(schema);
    this.uuids = () -> new UUID(random.nextLong(), random.nextLong());
  }

  /** An empty family. */
  public static TestDatabase family() {
    try {
      return new TestDatabase(DatabaseSchema.fromJson(json(SCHEMA)));
    } catch (OvsdbException e) {
      throw new AssertionError(e);
    }
  }

  /** Parses JSON in single quotes. */
  public static JsonNode json(String text) {
    return JsonText.parse(text.replace('\'', '"'));
  }

  /** Writes JSON in single quotes. */
  public static String text(JsonNode json) {
    return JsonText.of(json).replace('"', '\'');
  }

  /** What is driven. */
  public Database database() {
    return database;
  }

  /** Runs operations, given as the inside of the request's array, and commits. */
  public ArrayNode transact(String operations) {
    JsonNode params = json("['" + database.name() + "'," + operations + "]");
    return switch (new TransactionExecutor(database, uuids).execute(Request.of(params))) {
      case Outcome.Blocked _ -> throw new AssertionError("blocked");
      case Outcome.Failed(ArrayNode results) -> results;
      case Outcome.Ready(ArrayNode results, Transaction transaction) ->
          commit(results, transaction);
    };
  }

  private ArrayNode commit(ArrayNode results, Transaction transaction) {
    try {
      database.apply(CommitCheck.run(transaction));
    } catch (OvsdbException e) {
      results.add(e.error().toJson());
    }
    return results;
  }

  /** The result of the only operation, as text. */
  public String run(String operation) {
    ArrayNode results = transact(operation);
    return text(results.get(results.size() - 1));
  }

  /** A transaction that has touched nothing yet. */
  public Transaction begin() {
    return new Transaction(database, uuids);
  }
}
