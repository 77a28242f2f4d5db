package org.sluice.ovsdb.transaction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.DatumReader;
import org.sluice.ovsdb.data.MemberReader;
import org.sluice.ovsdb.data.MemberReader.Kind;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * The ten operations of RFC 7047 section 5.2. Lives on the writer thread for the length of one
 * request.
 */
final class Operations {
  /** Says that a {@code wait} is to be tried again later. */
  static final class BlockedException extends Exception {
    private static final long serialVersionUID = 1L;

    BlockedException() {
      super(null, null, false, false);
    }
  }

  private static final Set<String> READ_ONLY =
      Set.of("select", "wait", "abort", "comment", "assert");

  private final Transaction transaction;
  private final Request request;
  private final AccessRules rules;
  private final Allowance allowance;
  private final Map<String, UUID> names = new HashMap<>();
  private final Set<String> inserted = new HashSet<>();
  private long shortestTimeoutMs = Long.MAX_VALUE;

  Operations(Transaction transaction, Request request, Allowance allowance) {
    this.transaction = transaction;
    this.request = request;
    this.allowance = allowance;
    this.rules =
        new AccessRules(
            transaction.database(), request.sender().role(), request.sender().clientId());
  }

  static boolean isReadOnly(String name) {
    return READ_ONLY.contains(name);
  }

  long shortestTimeoutMs() {
    return shortestTimeoutMs;
  }

  void run(String name, MemberReader members, ObjectNode result)
      throws OvsdbException, BlockedException {
    switch (name) {
      case "insert" -> insert(members, result);
      case "select" -> select(members, result);
      case "update" -> update(members, result);
      case "mutate" -> mutate(members, result);
      case "delete" -> delete(members, result);
      case "wait" -> await(members);
      case "commit" -> members.required("durable", Kind.BOOLEAN);
      case "abort" -> throw OvsdbError.of("aborted", "aborted by request").thrown();
      case "comment" ->
          transaction.addComment(members.required("comment", Kind.STRING).textValue());
      case "assert" -> assertLock(members);
      default -> throw members.fail("No operation \"%s\"".formatted(name));
    }
  }

  private UUID uuidOf(String name) {
    return names.computeIfAbsent(name, _ -> transaction.newUuid());
  }

  private Table table(MemberReader members) throws OvsdbException {
    String name = members.required("table", Kind.ID).textValue();
    Table table = transaction.database().table(name);
    if (table == null) {
      throw members.fail("No table named %s.".formatted(name));
    }
    return table;
  }

  private Condition where(Table table, JsonNode json) throws OvsdbException {
    return Condition.fromJson(table.schema(), json, this::uuidOf);
  }

