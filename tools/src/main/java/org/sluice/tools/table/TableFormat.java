package org.sluice.tools.table;

import java.util.Locale;

/** How a whole table is laid out: the argument of {@code --format}. */
public enum TableFormat {
  /** Aligned columns under headings. */
  TABLE,

  /** One cell a line, one row a paragraph. */
  LIST,

  /** An HTML table, in which a UUID links to the row that it names. */
  HTML,

  /** Comma-separated values (RFC 4180). */
  CSV,

  /** One JSON object a table. */
  JSON;

  /** The format of that name, or null. */
  public static TableFormat named(String name) {
    for (TableFormat format : values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
        return format;
      }
    }
    return null;
  }
}
