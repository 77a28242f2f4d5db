package org.sluice.tools.table;

import java.util.ArrayList;
import java.util.List;

/** {@link TableFormat#TABLE}: columns as wide as their widest cell. Used once, by one thread. */
final class AlignedLayout {
  private final OutputTable table;
  private final TableStyle style;
  private final List<List<String>> rows = new ArrayList<>();
  private final int[] widths;

  AlignedLayout(OutputTable table, TableStyle style) {
    this.table = table;
    this.style = style;
    this.widths = new int[table.headings().size()];
    for (List<Cell> row : table.rows()) {
      rows.add(row.stream().map(cell -> cell.text(style.cells())).toList());
    }
    for (int i = 0; i < widths.length; i++) {
      widths[i] = columnWidth(i);
    }
  }

  private int columnWidth(int column) {
    int width = 0;
    for (List<String> row : rows) {
      width = Math.max(width, TablePrinter.width(row.get(column)));
    }
    if (style.maxColumnWidth() > 0) {
      width = Math.min(width, style.maxColumnWidth());
    }
    return style.headings()
        ? Math.max(width, TablePrinter.width(table.headings().get(column)))
        : width;
  }

  void write(StringBuilder out) {
    if (style.headings()) {
      line(table.headings(), out);
      List<String> rules = new ArrayList<>();
      for (int width : widths) {
        rules.add("-".repeat(width));
      }
      line(rules, out);
    }
    rows.forEach(row -> line(row, out));
  }

  private void line(List<String> cells, StringBuilder out) {
    int start = out.length();
    for (int i = 0; i < cells.size(); i++) {
      out.append(i == 0 ? "" : " ");
      pad(cut(cells.get(i), widths[i]), widths[i], out);
    }
    int end = out.length();
    while (end > start && out.charAt(end - 1) == ' ') {
      end--;
    }
    out.setLength(end);
    out.append('\n');
  }

  private static String cut(String text, int width) {
    String cut = text;
    while (TablePrinter.width(cut) > width) {
      int over = TablePrinter.width(cut) - width;
      cut = cut.substring(0, cut.length() - Math.max(1, over / 4));
    }
    return cut;
  }

  static void pad(String text, int width, StringBuilder out) {
    out.append(text).repeat(' ', Math.max(0, width - TablePrinter.width(text)));
  }
}
