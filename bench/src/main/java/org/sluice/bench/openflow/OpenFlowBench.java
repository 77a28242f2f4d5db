package org.sluice.bench.openflow;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sluice.bench.contest.CommandLines;
import org.sluice.bench.contest.Contest;
import org.sluice.bench.contest.ResultTable;
import org.sluice.bench.contest.Trial;
import org.sluice.bench.peer.RunningSwitch;
import org.sluice.bench.peer.SwitchPeer;
import picocli.CommandLine;

/** {@code ./sluice bench openflow}. Used by the main thread. */
public final class OpenFlowBench {
  private final PrintStream out;
  private final PrintStream progress;

  /** Prints results to one stream, and what is going on to another. */
  public OpenFlowBench(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /**
   * Measures what the arguments say.
   *
   * @return the process's exit status
   */
  public int run(String... arguments) throws IOException {
    OpenFlowOptions options = new OpenFlowOptions();
    CommandLine parser = new CommandLine(options);
    if (!CommandLines.parse(parser, out, arguments)) {
      return 0;
    }
    options.check();
    List<SwitchPeer> peers = new ArrayList<>(List.of(SwitchPeer.ours()));
    if (options.against != null) {
      peers.add(SwitchPeer.installed());
    }
    Path folder = Files.createTempDirectory("sluice-bench");
    try {
      compare(peers, folder, options);
    } finally {
      delete(folder);
    }
    return 0;
  }

  private void compare(List<SwitchPeer> peers, Path folder, OpenFlowOptions options)
      throws IOException {
    Map<SwitchPeer, RunningSwitch> switches = new LinkedHashMap<>();
    Contest<SwitchPeer> contest = new Contest<>(peers, progress);
    contest.compare("large", peer -> new LargeTableTrial(peer, folder, options));
    try {
      for (SwitchPeer peer : peers) {
        switches.put(peer, new RunningSwitch(peer, RunningSwitch.Setting.DUMMY, folder));
      }
      measure(contest, switches, FlowSet.write(folder.resolve("flows"), options.flows), options);
      progress.println();
      new ResultTable(out, peers.size() == 1 ? null : peers.getLast().name())
          .print(contest.medians(), options.json);
    } finally {
      switches.values().forEach(RunningSwitch::close);
    }
  }

  private static void measure(
      Contest<SwitchPeer> contest,
      Map<SwitchPeer, RunningSwitch> switches,
      Path flows,
      OpenFlowOptions options)
      throws IOException {
    contest.compare("mods", peer -> new RateTrial(switches.get(peer), options));
    contest.compare("bundle", peer -> tool(switches.get(peer), true, flows, options));
    contest.compare("add", peer -> tool(switches.get(peer), false, flows, options));
    contest.compare("dump", peer -> new DumpTrial(switches.get(peer), options));
  }

  private static Trial tool(
      RunningSwitch target, boolean bundle, Path flows, OpenFlowOptions options)
      throws IOException {
    return new ToolTrial(
        target,
        bundle ? OpenFlowFigure.ADD_FLOWS_BUNDLE : OpenFlowFigure.ADD_FLOWS,
        flows,
        options);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
