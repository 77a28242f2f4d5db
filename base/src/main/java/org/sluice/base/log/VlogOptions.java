package org.sluice.base.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The logging options that every daemon and tool takes.
 *
 * <pre>
 *   -v[SPEC] --verbose[=SPEC]   --log-file[=FILE]   --syslog-method=METHOD   --syslog-target=IP:PORT
 * </pre>
 *
 * <p>Used by the thread that starts the program.
 */
public final class VlogOptions {
  private final VlogRegistry registry;
  private final Path defaultFile;
  private Path file;
  private boolean fileNamed;
  private boolean syslogChosen;

  /** {@code defaultFile} is what a bare {@code --log-file} opens. */
  public VlogOptions(VlogRegistry registry, Path defaultFile) {
    this.registry = registry;
    this.defaultFile = defaultFile;
  }

  /**
   * Takes the logging options out of {@code arguments}, in order, and obeys them, except that the
   * log file is opened only by {@link #openFile}.
   *
   * @return the other arguments
   * @throws IllegalArgumentException if one is wrong; the message says how
   */
  public List<String> take(List<String> arguments) {
    List<String> others = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--")) {
        others.addAll(arguments.subList(i, arguments.size()));
        break;
      }
      boolean twoWords = argument.equals("--syslog-method") || argument.equals("--syslog-target");
      if (twoWords && i + 1 < arguments.size()) {
        argument += "=" + arguments.get(++i);
      }
      if (!accept(argument)) {
        others.add(argument);
      }
    }
    return others;
  }

  private boolean accept(String argument) {
    if (argument.equals("-v") || argument.equals("--verbose")) {
      verbose(null);
    } else if (argument.startsWith("-v")) {
      verbose(argument.substring(2));
    } else if (argument.startsWith("--verbose=")) {
      verbose(value(argument));
    } else if (argument.equals("--log-file")) {
      logFile(null);
    } else if (argument.startsWith("--log-file=")) {
      logFile(value(argument));
    } else if (argument.startsWith("--syslog-method=")) {
      syslogMethod(value(argument));
    } else if (argument.startsWith("--syslog-target=")) {
      syslogTarget(value(argument));
    } else {
      return false;
    }
    return true;
  }

  /** {@code --verbose}: a specification, or null for everything. */
  public void verbose(String specification) {
    if (specification == null) {
      registry.setLevel(null, null, LogLevel.DBG);
    } else {
      set(specification);
    }
  }

  /** {@code --log-file}: a name, or null for the default one. */
  public void logFile(String name) {
    fileNamed = name != null;
    file = name == null ? defaultFile : Path.of(name);
  }

  /** {@code --syslog-method}. */
  public void syslogMethod(String method) {
    syslogChosen = true;
    registry.setSyslogMethod(method);
  }

  /** {@code --syslog-target}. */
  public void syslogTarget(String address) {
    registry.setSyslogTarget(address);
  }

  /** How a daemon reaches syslog where the options say nothing of it. */
  public void useDefaultSyslog(Map<String, String> environment) {
    if (!syslogChosen) {
      registry.setSyslogMethod(environment.getOrDefault("OVS_SYSLOG_METHOD", "libc"));
    }
  }

  /**
   * Opens the log file, if one was asked for.
   *
   * @return false if it cannot be opened, as has been logged, and was named: the program should end
   */
  public boolean openFile() {
    return file == null || registry.openFile(file) == null || !fileNamed;
  }

  private static String value(String argument) {
    return argument.substring(argument.indexOf('=') + 1);
  }

  private void set(String specification) {
    String error = registry.set(specification);
    if (error != null) {
      throw new IllegalArgumentException("processing \"" + specification + "\": " + error);
    }
  }
}
