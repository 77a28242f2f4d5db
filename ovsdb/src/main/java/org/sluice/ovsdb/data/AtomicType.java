package org.sluice.ovsdb.data;

import java.util.Locale;

/** The five kinds of atom that a column can hold. */
public enum AtomicType {
  INTEGER,
  REAL,
  BOOLEAN,
  STRING,
  UUID;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The name in a schema, such as {@code integer}. */
  public String text() {
    return text;
  }

  /** The type of that name, or null. */
  public static AtomicType fromText(String text) {
    for (AtomicType type : values()) {
      if (type.text.equals(text)) {
        return type;
      }
    }
    return null;
  }
}
