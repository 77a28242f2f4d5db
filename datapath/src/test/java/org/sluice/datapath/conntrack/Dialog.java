package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.nat.NatRange;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/**
 * Two hosts that talk through a tracker which translates one of them and reads what they say. Of
 * what is delivered, checksums, lengths and, for TCP, the receiver's view of the stream are
 * checked.
 */
final class Dialog {
  /** One side: where it is, whom it talks to, what it has sent and got. */
  static final class Host {
    final End own;
    final End other;
    int next;
    int expected;

    /** What the last packet brought. */
    String got = "";

    /** All that came, of TCP in the order of the stream. */
    final StringBuilder all = new StringBuilder();

    Host(End own, End other, int next) {
      this.own = own;
      this.other = other;
      this.next = next;
    }
  }

  final Conntrack conntrack = new Conntrack(5);
  final Tracker tracker = conntrack.newTracker();
  final PacketMaker maker = new PacketMaker();
  final Host client;
  final Host server;
  private final TrackRequest first;
  private final int protocol;
  long nowMs;

  /** Begins; a client at 10.0.0.1 is seen as 10.9.9.200 if {@code translated}. */
  Dialog(Gateway gateway, int protocol, int clientPort, int serverPort, boolean translated) {
    this.protocol = protocol;
    End seen = new End(translated ? "10.9.9.200" : "10.0.0.1", clientPort);
    client = new Host(new End("10.0.0.1", clientPort), new End("10.0.0.2", serverPort), 1000);
    server = new Host(new End("10.0.0.2", serverPort), seen, 5000);
    NatRange range = translated ? source("10.9.9.200") : NatRange.EXISTING;
    first = new TrackRequest(true, false, 1, TrackRequest.MarkAndLabel.NONE, gateway, range);
    if (protocol == IpProtocol.TCP) {
      open();
    }
  }

  private static NatRange source(String address) {
    long low = ByteBuffer.wrap(bytes(address)).getInt() & 0xffff_ffffL;
    return new NatRange(true, false, 0, low, 0, low, 0, 0, false, false);
  }

  private static byte[] bytes(String address) {
    try {
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private void open() {
    track(maker.tcp(client.own, client.other, Segment.of(2, client.next++, 0), ""), first);
    server.expected = client.next;
    Segment answer = Segment.of(18, server.next++, server.expected);
    track(maker.tcp(server.own, server.other, answer, ""), TrackRequest.translate(1));
    client.expected = server.next;
    clientSays("");
  }

  private void track(Packet packet, TrackRequest request) {
    assertNull(tracker.track(packet, request, nowMs));
  }

  /** What commits the client's connections. */
  TrackRequest firstRequest() {
    return first;
  }

  void clientSays(String text) {
    say(client, server, text);
  }

  void serverSays(String text) {
    say(server, client, text);
  }

  private void say(Host from, Host to, String text) {
    if (protocol == IpProtocol.UDP) {
      Packet packet = maker.udp(from.own, from.other, text);
      boolean isFirst = conntrack.limits().count() == 0;
      track(packet, isFirst ? first : TrackRequest.translate(1));
      receive(packet, to, 8);
      return;
    }
    send(from, to, from.next, text);
    from.next += text.length();
  }

  /** Sends text that the client has sent before, at {@code sequence}, once more. */
  void clientRepeats(int sequence, String text) {
    send(client, server, sequence, text);
  }

  private void send(Host from, Host to, int sequence, String text) {
    Segment segment = Segment.of(24, sequence, from.expected);
    Packet packet = maker.tcp(from.own, from.other, segment, text);
    track(packet, TrackRequest.translate(1));
    receive(packet, to, 20);
  }

  /** As a host does: takes what it does not have yet. */
  private void receive(Packet packet, Host to, int headerBytes) {
    boolean isIpv6 = packet.etherType == EtherType.IPV6;
    assertTrue(isIpv6 || Checksum.isIpv4HeaderValid(packet), "IP checksum");
    assertTrue(Checksum.isTransportValid(packet), "transport checksum");
    assertEquals(packet.length, packet.l3End);
    long transport = packet.address + packet.l4Offset;
    byte[] payload = new byte[packet.l3End - packet.l4Offset - headerBytes];
    OffHeap.copyOut(transport + headerBytes, payload, 0, payload.length);
    to.got = new String(payload, StandardCharsets.ISO_8859_1);
    if (protocol == IpProtocol.UDP) {
      assertEquals(payload.length + 8, OffHeap.getUnsignedShortBe(transport + 4), "UDP length");
      to.all.append(to.got);
      return;
    }
    assertEquals(to.next, OffHeap.getIntBe(transport + 8), "acknowledgement");
    int known = to.expected - OffHeap.getIntBe(transport + 4);
    assertTrue(known >= 0, "a hole of " + -known);
    if (known < payload.length) {
      to.all.append(to.got.substring(known));
      to.expected += payload.length - known;
    }
  }

  /** The state of a packet that would open a connection, and what its tuple becomes. */
  String opens(int transport, End from, End to) {
    Packet packet =
        transport == IpProtocol.TCP
            ? maker.tcp(from, to, Segment.of(2, 1, 0), "")
            : maker.udp(from, to, "");
    track(packet, TrackRequest.commit(1, NatRange.EXISTING));
    assertTrue(Checksum.isTransportValid(packet));
    return CtState.text(packet.ctState & ~CtState.TRANSLATED) + " " + ends(packet);
  }

  private static String ends(Packet packet) {
    long ip = packet.address + packet.l3Offset;
    long ports = packet.address + packet.l4Offset;
    return end(ip + 12, ports) + ">" + end(ip + 16, ports + 2);
  }

  private static String end(long address, long port) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      text.append(OffHeap.getUnsignedByte(address + i)).append(i < 3 ? '.' : ':');
    }
    return text.append(OffHeap.getUnsignedShortBe(port)).toString();
  }
}
