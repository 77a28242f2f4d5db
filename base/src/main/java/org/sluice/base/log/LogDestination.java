package org.sluice.base.log;

import java.util.Locale;

/** Where messages go. */
public enum LogDestination {
  SYSLOG("ovs|%05N|%c%T|%p|%m"),
  CONSOLE("%D{%Y-%m-%dT%H:%M:%SZ}|%05N|%c%T|%p|%m"),
  FILE("%D{%Y-%m-%dT%H:%M:%S.###Z}|%05N|%c%T|%p|%m");

  private final String defaultPattern;

  LogDestination(String defaultPattern) {
    this.defaultPattern = defaultPattern;
  }

  String defaultPattern() {
    return defaultPattern;
  }

  /** The destination of that name in any case, or null. */
  static LogDestination named(String name) {
    for (LogDestination destination : values()) {
      if (destination.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
        return destination;
      }
    }
    return null;
  }
}
