package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/** What is not trackable and why, and ICMP. */
class PacketChecksTest {
  private static final End A = new End("10.0.0.1", 1000);
  private static final End B = new End("10.0.0.2", 2000);
  private static final End A6 = new End("2001:db8::1", 1000);
  private static final End B6 = new End("2001:db8::2", 2000);
  private static final int ECHO = 8;
  private static final int UNREACHABLE = 3;

  private final Conntrack conntrack = new Conntrack(5);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();

  private String state(Packet packet) {
    tracker.track(packet, TrackRequest.commit(0), 0);
    return CtState.text(packet.ctState & ~CtState.TRACKED);
  }

  private void assertRefused(DropReason reason, Packet packet) {
    assertEquals(reason, tracker.track(packet, TrackRequest.commit(0), 0));
    assertEquals(CtState.INVALID | CtState.TRACKED, packet.ctState);
    assertEquals(0, packet.connection);
  }

  @Test
  void shouldRefuseWhenAChecksumIsWrong() {
    Packet udp = maker.udp(A, B, "abc");
    OffHeap.putByte(udp.address + udp.length - 1, (byte) 'x');
    assertRefused(DropReason.CT_INVALID_CHECKSUM, udp);
    Packet ttlChanged = maker.udp(A, B, "abc");
    OffHeap.putByte(ttlChanged.address + 22, (byte) 1);
    assertRefused(DropReason.CT_INVALID_CHECKSUM, ttlChanged);
    Packet tcp6 = maker.tcp(A6, B6, Segment.of(2, 1, 0), "abc");
    OffHeap.putByte(tcp6.address + tcp6.length - 1, (byte) 'x');
    assertRefused(DropReason.CT_INVALID_CHECKSUM, tcp6);
    Packet ping = maker.icmp(A, B, ECHO, 1);
    OffHeap.putByte(ping.address + ping.length - 1, (byte) 'x');
    assertRefused(DropReason.CT_INVALID_CHECKSUM, ping);
    Packet sctp = maker.ip(A, B, IpProtocol.SCTP, new byte[] {1, 1, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0});
    OffHeap.putByte(sctp.address + sctp.length - 1, (byte) 'x');
    assertRefused(DropReason.CT_INVALID_CHECKSUM, sctp);
  }

  @Test
  void shouldNotLookAtTheChecksumWhenTheDeviceVouchesForIt() {
    Packet packet = maker.udp(A, B, "abc");
    OffHeap.putByte(packet.address + packet.length - 1, (byte) 'x');
    packet.offloadFlags = Packet.CHECKSUM_PARTIAL;
    assertEquals("new", state(packet));
  }

  @Test
  void shouldBelieveTheDeviceAboutTheHeaderAndCountWhatWasComputed() {
    Packet packet = withWrongHeader();
    packet.offloadFlags = Packet.HEADER_CHECKSUM_VERIFIED;
    assertEquals("new", state(packet));
    packet = maker.udp(A, B, "abc");
    packet.offloadFlags = Packet.HEADER_CHECKSUM_WRONG;
    assertRefused(DropReason.CT_INVALID_CHECKSUM, packet);
    assertEquals(0, conntrack.headersChecked());
    assertEquals(1, conntrack.headersWrong());
    packet = withWrongHeader();
    packet.offloadFlags = 0;
    assertRefused(DropReason.CT_INVALID_CHECKSUM, packet);
    assertEquals(1, conntrack.headersChecked());
    assertEquals(2, conntrack.headersWrong());
  }

  private Packet withWrongHeader() {
    Packet packet = maker.udp(A, B, "abc");
    OffHeap.putByte(packet.address + 22, (byte) 1);
    return packet;
  }

  @Test
  void shouldTakeUdpOverIpv4WhenItHasNoChecksum() {
    Packet packet = maker.udp(A, B, "abc");
    OffHeap.putShortBe(packet.address + packet.l4Offset + 6, 0);
    assertEquals("new", state(packet));
  }

