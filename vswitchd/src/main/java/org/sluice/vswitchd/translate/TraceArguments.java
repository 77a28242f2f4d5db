package org.sluice.vswitchd.translate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.sluice.datapath.flow.DatapathFlowText;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowSyntaxException;
import org.sluice.datapath.flow.FlowTextOptions;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.text.ActionParser;
import org.sluice.openflow.text.FlowParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;

/**
 * What the arguments of {@code ofproto/trace} ask for:
 *
 * <pre>
 *   {[DATAPATH] ODP_FLOW | BRIDGE FLOW} [OPTION]... [-generate | PACKET]
 * </pre>
 *
 * <p>A packet in hexadecimal digits takes the place of the flow's headers. Switches learn from it;
 * to generate one is to have them learn from the flow's headers.
 */
public final class TraceArguments {
  private static final int MIN_FRAME_DIGITS = 28;

  private final Topology topology;
  private final PacketReader packets;
  private final List<String> plain = new ArrayList<>();
  private final List<Integer> ctStates = new ArrayList<>();
  private boolean names;
  private boolean generates;

  private TraceArguments(Topology topology, PacketReader packets) {
    this.topology = topology;
    this.packets = packets;
  }

  /** Reads the headers of a frame, with the metadata of a key, into a key. */
  public interface PacketReader {
    /** The key of {@code frame}; metadata and input port are those of {@code metadata}. */
    FlowKey read(byte[] frame, FlowKey metadata);
  }

  /** The request that {@code arguments} make. */
  public static TraceRequest parse(List<String> arguments, Topology topology, PacketReader packets)
      throws TraceException {
    return new TraceArguments(topology, packets).parse(arguments, null);
  }

  /** The same for {@code ofproto/trace-packet-out}, whose last argument are actions. */
  public static TraceRequest parsePacketOut(
      List<String> arguments, Topology topology, PacketReader packets) throws TraceException {
    if (arguments.isEmpty()) {
      throw new TraceException("Syntax error");
    }
    try {
      List<OfAction> actions = new ActionParser(Names.NONE).parse(arguments.getLast());
      List<String> rest = arguments.subList(0, arguments.size() - 1);
      return new TraceArguments(topology, packets).parse(rest, actions);
    } catch (OfSyntaxException e) {
      throw new TraceException(e.getMessage());
    }
  }

  private TraceRequest parse(List<String> arguments, List<OfAction> actions) throws TraceException {
    split(arguments);
    byte[] frame = generates || plain.size() < 2 ? null : frame();
    if (plain.isEmpty() || plain.size() > 2) {
      throw new TraceException("Syntax error");
    }
    TraceRequest request = datapathFlow();
    if (request == null) {
      request = bridgeFlow();
    }
    FlowKey key = frame == null ? request.key() : packets.read(frame, request.key());
    boolean teaches = generates || frame != null;
    return new TraceRequest(request.bridge(), key, actions, ctStates, names, teaches);
  }

  private void split(List<String> arguments) throws TraceException {
    for (Iterator<String> each = arguments.iterator(); each.hasNext(); ) {
      String argument = each.next();
      switch (argument) {
        case "-generate", "--generate" -> generates = true;
        case "-names", "--names" -> names = true;
        case "-consistent", "--consistent" -> {}
        case "--l7", "--l7-len" -> value(each, argument);
        case "--ct-next" -> ctStates.add(CtStateText.parse(value(each, argument)));
        default -> addPlain(argument);
      }
    }
  }

  private static String value(Iterator<String> each, String option) throws TraceException {
    if (!each.hasNext()) {
      throw new TraceException("Missing argument for option " + option);
    }
    return each.next();
  }

  private void addPlain(String argument) throws TraceException {
    if (argument.startsWith("-")) {
      throw new TraceException(argument + ": unknown option");
    }
    if (plain.size() == 3) {
      throw new TraceException("too many arguments");
    }
    plain.add(argument);
  }

  /** Takes the packet off the arguments, if the last of them is one. */
  private byte[] frame() throws TraceException {
    String digits = plain.getLast().replaceAll("\\s", "");
    boolean hex = digits.matches("([0-9a-fA-F]{2})+");
    if (hex && digits.length() >= MIN_FRAME_DIGITS) {
      plain.removeLast();
      return HexFormat.of().parseHex(digits);
    }
    if (plain.size() > 2) {
      throw new TraceException(hex ? "Packet data too short" : "Trailing garbage in packet data");
    }
    return null;
  }

  /** What the datapath's flow syntax means; null where the flow is not in that syntax. */
  private TraceRequest datapathFlow() throws TraceException {
    FlowKey key;
    try {
      key = DatapathFlowText.parse(plain.getLast(), portNames()).key().copy();
    } catch (FlowSyntaxException e) {
      if (plain.size() == 1) {
        throw new TraceException(e.getMessage() + " (or the bridge name was omitted)");
      }
      return null;
    }
    Topology.Place place = topology.locate((int) key.get(Field.IN_PORT));
    if (place == null) {
      throw new TraceException("no OpenFlow port for datapath port " + key.get(Field.IN_PORT));
    }
    key.set(Field.IN_PORT, place.ofPort());
    return TraceRequest.received(place.bridge(), key);
  }

  private FlowTextOptions portNames() {
    Map<Integer, String> ports = new HashMap<>();
    for (BridgeView bridge : topology.bridges()) {
      for (PortView port : bridge.ports()) {
        if (port.datapathPort() != PortView.NOWHERE) {
          ports.put(port.datapathPort(), port.name());
        }
      }
    }
    return new FlowTextOptions(false, ports, FlowTextOptions.PLAIN.vlanLimit());
  }

  private TraceRequest bridgeFlow() throws TraceException {
    BridgeView bridge = topology.bridge(plain.getFirst());
    if (bridge == null) {
      throw new TraceException(plain.getFirst() + ": unknown bridge");
    }
    try {
      Match flow = FlowParser.parseMatch(plain.getLast(), TraceText.names(bridge));
      Match mapped = bridge.options().adopt(flow);
      if (mapped == null) {
        throw new OfSyntaxException("a tunnel option is not in the bridge's TLV table");
      }
      FlowKey key = mapped.key();
      if (Protocols.isTagged(key)) {
        VlanTags.setTci(key, (int) key.get(Field.VLAN_TCI));
      }
      return TraceRequest.received(bridge, key);
    } catch (OfSyntaxException e) {
      throw new TraceException("Bad openflow flow syntax: " + e.getMessage());
    }
  }
}
