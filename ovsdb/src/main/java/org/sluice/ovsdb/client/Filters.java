package org.sluice.ovsdb.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * Which rows a client wants, by table, and whether the server has been told. Thread-safe.
 *
 * <p>A copy made under other filters cannot be continued after a broken connection: the server
 * would not send rows that have been there all the time.
 */
final class Filters {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final DatabaseSchema schema;
  private final Map<String, ArrayNode> where = new ConcurrentHashMap<>();

  /** Counts changes; the copy is that of {@code copied}, the server knows {@code told}. */
  private final AtomicInteger wanted = new AtomicInteger();

  private volatile int told;
  private volatile int copied;

  Filters(DatabaseSchema schema) {
    this.schema = schema;
  }

  void set(String table, List<RowFilter> any) {
    TableSchema tableSchema = schema.table(table);
    ArrayNode clauses = JSON.arrayNode();
    any.forEach(each -> clauses.add(each.toJson(tableSchema)));
    where.put(table, any.isEmpty() ? clauses.add(true) : clauses);
    wanted.incrementAndGet();
  }

  /** The condition of a table; null where there never was one. */
  ArrayNode where(String table) {
    return where.get(table);
  }

  /** Whether the copy is one under the filters of now. */
  boolean matchCopy() {
    return copied == wanted.get();
  }

  /** Whether the server does not know the filters of now. */
  boolean areNews() {
    return told != wanted.get();
  }

  /**
   * Notes that a request with all filters is going out; returns what to give to {@link #copied}.
   */
  int telling() {
    told = wanted.get();
    return told;
  }

  /** Notes that the copy is now one under the filters that {@link #telling} told. */
  void copied(int number) {
    copied = number;
  }

  /** The parameters that replace a monitor's conditions. */
  ArrayNode changes(String monitorId) {
    ObjectNode conditions = JSON.objectNode();
    where.forEach((table, clauses) -> conditions.putArray(table).addObject().set("where", clauses));
    return JSON.arrayNode().add(monitorId).add(monitorId).add(conditions);
  }
}
