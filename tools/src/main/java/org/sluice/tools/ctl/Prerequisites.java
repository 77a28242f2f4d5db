package org.sluice.tools.ctl;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.sluice.ovsdb.client.ClientConfig;
import org.sluice.ovsdb.data.BaseType;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * Collects which tables and columns the commands need to see, so that nothing else travels. Used by
 * one thread.
 */
public final class Prerequisites {
  private final Names names;
  private final Map<String, List<RowName>> rowNames;
  private ClientConfig config;

  Prerequisites(ClientConfig config, Names names, Map<String, List<RowName>> rowNames) {
    this.config = config;
    this.names = names;
    this.rowNames = rowNames;
  }

  /** Where abbreviations are looked up. */
  public Names names() {
    return names;
  }

  /** Adds columns of a table; without any, only its rows. */
  public void add(String table, String... columns) {
    config = config.monitorColumns(table, Arrays.asList(columns));
    TableSchema schema = names.schema().table(table);
    for (String column : columns) {
      addTarget(schema.column(column).type().key());
      addTarget(schema.column(column).type().value());
    }
  }

  /** Rows that a column refers to are seen as well, for what else is known of them. */
  private void addTarget(BaseType type) {
    if (type != null && type.reference() != null) {
      config = config.monitorColumns(type.reference().table(), List.of());
    }
  }

  /** Adds a column. */
  public void add(TableSchema table, ColumnSchema column) {
    add(table.name(), column.name());
  }

  /** Adds a table and whatever its rows are named by. */
  public TableSchema addNamed(String typed) {
    TableSchema table = names.table(typed);
    config = config.monitorColumns(table.name(), List.of());
    for (RowName name : rowNames.getOrDefault(table.name(), List.of())) {
      add(name.table(), name.column());
      if (name.reference() != null) {
        add(name.table(), name.reference());
      }
    }
    return table;
  }

  ClientConfig config() {
    return config;
  }
}