  @Test
  void shouldRefuseWhenAPortIsZero() {
    assertRefused(DropReason.CT_INVALID_HEADER, maker.udp(new End("10.0.0.1", 0), B, ""));
    Packet toZero = maker.tcp(A, new End("10.0.0.2", 0), Segment.of(2, 1, 0), "");
    assertRefused(DropReason.CT_INVALID_HEADER, toZero);
  }

  @Test
  void shouldRefuseWhenAHeaderIsCutOff() {
    for (int bytes : new int[] {0, 1, 7, 19}) {
      assertRefused(DropReason.CT_INVALID_HEADER, maker.ip(A, B, IpProtocol.TCP, new byte[bytes]));
    }
    assertRefused(DropReason.CT_INVALID_HEADER, maker.ip(A, B, IpProtocol.UDP, new byte[7]));
    assertRefused(DropReason.CT_INVALID_HEADER, maker.ip(A, B, IpProtocol.ICMP, new byte[7]));
  }

  @Test
  void shouldRefuseWhenAnExtensionHeaderReachesBeyondThePacket() {
    byte[] liesAboutItsLength = {IpProtocol.UDP, 2, 0, 0, 0, 0, 0, 0};
    byte[] promisesAnother = {IpProtocol.DESTINATION, 0, 0, 0, 0, 0, 0, 0};
    for (byte[] extension : new byte[][] {liesAboutItsLength, promisesAnother, new byte[7]}) {
      Packet packet = maker.ip(A6, B6, IpProtocol.DESTINATION, extension);
      assertRefused(DropReason.CT_INVALID_HEADER, packet);
    }
  }

  @Test
  void shouldRefuseWhenItIsAFragment() {
    Packet packet = maker.udp(A, B, "abc");
    OffHeap.putShortBe(packet.address + packet.l3Offset + 6, 0x2000);
    Parser.parse(packet);
    assertRefused(DropReason.CT_FRAGMENT, packet);
  }

  @Test
  void shouldRefuseWhenItIsNotIp() {
    Packet packet = maker.udp(A, B, "abc");
    OffHeap.putShortBe(packet.address + 12, 0x0806);
    Parser.parse(packet);
    assertRefused(DropReason.CT_INVALID_HEADER, packet);
  }

  @Test
  void shouldTrackBothWaysWhenProtocolIsUnknown() {
    assertEquals("new", state(maker.ip(A, B, 99, new byte[3])));
    assertEquals("new", state(maker.ip(A, B, 99, new byte[3])));
    assertEquals("est|rpl", state(maker.ip(B, A, 99, new byte[3])));
    assertEquals("est", state(maker.ip(A, B, 99, new byte[3])));
  }

  @Test
  void shouldTrackPing() {
    assertEquals("new", state(maker.icmp(A, B, ECHO, 7)));
    assertEquals("new", state(maker.icmp(A, B, ECHO, 7)));
    assertEquals("est|rpl", state(maker.icmp(B, A, 0, 7)));
    assertEquals("est", state(maker.icmp(A, B, ECHO, 7)));
    assertEquals("new", state(maker.icmp(A, B, ECHO, 8)));
    assertEquals("new", state(maker.icmp(B, A, ECHO, 7)));
    assertEquals("new", state(maker.icmp(A6, B6, 128, 7)));
    assertEquals("est|rpl", state(maker.icmp(B6, A6, 129, 7)));
  }

  @Test
  void shouldRefuseIcmpWhenNobodyAsked() {
    assertRefused(DropReason.CT_UNRELATED_ICMP, maker.icmp(B, A, 0, 7));
    assertRefused(DropReason.CT_UNRELATED_ICMP, maker.icmp(A, B, 9, 7));
    assertRefused(DropReason.CT_UNRELATED_ICMP, maker.icmp(A6, B6, 135, 7));
  }

  @Test
  void shouldRelateAnErrorWhenItQuotesAConnection() {
    state(maker.udp(A, B, "abc"));
    byte[] quoted = maker.lastIpBytes();
    Packet error = maker.icmpError(new End("10.9.9.9", 0), A, UNREACHABLE, quoted);
    assertEquals("rel|rpl", state(error));
    assertEquals(IpProtocol.UDP, error.ctProtocol);
    assertEquals(2000, error.ctDstPort);
  }

