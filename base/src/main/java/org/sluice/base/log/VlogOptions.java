package org.sluice.base.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

  /** {@code defaultFile} is what a bare {@code --log-file} opens. */
  public VlogOptions(VlogRegistry registry, Path defaultFile) {
    this.registry = registry;
    this.defaultFile = defaultFile;
  }

  /**
   * Takes the logging options out of {@code arguments}, in order, and obeys them.
   *
   * @return the other arguments
   * @throws IllegalArgumentException if one is wrong; the message says how
   */
  public List<String> take(List<String> arguments) {
    List<String> others = takeAllButFile(arguments);
    openFile();
    return others;
  }

  /** The same, but that the log file is opened only by {@link #openFile}. */
  public List<String> takeAllButFile(List<String> arguments) {
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
      registry.setLevel(null, null, LogLevel.DBG);
    } else if (argument.startsWith("-v")) {
      set(argument.substring(2));
    } else if (argument.startsWith("--verbose=")) {
      set(value(argument));
    } else if (argument.equals("--log-file")) {
      file = defaultFile;
    } else if (argument.startsWith("--log-file=")) {
      file = Path.of(value(argument));
    } else if (argument.startsWith("--syslog-method=")) {
      registry.setSyslogMethod(value(argument));
    } else if (argument.startsWith("--syslog-target=")) {
      registry.setSyslogMethod("udp:" + value(argument));
    } else {
      return false;
    }
    return true;
  }

  /** Opens the log file, if one was asked for. */
  public void openFile() {
    if (file != null) {
      registry.openFile(file);
    }
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
