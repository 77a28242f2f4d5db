package org.sluice.tools.table;

/**
 * What the formatting options say. Immutable.
 *
 * @param format the layout
 * @param cells how values are written
 * @param headings whether columns have headings
 * @param prettyJson whether JSON outside of tables is spread over lines
 * @param maxColumnWidth where a column of {@link TableFormat#TABLE} is cut; 0 for nowhere
 */
public record TableStyle(
    TableFormat format,
    CellFormat cells,
    boolean headings,
    boolean prettyJson,
    int maxColumnWidth) {
  /** What a tool starts from that prefers this format. */
  public static TableStyle of(TableFormat format) {
    return new TableStyle(format, CellFormat.STRING, true, false, 0);
  }

  TableStyle withFormat(TableFormat value) {
    return new TableStyle(value, cells, headings, prettyJson, maxColumnWidth);
  }

  TableStyle withCells(CellFormat value) {
    return new TableStyle(format, value, headings, prettyJson, maxColumnWidth);
  }

  TableStyle withoutHeadings() {
    return new TableStyle(format, cells, false, prettyJson, maxColumnWidth);
  }

  TableStyle bare() {
    return withFormat(TableFormat.LIST).withCells(CellFormat.BARE).withoutHeadings();
  }

  TableStyle withPrettyJson() {
    return new TableStyle(format, cells, headings, true, maxColumnWidth);
  }

  TableStyle withMaxColumnWidth(int value) {
    return new TableStyle(format, cells, headings, prettyJson, value);
  }
}
