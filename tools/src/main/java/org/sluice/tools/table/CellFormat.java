package org.sluice.tools.table;

import java.util.Locale;

/** How a value of the database is written in a cell: the argument of {@code --data}. */
public enum CellFormat {
  /** As the command line takes values: {@code [a, b]}, {@code {k=v}}, quotes where needed. */
  STRING,

  /** Without brackets, braces and quotes. */
  BARE,

  /** As on the wire. */
  JSON;

  /** The format of that name, or null. */
  public static CellFormat named(String name) {
    for (CellFormat format : values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
        return format;
      }
    }
    return null;
  }
}
