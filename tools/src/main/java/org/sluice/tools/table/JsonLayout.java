package org.sluice.tools.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** {@link TableFormat#JSON}: values as on the wire. Stateless. */
final class JsonLayout {
  private JsonLayout() {}

  static void write(OutputTable table, TableStyle style, StringBuilder out) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (table.caption() != null) {
      json.put("caption", table.caption());
    }
    if (table.time() != null) {
      json.put("time", table.time());
    }
    ArrayNode headings = json.putArray("headings");
    table.headings().forEach(headings::add);
    ArrayNode data = json.putArray("data");
    table
        .rows()
        .forEach(row -> {
          ArrayNode cells = data.addArray();
          row.forEach(cell -> cells.add(node(cell)));
        });
    out.append(JsonPrinter.print(json, style.prettyJson())).append('\n');
  }

  private static JsonNode node(Cell cell) {
    return switch (cell) {
      case Cell.Empty _ -> NullNode.instance;
      case Cell.Text(String text) -> TextNode.valueOf(text);
      case Cell.Value(JsonNode json, var _) -> json;
    };
  }
}
