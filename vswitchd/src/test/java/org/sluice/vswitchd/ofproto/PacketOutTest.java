package org.sluice.vswitchd.ofproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.base.clock.ManualClock;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.datapath.DatapathOptions;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;
import org.sluice.vswitchd.ofproto.RequestHandler.Request;

/** What a switch makes of the packets that controllers send. */
class PacketOutTest {
  /** UDP from 10.0.0.20 to 10.0.0.30, without an Ethernet header. */
  private static final byte[] IP_PACKET =
      HexFormat.of().parseHex("4500001c12344000ff1155750a000014" + "0a00001e" + "006400c800080000");

  private static final long IPV4 = 0x1_0800;

  private final ManualClock clock = new ManualClock(1_000_000_000L, 0);
  private final SwitchCore core =
      new SwitchCore(
          DatapathOptions.named("netdev@ovs-netdev"),
          new Conntrack(1),
          (where, cause) -> {
            throw new AssertionError(where, cause);
          });
  private final Ofproto bridge = core.addBridge("br0");
  private final Mailbox mailbox = new Mailbox();
  private final Session controller = new Session(Session.Kind.CONTROLLER, OfVersion.OF13, mailbox);

  private void send(PacketOut packet) {
    Request request = new Request(controller, 1, 100, clock.nowNs());
    assertNull(bridge.handle(request, packet));
    core.controlAgent().doWork(clock.nowNs());
    core.packetAgents().forEach(agent -> agent.doWork(clock.nowNs()));
  }

  private static Match from(int port, long packetType) {
    FlowKey key = new FlowKey();
    FlowMask mask = new FlowMask();
    key.set(Field.IN_PORT, port);
    mask.cover(Field.IN_PORT);
    key.set(Field.PACKET_TYPE, packetType);
    mask.cover(Field.PACKET_TYPE);
    return new Match(key, mask);
  }

  private static List<OfAction> toControllers() {
    int reason = PacketIn.Reason.ACTION.ordinal();
    return List.of(
        new OfAction.Controller(
            OfAction.Controller.NO_LIMIT, reason, 0, OfAction.Controller.Options.NONE));
  }

  @Test
  void shouldKnowWhatTypeAPacketIsOf() {
    bridge.attach(controller);
    Match metadata = from(OfPort.CONTROLLER, IPV4);
    send(new PacketOut(FlowMod.NO_BUFFER, metadata, toControllers(), Bytes.of(IP_PACKET)));

    PacketIn in = assertInstanceOf(PacketIn.class, mailbox.read());
    assertEquals(IPV4, in.metadata().get(Field.PACKET_TYPE));
    assertEquals(Bytes.of(IP_PACKET), in.data());
  }
}
