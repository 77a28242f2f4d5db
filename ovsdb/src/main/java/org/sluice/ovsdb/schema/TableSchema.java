package org.sluice.ovsdb.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.sluice.ovsdb.data.AtomicType;
import org.sluice.ovsdb.data.BaseType;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.Identifiers;
import org.sluice.ovsdb.data.MemberReader;
import org.sluice.ovsdb.data.MemberReader.Kind;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;

/**
 * One table. Immutable.
 *
 * <p>Columns are numbered: {@link #UUID} and {@link #VERSION} first, then the schema's own in its
 * order. A row keeps its values in an array by these numbers.
 */
public final class TableSchema {
  /** The number of the column {@code _uuid}. */
  public static final int UUID = 0;

  /** The number of the column {@code _version}. */
  public static final int VERSION = 1;

  /** The number of the first column that the schema itself names. */
  public static final int FIRST_OWN = 2;

  /** No limit on the number of rows. */
  public static final long UNLIMITED_ROWS = Long.MAX_VALUE;

  private final String name;
  private final List<ColumnSchema> columns;
  private final List<ColumnSchema> ownColumns;
  private final List<ColumnSchema> strongColumns;
  private final List<ColumnSchema> weakColumns;
  private final List<ColumnSchema> columnsToSet;
  private final Datum[] defaults;
  private final Map<String, ColumnSchema> byName;
  private final boolean root;
  private final long maxRows;
  private final List<List<ColumnSchema>> indexes;

  TableSchema(
      String name,
      List<ColumnSchema> columns,
      boolean root,
      long maxRows,
      List<List<ColumnSchema>> indexes) {
    this.name = name;
    this.columns = List.copyOf(columns);
    this.ownColumns = List.copyOf(columns.subList(FIRST_OWN, columns.size()));
    this.strongColumns = those(column -> column.type().hasStrongReferences());
    this.weakColumns = those(column -> column.type().hasWeakReferences());
    this.columnsToSet = those(column -> !mayBeDefault(column));
    this.defaults =
        ownColumns.stream().map(column -> column.type().defaultValue()).toArray(Datum[]::new);
    this.byName = new LinkedHashMap<>();
    columns.forEach(column -> byName.put(column.name(), column));
    this.root = root;
    this.maxRows = maxRows;
    this.indexes = List.copyOf(indexes);
  }

  private List<ColumnSchema> those(Predicate<ColumnSchema> wanted) {
    return ownColumns.stream().filter(wanted).toList();
  }

  private static boolean mayBeDefault(ColumnSchema column) {
    try {
      column.type().defaultValue().check(column.type());
      return true;
    } catch (OvsdbException _) {
      return false;
    }
  }

  /** The table's name. */
  public String name() {
    return name;
  }

  /** All columns by number, {@code _uuid} and {@code _version} included. */
  public List<ColumnSchema> columns() {
    return columns;
  }

  /** The columns that the schema names. */
  public List<ColumnSchema> ownColumns() {
    return ownColumns;
  }

  /** Those of {@link #ownColumns} that keep other rows alive. */
  public List<ColumnSchema> strongColumns() {
    return strongColumns;
  }

  /** Those of {@link #ownColumns} that name other rows without keeping them alive. */
  public List<ColumnSchema> weakColumns() {
    return weakColumns;
  }

  /** Those of {@link #ownColumns} that may not hold what they do when nobody sets them. */
  public List<ColumnSchema> columnsToSet() {
    return columnsToSet;
  }

  /** Whether a column of the schema's own holds what it does when nobody set it. */
  public boolean isDefault(ColumnSchema column, Datum value) {
    return value.equals(defaults[column.index() - FIRST_OWN]);
  }

  /** What {@link #ownColumns} hold when nobody set them, for the caller to change. */
  public Datum[] defaults() {
    return defaults.clone();
  }

  /** The column of that name, or null. */
  public ColumnSchema column(String columnName) {
    return byName.get(columnName);
  }

  /** The column of that name, or the error that says there is none. */
  public ColumnSchema column(String columnName, JsonNode json) throws OvsdbException {
    ColumnSchema column = byName.get(columnName);
    if (column == null) {
      String text = "No column %s in table %s.".formatted(columnName, name);
      throw OvsdbError.syntax("unknown column", json, text).thrown();
    }
    return column;
  }

  /** Whether rows live without a strong reference to them. */
  public boolean isRoot() {
    return root;
  }

  /** The largest number of rows. */
  public long maxRows() {
    return maxRows;
  }

  /** Lists of columns whose values taken together differ between any two rows. */
  public List<List<ColumnSchema>> indexes() {
    return indexes;
  }

  TableSchema asRoot() {
    return new TableSchema(name, columns, true, maxRows, indexes);
  }

