package org.sluice.tools.table;

import org.sluice.tools.options.BadUsage;
import org.sluice.tools.options.OptionTable;

/** The options that say how tables are printed. Used by the thread that starts the program. */
public final class TableOptions {
  /** Their part of the help text. */
  public static final String USAGE =
      """

      Output formatting options:
        -f, --format=FORMAT         set output formatting to FORMAT
                                    ("table", "html", "csv", or "json")
        -d, --data=FORMAT           set table cell output formatting to
                                    FORMAT ("string", "bare", or "json")
        --no-headings               omit table heading row
        --pretty                    pretty-print JSON in output
        --bare                      equivalent to "--format=list --data=bare --no-headings"
      """;

  private TableStyle style;

  /** Options of a program that prints in {@code preferred} unless told otherwise. */
  public TableOptions(TableFormat preferred) {
    style = TableStyle.of(preferred);
  }

  /** Adds them. */
  public void addTo(OptionTable table) {
    table
        .value("format", 'f', name -> style = style.withFormat(format(name)))
        .value("data", 'd', name -> style = style.withCells(cells(name)))
        .flag("no-headings", () -> style = style.withoutHeadings())
        .flag("pretty", () -> style = style.withPrettyJson())
        .flag("bare", () -> style = style.bare())
        .value("max-column-width", text -> style = style.withMaxColumnWidth(width(text)));
  }

  private static TableFormat format(String name) {
    TableFormat format = TableFormat.named(name);
    if (format == null) {
      throw new BadUsage("unknown output format \"" + name + "\"");
    }
    return format;
  }

  private static CellFormat cells(String name) {
    CellFormat format = CellFormat.named(name);
    if (format == null) {
      throw new BadUsage("unknown data format \"" + name + "\"");
    }
    return format;
  }

  private static int width(String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new BadUsage("value " + text + " on --max-column-width is invalid");
    }
  }

  /** What the options say. */
  public TableStyle style() {
    return style;
  }
}
