package org.sluice.tools.options;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.sluice.base.log.VlogOptions;
import org.sluice.base.log.VlogRegistry;

/** The logging options of every program. Used by the thread that starts it. */
public final class LogOptions {
  private final String program;
  private final Path directory;
  private final VlogOptions options;

  /** Options of {@code program} whose log files lie in {@code directory}. */
  public LogOptions(VlogRegistry registry, String program, Path directory) {
    this.program = program;
    this.directory = directory;
    this.options = new VlogOptions(registry, directory.resolve(program + ".log"));
  }

  /** Adds them. */
  public void addTo(OptionTable table) {
    table
        .optionalValue("verbose", 'v', value -> take(options::verbose, value))
        .optionalValue("log-file", options::logFile)
        .value("syslog-method", value -> take(options::syslogMethod, value))
        .value("syslog-target", value -> take(options::syslogTarget, value));
  }

  private static void take(Consumer<String> option, String value) {
    try {
      option.accept(value);
    } catch (IllegalArgumentException e) {
      throw new BadUsage(e.getMessage());
    }
  }

  /** Opens the log file, if one was asked for; false if one that was named cannot be. */
  public boolean openFile() {
    return options.openFile();
  }

  /** Their part of the help text. */
  public String usage() {
    return """

    Logging options:
      -vSPEC, --verbose=SPEC   set logging levels
      -v, --verbose            set maximum verbosity level
      --log-file[=FILE]        enable logging to specified FILE
                               (default: %s/%s.log)
      --syslog-method=(libc|unix:file|udp:ip:port)
                               specify how to send messages to syslog daemon
      --syslog-target=HOST:PORT  also send syslog msgs to HOST:PORT via UDP
    """
        .formatted(directory, program);
  }
}
