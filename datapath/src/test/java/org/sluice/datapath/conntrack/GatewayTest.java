package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.conntrack.TrackRequest.MarkAndLabel;
import org.sluice.datapath.conntrack.alg.Expectations;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.packet.Packet;

/** Dialogs of FTP and TFTP, and what they let in. */
class GatewayTest {
  private static final MarkAndLabel MARK = new MarkAndLabel(7, -1, 0, 9, 0, -1);
  private static final TrackRequest WITH_FTP = new TrackRequest(true, false, 1, MARK, Gateway.FTP);

  private final Conntrack conntrack = new Conntrack(5);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();
  private End client = new End("10.0.0.1", 40_000);
  private End server = new End("10.0.0.2", 21);
  private int clientSequence = 1000;
  private int serverSequence = 5000;

  private void open(TrackRequest request) {
    send(client, server, Segment.of(2, clientSequence++, 0), request);
    send(server, client, Segment.of(18, serverSequence++, clientSequence), request);
    send(client, server, Segment.of(16, clientSequence, serverSequence), request);
  }

  private Packet send(End from, End to, Segment segment, TrackRequest request) {
    Packet packet = maker.tcp(from, to, segment, "");
    tracker.track(packet, request, 0);
    return packet;
  }

  private void clientSays(String line) {
    Segment segment = Segment.of(24, clientSequence, serverSequence);
    Packet packet = maker.tcp(client, server, segment, line + "\r\n");
    tracker.track(packet, TrackRequest.lookup(1), 0);
    assertEquals("est|trk", CtState.text(packet.ctState), line);
    clientSequence += line.length() + 2;
  }

  private void serverSays(String line) {
    Segment segment = Segment.of(24, serverSequence, clientSequence);
    Packet packet = maker.tcp(server, client, segment, line + "\r\n");
    tracker.track(packet, TrackRequest.lookup(1), 0);
    assertEquals("est|rpl|trk", CtState.text(packet.ctState), line);
    serverSequence += line.length() + 2;
  }

  private String stateOfSyn(End from, End to, TrackRequest request) {
    Packet packet = send(from, to, Segment.of(2, 1, 0), request);
    return CtState.text(packet.ctState);
  }

  @Test
  void shouldRelateDataWhenClientIsActive() {
    open(WITH_FTP);
    serverSays("220 ready");
    clientSays("USER anonymous");
    clientSays("PORT 10,0,0,1,156,65");
    End data = new End("10.0.0.1", 156 * 256 + 65);
    End from = new End("10.0.0.2", 20);
    assertEquals("new|rel|trk", stateOfSyn(from, data, TrackRequest.lookup(1)));
    Packet first = send(from, data, Segment.of(2, 1, 0), TrackRequest.commit(1));
    assertEquals("new|rel|trk", CtState.text(first.ctState));
    assertEquals(7, first.ctMark);
    assertEquals(9, first.ctLabelLo);
    Packet answer = send(data, from, Segment.of(18, 9, 2), TrackRequest.commit(1));
    assertEquals("est|rel|rpl|trk", CtState.text(answer.ctState));
    assertEquals(21, answer.ctDstPort);
    assertEquals(40_000, answer.ctSrcPort);
  }

  @Test
  void shouldKeepTheInheritedMarkWhenRelatedIsMarked() {
    open(WITH_FTP);
    serverSays("227 Entering Passive Mode (10,0,0,2,4,1)");
    MarkAndLabel other = new MarkAndLabel(99, -1, 0, 0, 0, 0);
    TrackRequest marking = new TrackRequest(true, false, 1, other, Gateway.NONE);
    End data = new End("10.0.0.2", 1025);
    Packet first = send(client, data, Segment.of(2, 1, 0), marking);
    assertEquals(7, first.ctMark);
    Packet answer = send(data, client, Segment.of(18, 9, 2), marking);
    assertEquals(7, answer.ctMark);
  }

