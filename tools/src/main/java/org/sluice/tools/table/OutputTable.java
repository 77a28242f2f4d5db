package org.sluice.tools.table;

import java.util.ArrayList;
import java.util.List;

/** A table that is being filled and then printed. Used by one thread. */
public final class OutputTable {
  private final List<String> headings;
  private final List<List<Cell>> rows = new ArrayList<>();
  private String caption;
  private String time;

  /** An empty table with these columns. */
  public OutputTable(List<String> headings) {
    this.headings = List.copyOf(headings);
  }

  /** Gives the table a caption; null for none. */
  public OutputTable captioned(String text) {
    caption = text;
    return this;
  }

  /** Notes when the table came to be; see {@link UtcTime}. */
  public OutputTable stamped(long wallMs) {
    time = UtcTime.format(wallMs);
    return this;
  }

  /** Adds a row; cells that it lacks at its end are empty. */
  public void addRow(List<Cell> cells) {
    List<Cell> row = new ArrayList<>(cells);
    while (row.size() < headings.size()) {
      row.add(Cell.empty());
    }
    rows.add(row);
  }

  List<String> headings() {
    return headings;
  }

  List<List<Cell>> rows() {
    return rows;
  }

  String caption() {
    return caption;
  }

  String time() {
    return time;
  }
}
