package org.sluice.base.log;

import java.util.EnumMap;
import java.util.Map;

/**
 * The logger of one module.
 *
 * <p>Texts are those of {@link String#format}, applied only if somebody wants the message; a text
 * without arguments is taken as it is. Any thread may log. Never to be called once per packet.
 */
@SuppressWarnings("AnnotateFormatMethod") // the annotation would cost every user a dependency
public final class Vlog {
  private final VlogRegistry registry;
  private final String module;
  private final Map<LogDestination, LogLevel> levels = new EnumMap<>(LogDestination.class);
  private volatile LogLevel widest = LogLevel.INFO;
  private volatile boolean honorsRateLimits = true;

  Vlog(VlogRegistry registry, String module) {
    this.registry = registry;
    this.module = module;
    for (LogDestination destination : LogDestination.values()) {
      levels.put(destination, LogLevel.INFO);
    }
  }

  /** The module's name. */
  public String module() {
    return module;
  }

  /** Whether a message of this level would go anywhere. */
  public boolean isEnabled(LogLevel level) {
    return level.compareTo(widest) <= 0;
  }

  public void err(String text, Object... arguments) {
    log(LogLevel.ERR, text, arguments);
  }

  public void warn(String text, Object... arguments) {
    log(LogLevel.WARN, text, arguments);
  }

  public void info(String text, Object... arguments) {
    log(LogLevel.INFO, text, arguments);
  }

  public void dbg(String text, Object... arguments) {
    log(LogLevel.DBG, text, arguments);
  }

  public void log(LogLevel level, String text, Object... arguments) {
    if (isEnabled(level)) {
      registry.write(this, level, arguments.length == 0 ? text : String.format(text, arguments));
    }
  }

  /** Logs unless {@code limit} is exhausted; says later how many messages were lost. */
  public void log(VlogRateLimit limit, LogLevel level, String text, Object... arguments) {
    if (!isEnabled(level)) {
      return;
    }
    if (honorsRateLimits) {
      long nowMs = registry.nowMs();
      if (!limit.admit(nowMs)) {
        return;
      }
      String report = limit.takeReport(nowMs);
      if (report != null) {
        log(level, report);
      }
    }
    log(level, text, arguments);
  }

  LogLevel level(LogDestination destination) {
    synchronized (levels) {
      return levels.get(destination);
    }
  }

  void setLevel(LogDestination destination, LogLevel level) {
    synchronized (levels) {
      levels.put(destination, level);
      LogLevel max = LogLevel.OFF;
      for (LogLevel each : levels.values()) {
        max = each.compareTo(max) > 0 ? each : max;
      }
      widest = max;
    }
  }

  boolean honorsRateLimits() {
    return honorsRateLimits;
  }

  void setHonorsRateLimits(boolean honors) {
    honorsRateLimits = honors;
  }
}
