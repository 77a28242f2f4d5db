package org.sluice.base.log;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.sluice.base.clock.Clock;
import org.sluice.base.linux.FileErrors;

/**
 * All modules of one program, and where their messages go.
 *
 * <p>Sequence numbers count per thread. Threads that serve control connections (virtual ones, and
 * those that do what Open vSwitch's main thread does) count as the main thread, which the {@code
 * (thread)} part of a line leaves out.
 *
 * <p>Thread-safe: one lock around formatting and writing, so lines never mix.
 */
public final class VlogRegistry {
  private static final Pattern MAIN =
      Pattern.compile("main|bridge|ovsdb(?:-client)?|openflow-[a-z]+|exit|SIG[A-Z]+ handler");
  private static final LogPattern RFC_5424 =
      new LogPattern("1 %D{%Y-%m-%dT%H:%M:%S.###Z} %E %A %P %c - \ufeff%m");
  private static final int LOG_DAEMON = 3 << 3;
  private static final int LOG_LOCAL0 = 16 << 3;

  private final Clock clock;
  private final PrintStream console;
  private final LogPattern.Origin origin;
  private final long startNs;
  private final SortedMap<String, Vlog> modules = new TreeMap<>();
  private final Map<LogDestination, LogPattern> patterns = new EnumMap<>(LogDestination.class);
  private final Map<String, Integer> sequences = new HashMap<>();
  private final Vlog own;
  private Syslogger syslog;
  private Syslogger syslogTarget;
  private int facility;
  private Path filePath;
  private LogFile file;

  /** Starts with every module at INFO everywhere, no file, and no syslog until told so. */
  public VlogRegistry(Clock clock, String program, PrintStream console) {
    this.clock = clock;
    this.console = console;
    this.startNs = clock.nowNs();
    this.origin = new LogPattern.Origin(program, host(), ProcessHandle.current().pid());
    this.syslog = Syslogger.of("null", program);
    for (LogDestination destination : LogDestination.values()) {
      patterns.put(destination, new LogPattern(destination.defaultPattern()));
    }
    for (String name : VlogModules.NAMES) {
      vlog(name);
    }
    this.own = vlog("vlog");
  }

  private static String host() {
    String name = System.getenv("HOSTNAME");
    return name == null ? "localhost" : name;
  }

  /** The logger of a module, made on first use. */
  public synchronized Vlog vlog(String module) {
    return modules.computeIfAbsent(module, name -> new Vlog(this, name));
  }

  /** Sets the level of one module, or of all if it is null, at one destination, or all if null. */
  public synchronized void setLevel(Vlog module, LogDestination destination, LogLevel level) {
    for (Vlog each : modules.values()) {
      for (LogDestination where : LogDestination.values()) {
        if ((module == null || module == each) && (destination == null || destination == where)) {
          each.setLevel(where, level);
        }
      }
    }
  }

  /** Applies a specification as {@code vlog/set} takes it; returns null, or what is wrong. */
  public synchronized String set(String specification) {
    return new VlogSpecification(this).apply(specification);
  }

  /** Sets the layout at one destination, or at all if it is null. */
  public synchronized void setPattern(LogDestination destination, String pattern) {
    for (LogDestination where : LogDestination.values()) {
      if (destination == null || destination == where) {
        patterns.put(where, new LogPattern(pattern));
      }
    }
  }

  /** The logger of a module that exists, or null. */
  public synchronized Vlog find(String module) {
    return modules.get(module);
  }

  synchronized void setFacility(int value) {
    facility = value;
  }

  /** Chooses how syslog is reached; throws if there is no such method. */
  public synchronized void setSyslogMethod(String method) {
    syslog = Syslogger.of(method, origin.program());
  }

  /** Also sends what goes to syslog to a host, in the form of RFC 5424. */
  public synchronized void setSyslogTarget(String address) {
    syslogTarget = Syslogger.of("udp:" + address, origin.program());
  }