  @Test
  void shouldRelateAnErrorWhenItQuotesTheReply() {
    state(maker.udp(A, B, "abc"));
    state(maker.udp(B, A, "abc"));
    byte[] quoted = maker.lastIpBytes();
    assertEquals("rel", state(maker.icmpError(A, B, UNREACHABLE, quoted)));
  }

  @Test
  void shouldRelateAnErrorWhenIpv6OrPing() {
    state(maker.tcp(A6, B6, Segment.of(2, 1, 0), ""));
    assertEquals("rel|rpl", state(maker.icmpError(B6, A6, 1, maker.lastIpBytes())));
    state(maker.icmp(A, B, ECHO, 5));
    assertEquals("rel|rpl", state(maker.icmpError(B, A, 11, maker.lastIpBytes())));
  }

  @Test
  void shouldRelateAnErrorWhenItQuotesAsManyExtensionHeadersAsAPacketMayHave() {
    byte[] udp = PacketMaker.udpBytes(A6, B6, "abc");
    ByteBuffer payload = ByteBuffer.allocate(24 + 20 * 8 + udp.length);
    payload.put((byte) IpProtocol.DESTINATION).put((byte) 4).position(24);
    for (int i = 1; i <= 20; i++) {
      payload.put((byte) (i < 20 ? IpProtocol.DESTINATION : IpProtocol.UDP)).position(24 + i * 8);
    }
    byte[] bytes = payload.put(udp).array();
    assertEquals("new", state(maker.ip(A6, B6, IpProtocol.AUTHENTICATION, bytes)));
    assertEquals("rel|rpl", state(maker.icmpError(B6, A6, 1, maker.lastIpBytes())));
  }

  @Test
  void shouldRefuseAnErrorWhenItQuotesNothingKnown() {
    maker.udp(A, B, "abc");
    byte[] unknown = maker.lastIpBytes();
    assertRefused(DropReason.CT_UNRELATED_ICMP, maker.icmpError(B, A, UNREACHABLE, unknown));
  }

  @Test
  void shouldRefuseAnErrorWhenItGoesToSomebodyElse() {
    state(maker.udp(A, B, "abc"));
    byte[] quoted = maker.lastIpBytes();
    Packet error = maker.icmpError(B, new End("10.0.0.9", 0), UNREACHABLE, quoted);
    assertRefused(DropReason.CT_UNRELATED_ICMP, error);
  }

  @Test
  void shouldRefuseAnErrorWhenTheQuoteIsCutOff() {
    state(maker.udp(A, B, "abc"));
    byte[] quoted = maker.lastIpBytes();
    for (int bytes = 0; bytes < 28; bytes++) {
      byte[] cut = Arrays.copyOf(quoted, bytes);
      assertRefused(DropReason.CT_INVALID_HEADER, maker.icmpError(B, A, UNREACHABLE, cut));
    }
  }

  @Test
  void shouldKeepZonesApart() {
    assertEquals("new", state(maker.udp(A, B, "")));
    Packet inOther = maker.udp(B, A, "");
    tracker.track(inOther, TrackRequest.commit(9), 0);
    assertEquals("new|trk", CtState.text(inOther.ctState));
    tracker.track(inOther, TrackRequest.lookup(0), 0);
    assertEquals("est|rpl|trk", CtState.text(inOther.ctState));
    assertEquals(0, inOther.ctZone);
  }

  @Test
  void shouldStayNewWhenTheTableIsFull() {
    conntrack.limits().setMaxConnections(1);
    assertEquals("new", state(maker.udp(A, B, "")));
    assertEquals("new", state(maker.udp(A6, B6, "")));
    assertEquals("new", state(maker.udp(B6, A6, "")));
    assertEquals(1, conntrack.limits().count());
    assertEquals(2, conntrack.limits().refusedByTotal());
  }
}