  private Map<ColumnSchema, Datum> values(Table table, JsonNode json) throws OvsdbException {
    if (!json.isObject()) {
      throw OvsdbError.syntax(json, "row must be JSON object").thrown();
    }
    Map<ColumnSchema, Datum> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      ColumnSchema column = table.schema().column(entry.getKey(), json);
      values.put(column, DatumReader.read(entry.getValue(), column.type(), this::uuidOf));
    }
    return values;
  }

  private static Row with(Row row, Map<ColumnSchema, Datum> values) {
    Row.Editor editor = row.edit();
    values.forEach(editor::set);
    return editor.done();
  }

  private void insert(MemberReader members, ObjectNode result) throws OvsdbException {
    Table table = table(members);
    JsonNode uuidJson = members.optional("uuid", Kind.STRING);
    JsonNode nameJson = members.optional("uuid-name", Kind.ID);
    JsonNode rowJson = members.required("row", Kind.OBJECT);
    UUID uuid = uuidJson == null ? null : givenUuid(table, uuidJson);
    uuid = nameJson == null ? uuid : named(nameJson, uuid);
    uuid = uuid == null ? transaction.newUuid() : uuid;
    Map<ColumnSchema, Datum> values = values(table, rowJson);
    Row row = with(transaction.blank(table.schema(), uuid), values);
    for (ColumnSchema column : table.schema().columnsToSet()) {
      if (!values.containsKey(column)) {
        row.get(column).check(column.type());
      }
    }
    rules.checkInsert(row);
    transaction.put(row);
    result.putArray("uuid").add("uuid").add(uuid.toString());
  }

  private UUID givenUuid(Table table, JsonNode json) throws OvsdbException {
    UUID uuid = Uuids.parse(json.textValue());
    if (uuid == null) {
      throw OvsdbError.syntax(json, "bad uuid").thrown();
    }
    if (!transaction.mayInsert(table, uuid)) {
      String text =
          ("This UUID would duplicate a UUID already present within the \"%s\" table or deleted "
                  + "from this table within the same transaction.")
              .formatted(table.schema());
      throw OvsdbError.syntax("duplicate uuid", json, text).thrown();
    }
    return uuid;
  }

  private UUID named(JsonNode json, UUID given) throws OvsdbException {
    String name = json.textValue();
    if (!inserted.add(name)) {
      String text = "This \"uuid-name\" appeared on an earlier \"insert\" operation.";
      throw OvsdbError.syntax("duplicate uuid-name", json, text).thrown();
    }
    if (given != null) {
      names.put(name, given);
    }
    return uuidOf(name);
  }

  private void select(MemberReader members, ObjectNode result) throws OvsdbException {
    Table table = table(members);
    JsonNode whereJson = members.required("where", Kind.ARRAY);
    JsonNode columnsJson = members.optional("columns", Kind.ARRAY);
    JsonNode sortJson = members.optional("sort", Kind.ARRAY);
    Condition where = where(table, whereJson);
    List<ColumnSchema> columns = table.schema().columnSet(columnsJson);
    List<ColumnSchema> sort = sortJson == null ? List.of() : table.schema().columnSet(sortJson);
    Map<List<Datum>, Row> distinct = new LinkedHashMap<>();
    for (Row row : where.select(transaction, table)) {
      distinct.putIfAbsent(row.values(columns), row);
    }
    ArrayNode rows = result.putArray("rows");
    for (Row row : distinct.values().stream().sorted(Row.orderBy(sort)).toList()) {
      allowance.takeFound(row, columns);
      rows.add(row.toJson(columns));
    }
  }

  private void update(MemberReader members, ObjectNode result) throws OvsdbException {
    Table table = table(members);
    JsonNode whereJson = members.required("where", Kind.ARRAY);
    JsonNode rowJson = members.required("row", Kind.OBJECT);
    Map<ColumnSchema, Datum> values = values(table, rowJson);
    for (ColumnSchema column : values.keySet()) {
      if (!column.mutable()) {
        String text =
            "Cannot update immutable column %s in table %s."
                .formatted(column.name(), table.schema());
        throw OvsdbError.syntax("constraint violation", members.json(), text).thrown();
      }
    }
    List<Row> rows = where(table, whereJson).select(transaction, table);
    rules.checkModify(table, rows, values.keySet(), "modification of");
    rows.forEach(row -> transaction.put(with(row, values)));
    result.put("count", rows.size());
  }

  private void mutate(MemberReader members, ObjectNode result) throws OvsdbException {
    Table table = table(members);
    JsonNode whereJson = members.required("where", Kind.ARRAY);
    JsonNode mutationsJson = members.required("mutations", Kind.ARRAY);
    TableSchema schema = table.schema();
    List<Mutation> mutations = Mutation.listFromJson(schema, mutationsJson, this::uuidOf);
    List<Row> rows = where(table, whereJson).select(transaction, table);
    List<ColumnSchema> columns = mutations.stream().map(Mutation::column).toList();
    if (!mutations.isEmpty()) {
      rules.checkModify(table, rows, columns, "mutate operation on");
    }
    for (Row row : rows) {
      Row mutated = row;
      for (Mutation mutation : mutations) {
        mutated = mutation.apply(mutated);
      }
      transaction.put(mutated);
    }
    result.put("count", rows.size());
  }

  private void delete(MemberReader members, ObjectNode result) throws OvsdbException {
    Table table = table(members);
    JsonNode whereJson = members.required("where", Kind.ARRAY);
    List<Row> rows = where(table, whereJson).select(transaction, table);
    rules.checkDelete(table, rows);
    rows.forEach(transaction::delete);
    result.put("count", rows.size());
  }

  private void await(MemberReader members) throws OvsdbException, BlockedException {
    JsonNode timeoutJson = members.optional("timeout", Kind.INTEGER);
    JsonNode whereJson = members.required("where", Kind.ARRAY);
    JsonNode columnsJson = members.optional("columns", Kind.ARRAY);
    JsonNode untilJson = members.required("until", Kind.STRING);
    JsonNode rowsJson = members.required("rows", Kind.ARRAY);
    Table table = table(members);
    Condition where = where(table, whereJson);
    List<ColumnSchema> columns = table.schema().columnSet(columnsJson);
    long timeoutMs = timeoutMs(timeoutJson);
    boolean untilEqual = untilEqual(untilJson);
    boolean equal = expected(table, columns, rowsJson).equals(actual(where, table, columns));
    if (equal != untilEqual) {
      giveUpOrBlock(timeoutMs);
    }
  }

  private static boolean untilEqual(JsonNode json) throws OvsdbException {
    String until = json.textValue();
    if (!until.equals("==") && !until.equals("!=")) {
      throw OvsdbError.syntax(json, "\"until\" must be \"==\" or \"!=\"").thrown();
    }
    return until.equals("==");
  }

  private long timeoutMs(JsonNode json) throws OvsdbException {
    if (json == null) {
      return Long.MAX_VALUE;
    }
    if (json.longValue() < 0) {
      throw OvsdbError.syntax(json, "timeout must be nonnegative").thrown();
    }
    shortestTimeoutMs = Math.min(shortestTimeoutMs, json.longValue());
    return json.longValue();
  }

  private Set<List<Datum>> expected(Table table, List<ColumnSchema> columns, JsonNode rows)
      throws OvsdbException {
    Set<List<Datum>> expected = new LinkedHashSet<>();
    for (JsonNode json : rows) {
      Map<ColumnSchema, Datum> values = values(table, json);
      expected.add(
          columns.stream()
              .map(column -> values.getOrDefault(column, column.type().defaultValue()))
              .toList());
    }
    return expected;
  }

  private Set<List<Datum>> actual(Condition where, Table table, List<ColumnSchema> columns) {
    Set<List<Datum>> actual = new LinkedHashSet<>();
    where.select(transaction, table).forEach(row -> actual.add(row.values(columns)));
    return actual;
  }

  private void giveUpOrBlock(long timeoutMs) throws OvsdbException, BlockedException {
    boolean once = request.elapsedMs() == Request.ONCE;
    if (once && timeoutMs > 0) {
      throw OvsdbError.of("not supported", "triggers not supported").thrown();
    }
    if (!once && request.elapsedMs() < timeoutMs) {
      throw new BlockedException();
    }
    String text =
        request.elapsedMs() <= 0
            ? "\"where\" clause test failed"
            : "\"wait\" timed out after %d ms".formatted(request.elapsedMs());
    throw OvsdbError.of("timed out", text).thrown();
  }

  private void assertLock(MemberReader members) throws OvsdbException {
    String lock = members.required("lock", Kind.ID).textValue();
    if (!request.sender().holds(lock)) {
      throw OvsdbError.of("not owner", "Asserted lock %s not held.".formatted(lock)).thrown();
    }
  }
}
