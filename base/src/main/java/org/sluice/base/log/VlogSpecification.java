package org.sluice.base.log;

import java.util.List;
import java.util.Locale;
import java.util.StringTokenizer;

/**
 * The little language of {@code vlog/set} and {@code --verbose}.
 *
 * <pre>
 *   [module] [destination] [level]     in any order; "any" for all; level left out means DBG
 *   PATTERN:destination:pattern
 *   FACILITY:name
 * </pre>
 *
 * <p>Words are separated by blanks, commas or colons. Used once, by one thread.
 */
final class VlogSpecification {
  private static final String SEPARATORS = " ,:\t";

  private static final List<String> FACILITY_NAMES =
      List.of(
          "kern",
          "user",
          "mail",
          "daemon",
          "auth",
          "syslog",
          "lpr",
          "news",
          "uucp",
          "clock",
          "authpriv",
          "ftp",
          "ntp",
          "audit",
          "alert",
          "clock2",
          "local0",
          "local1",
          "local2",
          "local3",
          "local4",
          "local5",
          "local6",
          "local7");

  private final VlogRegistry registry;

  VlogSpecification(VlogRegistry registry) {
    this.registry = registry;
  }

  /** Applies; returns null, or what is wrong. */
  String apply(String specification) {
    StringTokenizer words = new StringTokenizer(specification, SEPARATORS);
    String first = words.hasMoreTokens() ? words.nextToken() : "";
    if (first.equalsIgnoreCase("PATTERN")) {
      return applyPattern(words);
    }
    if (first.equalsIgnoreCase("FACILITY")) {
      return applyFacility(rest(words));
    }
    return applyLevels(new StringTokenizer(specification, SEPARATORS));
  }

  private String applyPattern(StringTokenizer words) {
    if (!words.hasMoreTokens()) {
      return "missing destination";
    }
    String word = words.nextToken();
    LogDestination destination = LogDestination.named(word);
    if (destination == null && !word.equalsIgnoreCase("any")) {
      return "unknown destination \"" + word + "\"";
    }
    registry.setPattern(destination, rest(words));
    return null;
  }

  /** What follows the separator after the last word, separators and all. */
  private static String rest(StringTokenizer words) {
    return words.hasMoreTokens() ? words.nextToken("\0").substring(1) : "";
  }

  private String applyFacility(String name) {
    int index = FACILITY_NAMES.indexOf(name.toLowerCase(Locale.ROOT));
    if (index < 0) {
      return "invalid facility";
    }
    registry.setFacility(index << 3);
    return null;
  }

  private String applyLevels(StringTokenizer words) {
    LogDestination destination = null;
    LogLevel level = null;
    Vlog module = null;
    while (words.hasMoreTokens()) {
      String word = words.nextToken();
      if (word.equalsIgnoreCase("any")) {
        continue;
      }
      if (LogDestination.named(word) != null) {
        if (destination != null) {
          return "cannot specify multiple destinations";
        }
        destination = LogDestination.named(word);
      } else if (LogLevel.named(word) != null) {
        if (level != null) {
          return "cannot specify multiple levels";
        }
        level = LogLevel.named(word);
      } else if (registry.find(word) != null) {
        if (module != null) {
          return "cannot specify multiple modules";
        }
        module = registry.find(word);
      } else {
        return "no destination, level, or module \"" + word + "\"";
      }
    }
    registry.setLevel(module, destination, level == null ? LogLevel.DBG : level);
    return null;
  }
}