  @Test
  void shouldRelateDataWhenClientIsPassive() {
    open(WITH_FTP);
    clientSays("PASV");
    serverSays("227 Entering Passive Mode (10,0,0,2,4,1).");
    End data = new End("10.0.0.2", 1025);
    End from = new End("10.0.0.1", 50_000);
    assertEquals("new|trk", stateOfSyn(from, new End("10.0.0.2", 1026), WITH_FTP));
    assertEquals("new|trk", stateOfSyn(new End("10.0.0.3", 1), data, TrackRequest.lookup(1)));
    assertEquals("new|trk", stateOfSyn(from, data, TrackRequest.lookup(2)));
    assertEquals("new|rel|trk", stateOfSyn(from, data, TrackRequest.lookup(1)));
    assertEquals(
        "tcp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=0,dport=1025),zone=1,mark=7,labels=0x9,"
            + "parent=(src=10.0.0.1,dst=10.0.0.2,sport=40000,dport=21)",
        ConnectionText.line(conntrack.expectationsNow(0).getFirst()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EPRT |1|10.0.0.1|40001|", "eprt !1!10.0.0.1!40001!"})
  void shouldReadExtendedPortWhenIpv4(String command) {
    open(WITH_FTP);
    clientSays(command);
    End data = new End("10.0.0.1", 40_001);
    assertEquals("new|rel|trk", stateOfSyn(new End("10.0.0.2", 20), data, WITH_FTP));
  }

  @Test
  void shouldReadExtendedCommandsWhenIpv6() {
    client = new End("2001:db8::1", 40_000);
    server = new End("2001:db8::2", 21);
    open(WITH_FTP);
    clientSays("EPRT |2|2001:db8:0:0::1|40001|");
    End active = new End("2001:db8::1", 40_001);
    assertEquals("new|rel|trk", stateOfSyn(new End("2001:db8::2", 20), active, WITH_FTP));
    serverSays("229 Entering Extended Passive Mode (|||1025|)");
    End passive = new End("2001:db8::2", 1025);
    assertEquals("new|rel|trk", stateOfSyn(new End("2001:db8::1", 9), passive, WITH_FTP));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PORT 10,0,0,3,156,65",
        "PORT 10,0,0,1,256,65",
        "PORT 10,0,0,1,156",
        "PORT 10,0,0,1,0,0",
        "PORT",
        "PORT ,,,,,",
        "PORT 9999999999,0,0,1,1,1",
        "EPRT |2|10.0.0.1|40001|",
        "EPRT |1|10.0.0.1|70000|",
        "EPRT |1|10.0.0.1|40001",
        "EPRT 1110.0.0.1140001",
        "227 Entering Passive Mode (10,0,0,1,4,1)",
        "RETR PORT 10,0,0,1,156,65",
      })
  void shouldExpectNothingWhenTheCommandIsNotCredible(String command) {
    open(WITH_FTP);
    clientSays(command);
    assertEquals(0, conntrack.expectationCount());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "227 Entering Passive Mode (10,0,0,3,4,1)",
        "229 Entering Extended Passive Mode (|||70000|)",
        "229 Entering Extended Passive Mode |||1025|",
        "PORT 10,0,0,2,4,1",
      })
  void shouldExpectNothingWhenTheReplyIsNotCredible(String reply) {
    open(WITH_FTP);
    serverSays(reply);
    assertEquals(0, conntrack.expectationCount());
  }

  @Test
  void shouldExpectNothingWhenTheCommitNamesNoGateway() {
    open(TrackRequest.commit(1));
    clientSays("PORT 10,0,0,1,156,65");
    assertEquals(0, conntrack.expectationCount());
  }

  @Test
  void shouldReadNothingWhenTheSegmentIsOutOfOrder() {
    open(WITH_FTP);
    Segment segment = Segment.of(24, clientSequence + 10, serverSequence);
    Packet packet = maker.tcp(client, server, segment, "PORT 10,0,0,1,156,65\r\n");
    tracker.track(packet, TrackRequest.lookup(1), 0);
    assertEquals(0, conntrack.expectationCount());
  }

  @Test
  void shouldForgetWhatWasAnnouncedWhenTheControlConnectionGoes() {
    open(WITH_FTP);
    clientSays("PORT 10,0,0,1,156,65");
    assertEquals(1, conntrack.expectationCount());
    conntrack.flush();
    assertEquals(0, conntrack.expectationCount());
    assertTrue(conntrack.table().isConsistent(0));
  }

  @Test
  void shouldKeepRelatedConnectionsTextWhenTheParentGoes() {
    open(WITH_FTP);
    serverSays("227 Entering Passive Mode (10,0,0,2,4,1)");
    send(client, new End("10.0.0.2", 1025), Segment.of(2, 1, 0), WITH_FTP);
    conntrack.flush(snapshot -> snapshot.gateway() == Gateway.FTP && snapshot.parent().isEmpty());
    conntrack.visit(
        0,
        snapshot ->
            assertTrue(
                ConnectionText.line(snapshot, true, false)
                    .endsWith(",parent=(src=10.0.0.1,dst=10.0.0.2,sport=40000,dport=21)")));
    assertEquals(1, conntrack.limits().count());
    assertTrue(conntrack.table().isConsistent(0));
  }

  @Test
  void shouldKeepTheNewestWhenOneConnectionAnnouncesTooMany() {
    open(WITH_FTP);
    for (int i = 0; i < 100; i++) {
      clientSays("PORT 10,0,0,1,100," + i);
    }
    assertEquals(Expectations.MAX_PER_CONNECTION, conntrack.expectationCount());
    End newest = new End("10.0.0.1", 100 * 256 + 99);
    End oldest = new End("10.0.0.1", 100 * 256);
    End from = new End("10.0.0.2", 20);
    assertEquals("new|rel|trk", stateOfSyn(from, newest, TrackRequest.lookup(1)));
    assertEquals("new|trk", stateOfSyn(from, oldest, TrackRequest.lookup(1)));
    assertTrue(conntrack.table().isConsistent(Expectations.MAX_PER_CONNECTION));
  }

  @Test
  void shouldRelateTheAnswerWhenTftpIsAsked() {
    TrackRequest withTftp = TrackRequest.commit(1, Gateway.TFTP);
    End tftp = new End("10.0.0.2", 69);
    tracker.track(maker.udp(client, tftp, "\0\1file\0octet\0"), withTftp, 0);
    Packet answer = maker.udp(new End("10.0.0.2", 33_333), client, "\0\3\0\1data");
    tracker.track(answer, TrackRequest.commit(1), 0);
    assertEquals("new|rel|trk", CtState.text(answer.ctState));
    Packet acknowledgement = maker.udp(client, new End("10.0.0.2", 33_333), "\0\4\0\1");
    tracker.track(acknowledgement, TrackRequest.commit(1), 0);
    assertEquals("est|rel|rpl|trk", CtState.text(acknowledgement.ctState));
  }
}
