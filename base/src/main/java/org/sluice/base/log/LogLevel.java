package org.sluice.base.log;

import java.util.Locale;

/** How much a message matters; a destination shows those up to its own level. */
public enum LogLevel {
  OFF(1),
  EMER(1),
  ERR(3),
  WARN(4),
  INFO(5),
  DBG(7);

  private final int syslogPriority;

  LogLevel(int syslogPriority) {
    this.syslogPriority = syslogPriority;
  }

  /** The severity that syslog is given. */
  public int syslogPriority() {
    return syslogPriority;
  }

  /** The level of that name in any case, or null. */
  static LogLevel named(String name) {
    for (LogLevel level : values()) {
      if (level.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
        return level;
      }
    }
    return null;
  }
}
