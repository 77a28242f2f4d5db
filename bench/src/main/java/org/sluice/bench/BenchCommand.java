package org.sluice.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import org.sluice.bench.connections.ConnectionsBench;
import org.sluice.bench.network.NetworkBench;
import org.sluice.bench.openflow.OpenFlowBench;
import org.sluice.bench.ovsdb.OvsdbBench;
import org.sluice.bench.parts.PartsBench;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.tools.Command;
import org.sluice.tools.WrongUsage;
import picocli.CommandLine;

/** {@code ./sluice bench}: what the switch is worth, beside its competitors. */
public final class BenchCommand implements Command {
  private static final String USAGE =
      """
      Usage: ./sluice bench forward --flows FILE --capture FILE [OPTION ...]
             ./sluice bench forward --against ovs-dpdk [OPTION ...]
             ./sluice bench connections [OPTION ...]
             ./sluice bench network [--against ovs] [OPTION ...]
             ./sluice bench openflow [--against ovs] [OPTION ...]
             ./sluice bench ovsdb [--against ovsdb-server] [OPTION ...]
             ./sluice bench sweep [--axis NAME] [--chart FILE] [OPTION ...]
             ./sluice bench parts [--part NAME] [OPTION ...]

      forward   what a packet costs, in at one port and out at another
                (./sluice bench forward --help)
      sweep     what a packet costs with ever more flows, connections, rules, masks
                (./sluice bench sweep --help)
      connections
                what millions of connections that come and go take, and whom
                they keep waiting (./sluice bench connections --help)
      network   what gets through between two hosts, over the kernel's devices
                (./sluice bench network --help)
      openflow  how fast flows are added and dumped, and what they take
                (./sluice bench openflow --help)
      ovsdb     what the database server does in a second
                (./sluice bench ovsdb --help)
      parts     what each step of a packet's way costs
                (./sluice bench parts --help)
      """;

  private final PrintStream out;
  private final PrintStream err;

  public BenchCommand() {
    this(System.out, System.err);
  }

  BenchCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String summary() {
    return "measure alone or against a peer: bench forward, connections, sweep, network, openflow, ovsdb,"
        + " parts";
  }

  @Override
  public int run(String[] arguments) throws InterruptedException {
    String word = arguments.length == 0 ? "" : arguments[0];
    String[] rest = Arrays.copyOfRange(arguments, Math.min(1, arguments.length), arguments.length);
    return switch (word) {
      case "forward" -> forward(rest);
      case "connections" -> run(new ConnectionsBench(out, err)::run, rest);
      case "network" -> run(new NetworkBench(out, err)::run, rest);
      case "openflow" -> run(new OpenFlowBench(out, err)::run, rest);
      case "ovsdb" -> run(new OvsdbBench(out, err)::run, rest);
      case "sweep" -> run(new SweepBench(out)::run, rest);
      case "parts" -> run(new PartsBench(out, err)::run, rest);
      case "-h", "--help" -> {
        out.print(USAGE);
        yield 0;
      }
      default ->
          fail(
              (word.isEmpty() ? "say what to measure" : "unknown benchmark '" + word + "'")
                  + "; try './sluice bench --help'");
    };
  }

  private int forward(String[] arguments) throws InterruptedException {
    ForwardOptions options = new ForwardOptions();
    CommandLine parser = new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true);
    try {
      parser.parseArgs(arguments);
      if (options.help) {
        parser.usage(out);
        return 0;
      }
      options.check();
      if (options.memory) {
        new MemoryComparison(options, out, err).run();
      } else if (options.threads) {
        new ThreadComparison(options, out, err).run();
      } else if (options.against == null) {
        ForwardBench.Result result =
            new ForwardRun(options.cpu, options.once, options.seconds)
                .run(options.flows, options.capture);
        out.print(options.json ? result.json() + "\n" : result.text());
      } else {
        new Comparison(options, out, err).run();
      }
      return 0;
    } catch (CommandLine.ParameterException e) {
      return fail(WrongUsage.line("./sluice bench forward", e));
    } catch (OfSyntaxException | IOException e) {
      return fail(e.getMessage());
    }
  }

  private interface Bench {
    int run(String[] arguments) throws IOException;
  }

  private int run(Bench bench, String[] arguments) {
    try {
      return bench.run(arguments);
    } catch (IOException e) {
      return fail(e.getMessage());
    }
  }

  private int fail(String line) {
    err.println("sluice bench: " + line);
    return 1;
  }
}
