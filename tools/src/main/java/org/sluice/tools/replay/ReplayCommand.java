package org.sluice.tools.replay;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.sluice.base.linux.FileErrors;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.tools.Command;
import org.sluice.tools.WrongUsage;
import picocli.CommandLine;

/** {@code ./sluice replay}: captures in, captures out. */
public final class ReplayCommand implements Command {
  private final PrintStream out;
  private final PrintStream err;

  public ReplayCommand() {
    this(System.out, System.err);
  }

  ReplayCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public String name() {
    return "replay";
  }

  @Override
  public String summary() {
    return "send captures through the switch in virtual time: captures in, captures out";
  }

  @Override
  public int run(String[] arguments) {
    ReplayOptions options = new ReplayOptions();
    CommandLine parser = new CommandLine(options);
    try {
      parser.parseArgs(arguments);
      if (options.help) {
        parser.usage(out);
        return 0;
      }
      replay(options);
      return 0;
    } catch (CommandLine.ParameterException e) {
      return fail(WrongUsage.line("./sluice replay", e));
    } catch (FileSystemException e) {
      return fail(e.getFile() + ": " + FileErrors.reason(e));
    } catch (ReplayException | OfSyntaxException | IOException e) {
      return fail(e.getMessage());
    }
  }

  private int fail(String line) {
    err.println("sluice replay: " + line);
    return 1;
  }

  private void replay(ReplayOptions options)
      throws ReplayException, OfSyntaxException, IOException {
    List<PortFile> inputs = PortFile.parseAll(options.inputs);
    try (Replay replay = new Replay();
        Tape tape = new Tape(inputs)) {
      replay.addFlows(options.flows);
      Tape.check(inputs);
      Set<Integer> ports = ports(options, inputs, replay);
      Replay.prepare(options.out, ports, inputs);
      for (int port : ports) {
        replay.addPort(port, options.out);
      }
      play(options, replay, tape);
    }
  }

  private static Set<Integer> ports(ReplayOptions options, List<PortFile> inputs, Replay replay)
      throws ReplayException {
    Set<Integer> ports = new TreeSet<>(OutputPorts.of(replay.rules()));
    inputs.forEach(input -> ports.add(input.port()));
    for (String text : options.morePorts) {
      ports.add(PortFile.port("--port " + text, text));
    }
    return ports;
  }

  private void play(ReplayOptions options, Replay replay, Tape tape) throws IOException {
    Path folder = options.out;
    Report report = options.json ? new JsonReport(out, folder) : new TextReport(out, folder);
    for (Tape.Entry entry = tape.next(); entry != null; entry = tape.next()) {
      if (options.packets) {
        report.packet(replay.playAndWatch(entry));
      } else {
        replay.play(entry);
      }
    }
    report.end(replay);
  }
}
