package org.sluice.datapath.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlowHashTest {
  @Test
  void shouldBeTheSameForBothDirectionsWhenSymmetric() {
    for (int type : List.of(0x0800, 0x86dd)) {
      Packet there = datagram(type, 1, 2, 53, 49152);
      Packet back = datagram(type, 2, 1, 49152, 53);
      assertEquals(FlowHash.symmetric(there, 5), FlowHash.symmetric(back, 5));
      assertNotEquals(FlowHash.of(there, 5), FlowHash.of(back, 5));
    }
  }

  @Test
  void shouldIgnorePortsWhenPacketIsAFragment() {
    byte[] first = Frames.ethernet("0800", Frames.ipv4(17, 0x2000, Frames.udp(new byte[8])));
    byte[] later = Frames.ethernet("0800", Frames.ipv4(17, 2, new byte[16]));
    assertEquals(FlowHash.of(parsed(first), 0), FlowHash.of(parsed(later), 0));
  }

  @Test
  void shouldSpreadWhenPortsCountUp() {
    Set<Integer> low = new HashSet<>();
    Set<Integer> high = new HashSet<>();
    for (int port = 0; port < 1024; port++) {
      int hash = FlowHash.symmetric(datagram(0x0800, 1, 2, 1000 + port, 80), 0);
      low.add(hash & 1023);
      high.add(hash >>> 22);
    }
    assertTrue(low.size() > 580, "low bits take " + low.size() + " values");
    assertTrue(high.size() > 580, "high bits take " + high.size() + " values");
  }

  private static Packet datagram(int type, int source, int target, int sourcePort, int targetPort) {
    byte[] transport =
        Frames.hex(Frames.digits(sourcePort, 4), Frames.digits(targetPort, 4), "00080000");
    byte[] packet = type == 0x0800 ? Frames.ipv4(17, 0, transport) : Frames.ipv6(17, transport);
    packet[type == 0x0800 ? 15 : 23] = (byte) source;
    packet[type == 0x0800 ? 19 : 39] = (byte) target;
    return parsed(Frames.ethernet(Frames.digits(type, 4), packet));
  }

  private static Packet parsed(byte[] frame) {
    Packet packet = Frames.packet(frame);
    Parser.parse(packet);
    return packet;
  }
}
