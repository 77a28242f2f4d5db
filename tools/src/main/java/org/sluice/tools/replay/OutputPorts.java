package org.sluice.tools.replay;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.vswitchd.classifier.Rule;

/** The ports that rules name as places to send to. */
final class OutputPorts {
  private final Set<Integer> found = new TreeSet<>();

  private OutputPorts() {}

  /** All of them, in order. */
  static Set<Integer> of(List<Rule> rules) {
    OutputPorts ports = new OutputPorts();
    rules.forEach(rule -> ports.visit(rule.actions()));
    return ports.found;
  }

  private void visit(List<OfAction> actions) {
    for (OfAction action : actions) {
      switch (action) {
        case OfAction.Output output -> add(output.port());
        case OfAction.OutputTruncated output -> add(output.port());
        case OfAction.Enqueue enqueue -> add(enqueue.port());
        case OfAction.WriteActions write -> visit(write.actions());
        case OfAction.Clone clone -> visit(clone.actions());
        default -> {}
      }
    }
  }

  private void add(int port) {
    if (port >= 1 && port < OfPort.MAX && port <= PortFile.MAX_PORT) {
      found.add(port);
    }
  }
}
