package org.sluice.tools.ofctl;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.sluice.base.clock.Clock;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.base.log.VlogRegistry;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.tools.Command;
import org.sluice.tools.options.BadUsage;
import org.sluice.tools.options.Deadline;
import org.sluice.tools.options.LogOptions;
import org.sluice.tools.options.OptionTable;
import org.sluice.tools.ovs.OvsVersion;

/** {@code ovs-ofctl}: looks at and changes OpenFlow switches. */
public final class OvsOfctl implements Command {
  static final String PROGRAM = "ovs-ofctl";

  private final OfctlOptions options = new OfctlOptions();
  private final List<OfctlCommand> commands = new ArrayList<>();
  private final PrintStream out =
      new PrintStream(
          new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
          false,
          StandardCharsets.UTF_8);
  private String shown;
  private boolean help;

  public OvsOfctl() {}

  @Override
  public String name() {
    return PROGRAM;
  }

  @Override
  public String summary() {
    return "look at and change an OpenFlow switch: ovs-ofctl dump-flows BRIDGE";
  }

  @Override
  public int run(String[] arguments) throws InterruptedException {
    try {
      return parseAndRun(arguments);
    } catch (ExitException e) {
      return e.status();
    } catch (RefusedException e) {
      out.flush();
      System.err.print(e.getMessage());
      return 1;
    } catch (UncheckedIOException e) {
      out.flush();
      System.err.println(PROGRAM + ": " + e.getCause().getMessage());
      return 1;
    } catch (BadUsage | OfctlException | OfSyntaxException | IOException e) {
      out.flush();
      System.err.println(PROGRAM + ": " + e.getMessage());
      return 1;
    } finally {
      out.flush();
    }
  }

  private int parseAndRun(String[] arguments)
      throws IOException, OfSyntaxException, InterruptedException {
    DaemonDirectories directories = DaemonDirectories.fromEnvironment(System.getenv());
    VlogRegistry log = new VlogRegistry(Clock.system(), PROGRAM, System.err);
    LogOptions logging = new LogOptions(log, PROGRAM, directories.log());
    OptionTable table = new OptionTable().group(options::addTo).group(logging::addTo);
    table
        .flag("help", 'h', () -> help = true)
        .flag("option", 'o', () -> show(table.completions()))
        .flag("version", 'V', () -> show(version()));
    List<String> words = table.parse(arguments);
    if (help) {
      addCommands(log, directories);
      show(usage(logging));
    }
    if (shown != null) {
      out.print(shown);
      return 0;
    }
    options.settle();
    if (!logging.openFile()) {
      return 1;
    }
    if (options.timeoutSeconds() > 0) {
      Deadline.start(options.timeoutSeconds(), log);
    }
    addCommands(log, directories);
    return dispatch(words);
  }

  private void show(String text) {
    shown = shown == null ? text : shown;
  }

  static String versionLine() {
    return PROGRAM + " (Open vSwitch) " + OvsVersion.TEXT;
  }

  private static String version() {
    return versionLine() + "\nOpenFlow versions 0x1:0x6\n";
  }

  private void addCommands(VlogRegistry log, DaemonDirectories directories) {
    NoteLog notes = new NoteLog(log);
    commands.add(
        OfctlCommand.reading(
            "list-commands", null, 0, OfctlCommand.ANY_NUMBER, words -> listCommands()));
    commands.addAll(new PrintCommands(options, out, notes).all());
    commands.addAll(new ParseCommands(options, out, notes).all());
    commands.addAll(new WireCommands(options, out, notes).all());
    Switches switches = new Switches(options, directories.run(), notes, log);
    Exchange exchange = new Exchange(options, out, notes);
    commands.addAll(new ShowCommands(switches, exchange, out).all());
    commands.addAll(new FlowCommands(options, switches, exchange, out, notes).all());
    commands.addAll(new GroupCommands(options, switches, exchange).all());
    commands.addAll(new ConfigCommands(options, switches, exchange).all());
    commands.addAll(new CaptureCommands(options, exchange, out).all());
    MonitorStart start = new MonitorStart(options, directories, log);
    commands.addAll(new MonitorCommands(options, switches, exchange, start, out).all());
    commands.addAll(new ComposeCommand(options, out).all());
  }

  private String usage(LogOptions logging) {
    StringBuilder text =
        new StringBuilder(
            """
            ovs-ofctl: OpenFlow switch management utility
            usage: ovs-ofctl [OPTIONS] COMMAND [ARG...]

            Commands:
            """);
    commands.stream()
        .filter(command -> command.usage() != null)
        .forEach(command -> text.append("  ").append(command.line()).append('\n'));
    return text
        + """

        SWITCH and TARGET are bridges, or unix:FILE, tcp:HOST[:PORT], punix:FILE, ptcp:[PORT][:HOST]

        Options:
          -O, --protocols=VERSIONS    OpenFlow versions to speak (default: OpenFlow10)
          -F, --flow-format=FORMATS   forms of flow mods to use
          -P, --packet-in-format=FORM form of packets that come in
          --strict                    only rules with the same match and priority
          --bundle                    all changes or none
          --readd                     replace also what is the same
          --may-create                mod-group adds groups that are not there
          --read-only                 only commands that change nothing
          --sort[=FIELD], --rsort[=FIELD]  sort flows
          --names, --no-names         names or numbers of ports and tables
          --stats, --no-stats         with or without statistics
          --timestamp                 when messages came
          -m, --more                  more details, the more often it is given
          --color[=WHEN]              always, never or auto
          -t, --timeout=SECS          give up after so long
          --unixctl=SOCKET            control socket of monitor and snoop
          --detach, --pidfile[=FILE], --overwrite-pidfile, --no-chdir
                                      run monitor and snoop in the background
          -h, --help                  this text
          -V, --version               the version
        """
        + logging.usage();
  }

  private void listCommands() {
    out.println("The available commands are:");
    commands.forEach(command -> out.println("  " + command.line()));
  }

  private int dispatch(List<String> words)
      throws IOException, OfSyntaxException, InterruptedException {
    if (words.isEmpty()) {
      throw new OfctlException("missing command name; use --help for help");
    }
    for (OfctlCommand command : commands) {
      if (command.name().equals(words.getFirst())) {
        command.run(words.subList(1, words.size()), options.readOnly());
        return 0;
      }
    }
    throw new OfctlException("unknown command '" + words.getFirst() + "'; use --help for help");
  }
}
