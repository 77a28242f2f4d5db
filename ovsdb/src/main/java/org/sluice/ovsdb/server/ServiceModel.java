package org.sluice.ovsdb.server;

/** How a database is served. */
public enum ServiceModel {
  /** One server's own, in a file. */
  STANDALONE("standalone"),
  /** One server's own, or the copy of another's, as may change. */
  ACTIVE_BACKUP("active-backup"),
  /** Another server's, copied to memory. */
  RELAY("relay"),
  /** Several servers' together; known by name only. */
  CLUSTERED("clustered");

  private final String text;

  ServiceModel(String text) {
    this.text = text;
  }

  /** The name in configuration files. */
  public String text() {
    return text;
  }

  /** The model of that name, or null. */
  public static ServiceModel fromText(String text) {
    for (ServiceModel model : values()) {
      if (model.text.equals(text)) {
        return model;
      }
    }
    return null;
  }
}
