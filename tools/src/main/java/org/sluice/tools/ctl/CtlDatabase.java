package org.sluice.tools.ctl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * A database as a configuration tool sees it. Immutable.
 *
 * @param rowNames by table, how its rows may be named
 * @param shown what is shown as an overview, the outermost table first; empty for no such command
 */
public record CtlDatabase(
    DatabaseSchema schema, Map<String, List<RowName>> rowNames, List<ShownTable> shown) {
  /** The paragraph of the help text on how rows are named. */
  String usage() {
    StringBuilder text = new StringBuilder();
    text.append("Database commands may reference a row in each table in the following ways:\n");
    schema.tables().stream()
        .sorted(Comparator.comparing(TableSchema::name))
        .forEach(table -> {
          text.append("  ").append(table.name()).append(':');
          ways(table).forEach(way -> text.append("\n    ").append(way));
          text.append('\n');
        });
    return text.toString();
  }

  private List<String> ways(TableSchema table) {
    List<String> ways = new ArrayList<>();
    ways.add("by UUID");
    if (table.maxRows() == 1) {
      ways.add("as \".\"");
    }
    for (RowName name : rowNames.getOrDefault(table.name(), List.of())) {
      ways.add(name.describe(table.name()));
    }
    return ways;
  }
}
