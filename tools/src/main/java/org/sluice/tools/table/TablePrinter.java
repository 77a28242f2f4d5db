package org.sluice.tools.table;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Prints tables one after the other, with a blank line between two where the format wants one. Used
 * by one thread.
 */
public final class TablePrinter {
  private final TableStyle style;
  private boolean printedOne;

  /** Prints in {@code style}. */
  public TablePrinter(TableStyle style) {
    this.style = style;
  }

  /** The text of the next table. */
  public String print(OutputTable table) {
    StringBuilder out = new StringBuilder();
    switch (style.format()) {
      case TABLE -> {
        start(table, out);
        new AlignedLayout(table, style).write(out);
      }
      case LIST -> {
        start(table, out);
        list(table, out);
      }
      case CSV -> {
        start(table, out);
        csv(table, out);
      }
      case HTML -> HtmlLayout.write(table, style, out);
      case JSON -> JsonLayout.write(table, style, out);
    }
    return out.toString();
  }

  private void start(OutputTable table, StringBuilder out) {
    if (printedOne) {
      out.append('\n');
    }
    printedOne = true;
    if (table.time() != null) {
      out.append(table.time()).append('\n');
    }
    if (table.caption() != null) {
      out.append(table.caption()).append('\n');
    }
  }

  private void list(OutputTable table, StringBuilder out) {
    boolean first = true;
    for (List<Cell> row : table.rows()) {
      if (!first) {
        out.append('\n');
      }
      first = false;
      for (int i = 0; i < row.size(); i++) {
        if (style.headings()) {
          AlignedLayout.pad(table.headings().get(i), 20, out);
          out.append(": ");
        }
        out.append(row.get(i).text(style.cells())).append('\n');
      }
    }
  }

  private void csv(OutputTable table, StringBuilder out) {
    if (style.headings()) {
      csvLine(table.headings(), out);
    }
    for (List<Cell> row : table.rows()) {
      csvLine(row.stream().map(cell -> cell.text(style.cells())).toList(), out);
    }
  }

  private static void csvLine(List<String> cells, StringBuilder out) {
    for (int i = 0; i < cells.size(); i++) {
      String text = cells.get(i);
      boolean quoted = text.contains(",") || text.contains("\"") || text.contains("\n");
      out.append(i == 0 ? "" : ",");
      out.append(quoted ? '"' + text.replace("\"", "\"\"") + '"' : text);
    }
    out.append('\n');
  }

  /** How many columns of a terminal Open vSwitch takes a text for: its bytes. */
  static int width(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) >= 0x80) {
        return text.getBytes(StandardCharsets.UTF_8).length;
      }
    }
    return length;
  }
}