  /** Starts logging to {@code path}; returns null, or why that is not possible. */
  public String openFile(Path path) {
    LogFile opened;
    try {
      opened = LogFile.open(path);
    } catch (IOException e) {
      own.warn("failed to open %s for logging: %s", path, FileErrors.reason(e));
      return FileErrors.reason(e);
    }
    synchronized (this) {
      if (file != null && file.isSameAs(opened)) {
        opened.close();
        return null;
      }
    }
    if (isFileOpen()) {
      own.info("closing log file");
    }
    synchronized (this) {
      closeFile();
      file = opened;
      filePath = path;
    }
    own.info("opened log file %s", path);
    return null;
  }

  private synchronized boolean isFileOpen() {
    return file != null;
  }

  /** Opens the log file's name anew, as after rotation; null, or why that is not possible. */
  public String reopenFile() {
    Path path = filePath();
    return path == null ? "Logging to file not configured" : openFile(path);
  }

  /** The log file's name, also while it is closed; null if there never was one. */
  public synchronized Path filePath() {
    return filePath;
  }

  /** Closes the log file, if there is one, until it is reopened. */
  public synchronized void closeFile() {
    if (file != null) {
      file.close();
      file = null;
    }
  }

  /** Switches rate limits on or off for one module, or for all if it is null. */
  public synchronized void setRateLimits(Vlog module, boolean honored) {
    for (Vlog each : modules.values()) {
      if (module == null || module == each) {
        each.setHonorsRateLimits(honored);
      }
    }
  }

  /** The table that {@code vlog/list} prints. */
  public synchronized String levels() {
    StringBuilder out = new StringBuilder();
    out.append("                 console    syslog    file\n");
    out.append("                 -------    ------    ------\n");
    for (Vlog module : modules.values()) {
      out.append(
          String.format(
              "%-16s  %4s       %4s       %4s%s\n",
              module.module(),
              module.level(LogDestination.CONSOLE),
              module.level(LogDestination.SYSLOG),
              module.level(LogDestination.FILE),
              module.honorsRateLimits() ? "" : "    (rate limiting disabled)"));
    }
    return out.toString();
  }

  /** The table that {@code vlog/list-pattern} prints. */
  public synchronized String patterns() {
    StringBuilder out = new StringBuilder();
    out.append("         prefix                            format\n");
    out.append("         ------                            ------\n");
    patterns.forEach((where, pattern) ->
        out.append(String.format("%-7s  %-32s  %s\n", where.name(), "none", pattern.text())));
    return out.toString();
  }

  long nowMs() {
    return clock.nowNs() / 1_000_000;
  }

  synchronized void write(Vlog module, LogLevel level, String message) {
    boolean toConsole = level.compareTo(module.level(LogDestination.CONSOLE)) <= 0;
    boolean toSyslog = level.compareTo(module.level(LogDestination.SYSLOG)) <= 0;
    boolean toFile = file != null && level.compareTo(module.level(LogDestination.FILE)) <= 0;
    if (!toConsole && !toSyslog && !toFile) {
      return;
    }
    LogPattern.Line line = line(module.module(), level, message);
    if (toConsole) {
      console.print(patterns.get(LogDestination.CONSOLE).format(line) + "\n");
      console.flush();
    }
    if (toSyslog) {
      toSyslog(line);
    }
    if (toFile) {
      file.append(patterns.get(LogDestination.FILE).format(line));
    }
  }

  private void toSyslog(LogPattern.Line line) {
    int priority = (facility == 0 ? LOG_DAEMON : facility) + line.level().syslogPriority();
    patterns
        .get(LogDestination.SYSLOG)
        .format(line)
        .lines()
        .filter(text -> !text.isEmpty())
        .forEach(text -> syslog.log(priority, text));
    if (syslogTarget != null) {
      syslogTarget.log(priority, RFC_5424.format(line));
    }
  }

  private LogPattern.Line line(String module, LogLevel level, String message) {
    String thread = threadName();
    return new LogPattern.Line(
        origin,
        facility == 0 ? LOG_LOCAL0 : facility,
        module,
        level,
        message,
        thread,
        sequences.merge(thread, 1, Integer::sum),
        clock.wallMs(),
        (clock.nowNs() - startNs) / 1_000_000);
  }

  private static String threadName() {
    Thread thread = Thread.currentThread();
    boolean counts = thread.isVirtual() || MAIN.matcher(thread.getName()).matches();
    return counts ? "" : thread.getName();
  }
}
