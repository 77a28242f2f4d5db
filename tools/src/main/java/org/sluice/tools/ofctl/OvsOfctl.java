package org.sluice.tools.ofctl;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.sluice.base.clock.Clock;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.base.log.VlogRegistry;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.tools.Command;
import org.sluice.tools.options.BadUsage;
import org.sluice.tools.options.LogOptions;
import org.sluice.tools.options.OptionTable;
import org.sluice.tools.ovs.Deadline;
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
        .flag("help", 'h', () -> show(OfctlUsage.text(directories) + logging.usage()))
        .flag("option", 'o', () -> show(table.completions()))
        .flag("version", 'V', () -> show(version()));
    List<String> words = table.parse(arguments);
    if (shown != null) {
      out.print(shown);
      return 0;
    }
    options.settle();
    logging.openFile();
    if (options.timeoutSeconds() > 0) {
      Deadline.start(options.timeoutSeconds());
    }
    addCommands(log);
    return dispatch(words);
  }

  private void show(String text) {
    shown = shown == null ? text : shown;
  }

  private static String version() {
    return PROGRAM + " (Open vSwitch) " + OvsVersion.TEXT + "\nOpenFlow versions 0x1:0x6\n";
  }

  private void addCommands(VlogRegistry log) {
    NoteLog notes = new NoteLog(log);
    commands.addAll(new PrintCommands(options, out, notes).all());
    commands.addAll(new ParseCommands(options, out, notes).all());
    commands.addAll(new WireCommands(options, out, notes).all());
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
