package org.sluice.datapath.flow;

import java.util.Map;
import java.util.Map.Entry;
import org.sluice.datapath.packet.Parser;

/**
 * How datapath flows and actions are written and read.
 *
 * @param verbose show wildcarded fields too, with a mask of 0
 * @param portNames names instead of numbers for these datapath ports; may be empty
 * @param vlanLimit tags that keys can hold: {@link org.sluice.datapath.packet.Packet#vlanLimit}
 */
public record FlowTextOptions(boolean verbose, Map<Integer, String> portNames, int vlanLimit) {
  /** What {@code dump-flows} does when nothing is asked for. */
  public static final FlowTextOptions PLAIN =
      new FlowTextOptions(false, Map.of(), Parser.DEFAULT_VLAN_TAGS);

  /** Every field, also those that do not matter. */
  public static final FlowTextOptions VERBOSE =
      new FlowTextOptions(true, Map.of(), Parser.DEFAULT_VLAN_TAGS);

  public FlowTextOptions {
    portNames = Map.copyOf(portNames);
  }

  /** The port's name, or its number where it has none here. */
  public String portName(int port) {
    String name = portNames.get(port);
    return name == null ? Integer.toUnsignedString(port) : name;
  }

  /** The number of the port that is called, or numbered, {@code text}. */
  public long portNumber(String text) throws FlowSyntaxException {
    for (Entry<Integer, String> entry : portNames.entrySet()) {
      if (entry.getValue().equals(text)) {
        return entry.getKey() & 0xffff_ffffL;
      }
    }
    return NumberText.parse(text, 32);
  }
}
