package org.sluice.vswitchd.translate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.text.FlowParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.classifier.TableVersions;
import org.sluice.vswitchd.l2.Bundle;

/**
 * Bridges with tables and ports for one test, whose effects are performed at once and kept for the
 * test to look at. Belongs to the test's thread.
 */
final class TestNetwork implements Topology, Edge {
  final RecirculationTable recirculations = new RecirculationTable();
  final Translator translator = new Translator(this, recirculations);
  final List<PacketInEvent> packetIns = new ArrayList<>();
  private final Map<String, TestBridge> bridges = new LinkedHashMap<>();
  private final Map<Integer, Place> places = new LinkedHashMap<>();
  private final TableVersions versions = new TableVersions();
  private long changes;

  /** A bridge without ports. */
  TestBridge addBridge(String name) {
    TestBridge bridge = new TestBridge(name, versions);
    bridges.put(name, bridge);
    return bridge;
  }

  /**
   * A bridge called br0 with trunk ports 1 to {@code ports}, which are the same in the datapath.
   */
  static TestNetwork oneBridge(int ports) {
    TestNetwork network = new TestNetwork();
    network.addBridge("br0");
    for (int i = 1; i <= ports; i++) {
      network.addPort("br0", i, i);
    }
    return network;
  }

  /** A trunk port called pN after its datapath number. */
  void addPort(String bridge, int ofPort, int datapathPort) {
    addPort(bridge, datapathPort, Bundle.trunk(ofPort, "p" + datapathPort, ofPort));
  }

  /** A port with VLAN settings, called pN after its datapath number. */
  void addPort(String bridge, int datapathPort, Bundle bundle) {
    TestBridge target = bridges.get(bridge);
    target.add(PortView.of(bundle.port(), datapathPort, "p" + datapathPort), bundle);
    places.put(datapathPort, new Place(target, bundle.port()));
    changes++;
  }

  /** A pair of patch ports of the same number in two bridges. */
  void addPatch(String a, String b, int ofPort) {
    addPatchPort(a, ofPort, b);
    addPatchPort(b, ofPort, a);
  }

  private void addPatchPort(String bridge, int ofPort, String other) {
    PortView.Peer peer = new PortView.Peer(other, ofPort);
    PortView port =
        new PortView(ofPort, PortView.NOWHERE, "patch-" + bridge, peer, Set.<PortView.Flag>of());
    bridges.get(bridge).add(port, Bundle.trunk(ofPort, port.name(), ofPort));
  }

  /** Adds flows to br0. */
  void addFlows(String... flows) {
    for (String flow : flows) {
      addFlow("br0", flow);
    }
  }

  void addFlow(String bridge, String flow) {
    try {
      FlowMod mod = FlowParser.parse(FlowMod.Command.ADD, flow, Names.NONE);
      int table = mod.table() == FlowMod.ANY_TABLE ? 0 : mod.table();
      Rule.Body body =
          new Rule.Body(mod.cookie().value(), mod.timeouts(), 0, mod.flags(), mod.actions());
      bridges.get(bridge).insert(new Rule(table, mod.match(), mod.priority(), body, 0));
      changes++;
    } catch (OfSyntaxException e) {
      throw new IllegalArgumentException(flow, e);
    }
  }

  /** The key of an OpenFlow match that leaves nothing open. */
  static FlowKey key(String flow) {
    try {
      FlowKey key = FlowParser.parseMatch(flow, Names.NONE).key().copy();
      if (Protocols.isTagged(key)) {
        VlanTags.setTci(key, VlanTags.tci(key, 0));
      }
      return key;
    } catch (OfSyntaxException e) {
      throw new IllegalArgumentException(flow, e);
    }
  }

  /** Translates a packet that comes in by a port of br0. */
  Outcome translate(String flow) {
    return translator.translate(Job.received(bridge("br0"), key(flow), 0));
  }

  /** Traces a packet that comes in by a port of br0. */
  String trace(String flow) {
    return Trace.run(
        this, this, recirculations, TraceRequest.received(bridge("br0"), key(flow)), 0);
  }

  /** Notes that the test changed something. */
  void changed() {
    changes++;
  }

  @Override
  public TestBridge bridge(String name) {
    return bridges.get(name);
  }

  @Override
  public Place locate(int datapathPort) {
    return places.get(datapathPort);
  }

  @Override
  public List<TestBridge> bridges() {
    return List.copyOf(bridges.values());
  }

  @Override
  public long changeSequence() {
    return changes;
  }

  @Override
  public boolean learn(Effect.LearnRule learned, long nowNs) {
    TestBridge bridge = bridges.get(learned.bridge().name());
    Rule old = bridge.find(learned.table(), learned.match(), learned.priority());
    if (old != null && old.actions().equals(learned.actions())) {
      return false;
    }
    Rule.Body body = new Rule.Body(learned.cookie(), learned.timeouts(), 0, 0, learned.actions());
    bridge.insert(new Rule(learned.table(), learned.match(), learned.priority(), body, nowNs));
    changes++;
    return true;
  }

  @Override
  public void stationMoved(BridgeView bridge) {
    changes++;
  }

  @Override
  public void packetIn(PacketInEvent event, long nowNs) {
    packetIns.add(event);
  }
}
