package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.nat.NatRange;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/** UDP-Lite, DCCP, GRE and protocols that nobody knows. */
class RareProtocolsTest {
  private static final End A = new End("10.0.0.1", 1000);
  private static final End B = new End("10.0.0.2", 2000);

  private final Conntrack conntrack = new Conntrack(5);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();

  private String commit(Packet packet) {
    DropReason reason = tracker.track(packet, TrackRequest.commit(1), 0);
    return reason == null ? CtState.text(packet.ctState) : reason.toString();
  }

  private Packet udpLite(End from, End to, int coverage) {
    ByteBuffer bytes = ByteBuffer.allocate(20);
    bytes.putShort((short) from.port()).putShort((short) to.port()).putShort((short) coverage);
    return maker.ip(from, to, IpProtocol.UDP_LITE, bytes.array());
  }

  private Packet dccp(End from, End to) {
    ByteBuffer bytes = ByteBuffer.allocate(24);
    bytes.putShort((short) from.port()).putShort((short) to.port()).put((byte) 4);
    return maker.ip(from, to, IpProtocol.DCCP, bytes.array());
  }

  private Packet gre(End from, End to, int key) {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    bytes.putShort((short) 0x2000).putShort((short) 0x0800).putInt(key);
    return maker.ip(from, to, IpProtocol.GRE, bytes.array());
  }

  @Test
  void shouldTellConnectionsApartByPorts() {
    assertEquals("new|trk", commit(udpLite(A, B, 0)));
    assertEquals("est|rpl|trk", commit(udpLite(B, A, 8)));
    assertEquals("new|trk", commit(udpLite(new End("10.0.0.1", 9), B, 12)));
    assertEquals("new|trk", commit(dccp(A, B)));
    assertEquals("est|rpl|trk", commit(dccp(B, A)));
    assertEquals("new|trk", commit(dccp(new End("10.0.0.1", 9), B)));
    assertEquals(4, conntrack.limits().count());
  }

  @Test
  void shouldVerifyWhatTheChecksumCovers() {
    Packet covered = udpLite(A, B, 12);
    OffHeap.putByte(covered.address + covered.l4Offset + 9, (byte) 1);
    assertEquals("CT_INVALID_CHECKSUM", commit(covered));
    Packet behind = udpLite(A, B, 12);
    OffHeap.putByte(behind.address + behind.l4Offset + 15, (byte) 1);
    assertEquals("new|trk", commit(behind));
    assertEquals("CT_INVALID_HEADER", commit(udpLite(A, B, 7)));
    assertEquals("CT_INVALID_HEADER", commit(udpLite(A, B, 21)));
  }

  @Test
  void shouldTranslatePortsAndKeepTheChecksumRight() {
    NatRange range = new NatRange(true, false, 0, 0x0a090909, 0, 0, 7, 8, false, false);
    for (Packet packet : new Packet[] {udpLite(A, B, 8), dccp(A, B)}) {
      assertNull(tracker.track(packet, TrackRequest.commit(1, range), 0));
      assertTrue(Checksum.isTransportValid(packet));
    }
    Packet packet = dccp(new End("10.0.0.9", 1000), B);
    assertNull(tracker.track(packet, TrackRequest.commit(1, range), 0));
    assertTrue(Checksum.isTransportValid(packet));
    int port = OffHeap.getUnsignedShortBe(packet.address + packet.l4Offset);
    assertTrue(port == 7 || port == 8, "port " + port);
  }

  @Test
  void shouldTellTunnelsApartByTheirKey() {
    assertEquals("new|trk", commit(gre(A, B, 0x12345)));
    assertEquals("est|rpl|trk", commit(gre(B, A, 0x12345)));
    assertEquals("new|trk", commit(gre(B, A, 0x12346)));
  }

  @Test
  void shouldTrackAnyOtherProtocolByItsAddresses() {
    assertEquals("new|trk", commit(maker.ip(A, B, 99, new byte[] {1, 2})));
    assertEquals("est|rpl|trk", commit(maker.ip(B, A, 99, new byte[0])));
    assertEquals("new|trk", commit(maker.ip(B, A, 98, new byte[0])));
  }
}
