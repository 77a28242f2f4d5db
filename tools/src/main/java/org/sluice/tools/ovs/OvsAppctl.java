package org.sluice.tools.ovs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sluice.base.clock.Clock;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.unixctl.UnixctlClient;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.tools.Command;
import org.sluice.tools.options.Deadline;

/** {@code ovs-appctl}: asks a running daemon to carry out a command. */
public final class OvsAppctl implements Command {
  private static final String USAGE =
      """
      ovs-appctl, for querying and controlling Open vSwitch daemon
      usage: ovs-appctl [TARGET] COMMAND [ARG...]
      Targets:
        -t, --target=TARGET  pidfile or socket to contact
      Common commands:
        list-commands      List commands supported by the target
        version            Print version of the target
        vlog/list          List current logging levels
        vlog/list-pattern  List logging patterns for each destination.
        vlog/set [SPEC]
            Set log levels as detailed in SPEC, which may include:
            A valid module name (all modules, by default)
            'syslog', 'console', 'file' (all destinations, by default))
            'off', 'emer', 'err', 'warn', 'info', or 'dbg' ('dbg', bydefault)
        vlog/reopen        Make the program reopen its log file
      Other options:
        --timeout=SECS     wait at most SECS seconds for a response
        -f, --format=FMT   Output format. One of: 'json', or 'text'
                           (default: text)
        --pretty           Pretty-print the output, with --format=json
        -h, --help         Print this helpful information
        -V, --version      Display ovs-appctl version information
      """;

  private static final String PROGRAM = "ovs-appctl";

  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  private String target = "ovs-vswitchd";
  private long timeoutSeconds;
  private boolean json;
  private boolean pretty;
  private boolean executeSeen;

  public OvsAppctl() {}

  @Override
  public String name() {
    return PROGRAM;
  }

  @Override
  public String summary() {
    return "ask a running daemon: ovs-appctl list-commands";
  }

  @Override
  public int run(String[] arguments) {
    try {
      OptionReader options = new OptionReader(null, arguments);
      for (String option = options.next(); option != null; option = options.next()) {
        switch (option) {
          case "-t", "--target" -> target = options.value();
          case "-T", "--timeout" -> timeoutSeconds = options.seconds();
          case "-f", "--format" -> json = isJson(options.value());
          case "--pretty" -> pretty = true;
          case "-e", "--execute" -> execute();
          case "-v", "--verbose" -> options.optionalValue();
          case "-h", "--help" -> {
            return print(USAGE);
          }
          case "-V", "--version" -> {
            return print(PROGRAM + " (Open vSwitch) " + OvsVersion.TEXT + "\n");
          }
          default -> throw options.unknown();
        }
      }
      return ask(options.rest());
    } catch (OptionReader.BadOption | IOException e) {
      err.println(PROGRAM + ": " + e.getMessage());
      return 1;
    }
  }

  /** Before commands were words, they were this option's value: a flag now, for old scripts. */
  private void execute() {
    if (executeSeen) {
      throw new OptionReader.BadOption("-e or --execute may be speciifed only once");
    }
    executeSeen = true;
  }

  private int print(String text) {
    out.print(text);
    return 0;
  }

  private static boolean isJson(String format) {
    return switch (format) {
      case "json" -> true;
      case "text" -> false;
      default -> throw new OptionReader.BadOption("argument to --format must be 'json' or 'text'");
    };
  }

  private int ask(List<String> words) throws IOException {
    if (words.isEmpty()) {
      throw new OptionReader.BadOption(
          "at least one non-option argument is required (use --help for help)");
    }
    if (timeoutSeconds > 0) {
      Deadline.start(timeoutSeconds, new VlogRegistry(Clock.system(), PROGRAM, err));
    }
    List<String> arguments = new ArrayList<>(words.subList(1, words.size()));
    try (UnixctlClient client = connect()) {
      if (json && client.useJson() instanceof UnixctlReply.Failure) {
        throw new IOException(target + ": the target does not know --format json");
      }
      return show(client.run(words.getFirst(), arguments));
    }
  }

  private UnixctlClient connect() throws IOException {
    Path socket = target.startsWith("/") ? Path.of(target) : socketByPidfile();
    try {
      return UnixctlClient.connect(socket);
    } catch (IOException e) {
      String why = Files.exists(socket) ? "Connection refused" : "No such file or directory";
      throw new IOException("cannot connect to \"" + socket + "\" (" + why + ")", e);
    }
  }

  private Path socketByPidfile() throws IOException {
    Path pidfile =
        DaemonDirectories.fromEnvironment(System.getenv()).run().resolve(target + ".pid");
    try {
      String pid = Files.readString(pidfile).strip();
      return pidfile.resolveSibling(target + "." + pid + ".ctl");
    } catch (NoSuchFileException e) {
      throw new IOException(
          "cannot read pidfile \"" + pidfile + "\" (No such file or directory)", e);
    }
  }

  private int show(UnixctlReply reply) throws IOException {
    switch (reply) {
      case UnixctlReply.Text(String text) -> out.print(json ? wrapped(text) : text);
      case UnixctlReply.LongText(Reader text) -> out.print(text.readAllAsString());
      case UnixctlReply.Json(var document) -> out.println(writer().writeValueAsString(document));
      case UnixctlReply.Failure(String error) -> {
        err.print(error.endsWith("\n") ? error : error + "\n");
        err.println(PROGRAM + ": " + target + ": server returned an error");
        return 2;
      }
    }
    return 0;
  }

  private String wrapped(String text) throws IOException {
    ObjectNode object = new ObjectMapper().createObjectNode();
    object.put("reply", text).put("reply-format", "plain");
    return writer().writeValueAsString(object) + "\n";
  }

  private ObjectWriter writer() {
    ObjectMapper mapper = new ObjectMapper();
    return pretty ? mapper.writer(SerializationFeature.INDENT_OUTPUT) : mapper.writer();
  }
}
