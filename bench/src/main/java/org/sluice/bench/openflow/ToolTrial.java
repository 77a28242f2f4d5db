package org.sluice.bench.openflow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.Trial;
import org.sluice.bench.peer.RunningSwitch;
import org.sluice.bench.peer.SwitchPeer;

/** Flows added by {@code ovs-ofctl}, to an empty switch each time. */
final class ToolTrial implements Trial {
  private final RunningSwitch target;
  private final OpenFlowFigure figure;
  private final List<String> words;
  private final OpenFlowOptions options;

  ToolTrial(RunningSwitch target, OpenFlowFigure figure, Path flows, OpenFlowOptions options)
      throws IOException {
    this.target = target;
    this.figure = figure;
    this.options = options;
    this.words = new ArrayList<>(SwitchPeer.ofctl());
    if (figure == OpenFlowFigure.ADD_FLOWS_BUNDLE) {
      words.add("--bundle");
    }
    words.addAll(List.of("add-flows", RunningSwitch.BRIDGE, flows.toString()));
  }

  @Override
  public int warmUp() {
    return options.rounds;
  }

  @Override
  public int rounds() {
    return options.rounds;
  }

  @Override
  public Map<Measurement, Double> sample() throws IOException {
    clear();
    double ms = target.run(words);
    try (FlowClient client = new FlowClient(target)) {
      client.check(options.flows);
    }
    return Map.of(figure, ms);
  }

  /** On a connection of its own: one that is silent while the tool is at work is hung up on. */
  private void clear() throws IOException {
    try (FlowClient client = new FlowClient(target)) {
      client.clear();
    }
  }

  @Override
  public void close() throws IOException {
    clear();
  }
}