  static TableSchema fromJson(String name, JsonNode json) throws OvsdbException {
    MemberReader members = new MemberReader(json, "table schema for table " + name);
    JsonNode columnsJson = members.required("columns", Kind.OBJECT);
    boolean mutable = members.flag("mutable", true);
    JsonNode maxRows = members.optional("maxRows", Kind.INTEGER);
    boolean root = members.flag("isRoot", false);
    JsonNode indexes = members.optional("indexes", Kind.ARRAY);
    members.finish();
    if (maxRows != null && maxRows.longValue() <= 0) {
      throw OvsdbError.syntax(json, "maxRows must be at least 1").thrown();
    }
    if (columnsJson.isEmpty()) {
      throw OvsdbError.syntax(json, "table must have at least one column").thrown();
    }
    List<ColumnSchema> columns = columnsFromJson(json, columnsJson, mutable);
    long limit = maxRows == null ? UNLIMITED_ROWS : maxRows.longValue();
    TableSchema plain = new TableSchema(name, columns, root, limit, List.of());
    return indexes == null
        ? plain
        : new TableSchema(name, columns, root, limit, indexesFromJson(plain, json, indexes));
  }

  private static List<ColumnSchema> columnsFromJson(
      JsonNode json, JsonNode columnsJson, boolean mutable) throws OvsdbException {
    ColumnType uuid = ColumnType.scalar(BaseType.of(AtomicType.UUID));
    List<ColumnSchema> columns = new ArrayList<>();
    columns.add(new ColumnSchema("_uuid", uuid, false, true, UUID));
    columns.add(new ColumnSchema("_version", uuid, false, false, VERSION));
    for (Map.Entry<String, JsonNode> entry : columnsJson.properties()) {
      checkName(json, entry.getKey());
      ColumnSchema column = ColumnSchema.fromJson(entry.getKey(), entry.getValue(), columns.size());
      columns.add(mutable ? column : immutable(column));
    }
    return columns;
  }

  private static ColumnSchema immutable(ColumnSchema column) {
    return new ColumnSchema(
        column.name(), column.type(), false, column.persistent(), column.index());
  }

  static void checkName(JsonNode json, String name) throws OvsdbException {
    if (name.startsWith("_")) {
      throw OvsdbError.syntax(json, "names beginning with \"_\" are reserved").thrown();
    }
    if (!Identifiers.isId(name)) {
      throw OvsdbError.syntax(json, "name must be a valid id").thrown();
    }
  }

  private static List<List<ColumnSchema>> indexesFromJson(
      TableSchema table, JsonNode json, JsonNode indexes) throws OvsdbException {
    List<List<ColumnSchema>> out = new ArrayList<>();
    for (JsonNode index : indexes) {
      List<ColumnSchema> columns = table.columnSet(index);
      if (columns.isEmpty()) {
        throw OvsdbError.syntax(json, "index must have at least one column").thrown();
      }
      for (ColumnSchema column : columns) {
        if (!column.persistent()) {
          String text =
              "ephemeral columns (such as %s) may not be indexed".formatted(column.name());
          throw OvsdbError.syntax(json, text).thrown();
        }
      }
      out.add(columns);
    }
    return out;
  }

  /** Reads an array of distinct column names of this table; null means all of them. */
  public List<ColumnSchema> columnSet(JsonNode json) throws OvsdbException {
    if (json == null) {
      return columns;
    }
    if (!json.isArray()) {
      throw OvsdbError.syntax(json, "array of distinct column names expected").thrown();
    }
    List<ColumnSchema> out = new ArrayList<>();
    for (JsonNode element : json) {
      if (!element.isTextual()) {
        throw OvsdbError.syntax(json, "array of distinct column names expected").thrown();
      }
      ColumnSchema column = byName.get(element.textValue());
      if (column == null) {
        String text = "%s is not a valid column name".formatted(element.textValue());
        throw OvsdbError.syntax(json, text).thrown();
      }
      if (out.contains(column)) {
        throw OvsdbError.syntax(json, "array of distinct column names expected").thrown();
      }
      out.add(column);
    }
    return List.copyOf(out);
  }

  JsonNode toJson(boolean withRoot) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (withRoot && root) {
      json.put("isRoot", true);
    }
    ObjectNode columnsJson = json.putObject("columns");
    ownColumns().forEach(column -> columnsJson.set(column.name(), column.toJson()));
    if (maxRows != UNLIMITED_ROWS) {
      json.put("maxRows", maxRows);
    }
    if (!indexes.isEmpty()) {
      ArrayNode indexesJson = json.putArray("indexes");
      for (List<ColumnSchema> index : indexes) {
        ArrayNode names = indexesJson.addArray();
        index.forEach(column -> names.add(column.name()));
      }
    }
    return json;
  }

  @Override
  public String toString() {
    return name;
  }
}
