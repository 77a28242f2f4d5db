package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.TrackRequest.MarkAndLabel;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

class ConnectionTextTest {
  private final Conntrack conntrack = new Conntrack(3);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();

  private String line(Packet packet, TrackRequest request, boolean verbose, boolean statistics) {
    tracker.track(packet, request, 0);
    List<String> lines = new ArrayList<>();
    conntrack.visit(0, c -> lines.add(ConnectionText.line(c, verbose, statistics)));
    assertEquals(1, lines.size());
    return lines.getFirst();
  }

  @Test
  void shouldPrintPortsWhenUdp() {
    Packet packet = maker.udp(new End("10.0.0.2", 8), new End("10.0.0.1", 9), "");
    assertEquals(
        "udp,orig=(src=10.0.0.2,dst=10.0.0.1,sport=8,dport=9),"
            + "reply=(src=10.0.0.1,dst=10.0.0.2,sport=9,dport=8)",
        line(packet, TrackRequest.commit(0), false, false));
  }

  @Test
  void shouldPrintZoneMarkLabelsAndTimeoutWhenThereAreAny() {
    MarkAndLabel set = new MarkAndLabel(0x55, -1, 1, 0x2a, -1, -1);
    Packet packet = maker.udp(new End("2001:db8::2", 8), new End("2001:db8::1", 9), "");
    assertEquals(
        "udp,orig=(src=2001:db8::2,dst=2001:db8::1,sport=8,dport=9),"
            + "reply=(src=2001:db8::1,dst=2001:db8::2,sport=9,dport=8),id=0,zone=5,status=0,"
            + "timeout=60,mark=85,labels=0x1000000000000002a",
        line(packet, new TrackRequest(true, false, 5, set, Gateway.NONE), true, true));
  }

  @Test
  void shouldPrintIdTypeAndCodeWhenPing() {
    Packet packet = maker.icmp(new End("10.0.0.2", 0), new End("10.0.0.1", 0), 8, 77);
    assertEquals(
        "icmp,orig=(src=10.0.0.2,dst=10.0.0.1,id=77,type=8,code=0),"
            + "reply=(src=10.0.0.1,dst=10.0.0.2,id=77,type=0,code=0)",
        line(packet, TrackRequest.commit(0), false, false));
  }

  @Test
  void shouldPrintNoPortsWhenProtocolHasNone() {
    Packet packet =
        maker.ip(new End("10.0.0.2", 0), new End("10.0.0.1", 0), IpProtocol.GRE, new byte[8]);
    assertEquals(
        "47,orig=(src=10.0.0.2,dst=10.0.0.1,sport=0,dport=0),"
            + "reply=(src=10.0.0.1,dst=10.0.0.2,sport=0,dport=0)",
        line(packet, TrackRequest.commit(0), false, false));
  }

  @Test
  void shouldPrintOneTcpStateWhenBrief() {
    TcpScenario scenario = new TcpScenario();
    scenario.play(
        """
        > S  1000 ws=7          new
        < SA 5000 ack=1001 ws=3 est|rpl
        > A  1001 ack=5001      est
        """);
    assertEquals(
        "tcp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=1234,dport=80),"
            + "reply=(src=10.0.0.2,dst=10.0.0.1,sport=80,dport=1234),"
            + "protoinfo=(state=ESTABLISHED)",
        ConnectionText.line(scenario.connection(), false, false));
    assertEquals(
        "tcp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=1234,dport=80),"
            + "reply=(src=10.0.0.2,dst=10.0.0.1,sport=80,dport=1234),id=0,status=0,"
            + "protoinfo=(state_orig=ESTABLISHED,state_reply=ESTABLISHED,"
            + "wscale_orig=7,wscale_reply=3,flags_orig=WINDOW_SCALE,flags_reply=WINDOW_SCALE)",
        ConnectionText.line(scenario.connection(), true, false));
  }
}
