package org.sluice.tools.ovs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.base.log.VlogOptions;
import org.sluice.base.log.VlogRegistry;

/**
 * The options that both daemons take, read into fields; a program's own go to its {@link Own}. Read
 * once, by the thread that starts the daemon.
 */
final class DaemonOptions {
  static final String USAGE =
      """

      Daemon options:
        --detach                run in background as daemon
        --monitor               start this daemon again when a fault ends it
        --user=USER[:GROUP]     run as USER, with GROUP
        --no-chdir              do not chdir to '/'
        --pidfile[=FILE]        create pidfile (default: %1$s/%2$s.pid)
        --overwrite-pidfile     with --pidfile, start even if already running

      Logging options:
        -vSPEC, --verbose=SPEC   set logging levels
        -v, --verbose            set maximum verbosity level
        --log-file[=FILE]        enable logging to specified FILE
                                 (default: %3$s/%2$s.log)
        --syslog-method=(libc|unix:file|udp:ip:port)
                                 specify how to send messages to syslog daemon
        --syslog-target=HOST:PORT  also send syslog msgs to HOST:PORT via UDP

      Other options:
        --unixctl=SOCKET        override default control socket name
        -h, --help              display this help message
        -V, --version           display version information
      """;

  /** Takes a program's own options. */
  interface Own {
    /** Whether it knows {@code option}; if so it has taken the value. */
    boolean accept(String option, OptionReader reader);
  }

  private final String program;
  private final String hint;
  private final DaemonDirectories directories;
  private Path pidfile;
  private boolean overwritePidfile;
  private boolean detach;
  private boolean help;
  private boolean version;
  private String unixctl;
  private List<String> words = List.of();
  private VlogOptions logging;

  DaemonOptions(String program, DaemonDirectories directories) {
    this(program, null, directories);
  }

  /** Options of a program that has a hint for who does not know them. */
  DaemonOptions(String program, String hint, DaemonDirectories directories) {
    this.program = program;
    this.hint = hint;
    this.directories = directories;
  }

  /**
   * Reads a command line and sets up the log as it says, but for its file.
   *
   * @throws OptionReader.BadOption if something on it is wrong
   */
  void read(String[] arguments, VlogRegistry log, Own own) {
    logging = new VlogOptions(log, directories.log().resolve(program + ".log"));
    List<String> others;
    try {
      others = logging.take(List.of(arguments));
      logging.useDefaultSyslog(System.getenv());
    } catch (IllegalArgumentException e) {
      throw new OptionReader.BadOption(e.getMessage());
    }
    // Open vSwitch takes options after words, too.
    List<String> collected = new ArrayList<>();
    OptionReader reader = new OptionReader(hint, others.toArray(String[]::new));
    do {
      readOptions(reader, own);
    } while (reader.takeWord(collected));
    words = collected;
  }

  /** Opens the log file, if one was asked for; false if one that was named cannot be. */
  boolean openLog() {
    return logging.openFile();
  }

  private void readOptions(OptionReader reader, Own own) {
    for (String option = reader.next(); option != null; option = reader.next()) {
      if (!acceptCommon(option, reader) && !own.accept(option, reader)) {
        throw reader.unknown();
      }
    }
  }

  private boolean acceptCommon(String option, OptionReader reader) {
    switch (option) {
      case "--pidfile" -> pidfile = pidfilePath(reader.optionalValue());
      case "--overwrite-pidfile" -> overwritePidfile = true;
      case "--detach" -> detach = true;
      case "--unixctl" -> unixctl = reader.value();
      case "-h", "--help" -> help = true;
      case "-V", "--version" -> version = true;
      case "--user" -> reader.value(); // the launcher's affair: a JVM cannot become somebody else
      case "--no-chdir", "--monitor", "--no-self-confinement", "--mlockall" -> {
        // A supervisor restarts a daemon; the rest has no meaning for a JVM, whose launcher stays
        // in '/'.
        return true;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private Path pidfilePath(String value) {
    return value == null
        ? directories.run().resolve(program + ".pid")
        : directories.run().resolve(value);
  }

  /** The file to keep the pid in; null for none. */
  Path pidfile() {
    return pidfile;
  }

  /** Keeps the pid in {@code file}, as if that had been asked for. */
  void usePidfile(Path file) {
    pidfile = file;
  }

  boolean overwritePidfile() {
    return overwritePidfile;
  }

  boolean detach() {
    return detach;
  }

  boolean help() {
    return help;
  }

  boolean version() {
    return version;
  }

  /** The control socket; null for the default one, {@code none} for none. */
  String unixctl() {
    return unixctl;
  }

  /** What is no option. */
  List<String> words() {
    return words;
  }

  /** The shared part of the help text. */
  String usage() {
    return USAGE.formatted(directories.run(), program, directories.log());
  }
}
