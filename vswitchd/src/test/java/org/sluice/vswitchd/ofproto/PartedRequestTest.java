package org.sluice.vswitchd.ofproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.ManualClock;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.codec.Decoded;
import org.sluice.openflow.codec.Dialect;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.connection.OfAddress;
import org.sluice.openflow.connection.OfNegotiation;
import org.sluice.openflow.connection.OfStream;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.TableFeatures;
import org.sluice.vswitchd.classifier.TableVersions;

/** Multipart requests of several parts (OpenFlow 1.3.1 and later, 7.3.5) are one request each. */
@Timeout(30)
class PartedRequestTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int FLAGS_AT = 10;
  private static final int DESCRIPTION = 0;
  private static final int PORT_STATS = 4;
  private static final int TABLE_FEATURES = 12;

  @TempDir Path directory;

  private final ManualClock clock = new ManualClock(SECOND, 0);
  private final Ofproto ofproto =
      new Ofproto(
          "br0", new ReentrantLock(), new ChangeSequence(), new TableVersions(), new FakeBackend());
  private OfprotoConnections connections;
  private OfStream peer;

  @BeforeEach
  void connect() throws IOException {
    connections = TestConnections.of(ofproto, directory, clock, new ByteArrayOutputStream());
    connections.open();
    peer = new OfStream(OfAddress.parse("unix:br0.mgmt", directory).connect(null));
    OfNegotiation.agree(peer, Set.of(OfVersion.OF14));
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
    connections.close();
  }

  private static byte[] part(int xid, int type, int bodyBytes, boolean hasMore) {
    ByteBuffer bytes = ByteBuffer.allocate(16 + bodyBytes);
    bytes.put((byte) OfVersion.OF14.wire()).put((byte) 18).putShort((short) bytes.capacity());
    bytes.putInt(xid).putShort((short) type).putShort((short) (hasMore ? 1 : 0));
    return bytes.array();
  }

  /** The bytes of a request that others of its kind follow. */
  private static byte[] first(int xid, OfMessage message) {
    byte[] bytes = last(xid, message);
    bytes[FLAGS_AT + 1] |= 1;
    return bytes;
  }

  private static byte[] last(int xid, OfMessage message) {
    return OfEncoder.encode(message, xid, Dialect.of(OfVersion.OF14)).getFirst();
  }

  private Decoded.Ok receive() throws IOException {
    return assertInstanceOf(Decoded.Ok.class, OfDecoder.decode(peer.receive().bytes(), false));
  }

  private OfError error(int xid) throws IOException {
    Decoded.Ok answer = receive();
    assertEquals(xid, answer.xid());
    return assertInstanceOf(OfMessage.ErrorReport.class, answer.message()).error();
  }

  /** All that was asked before has been answered, if it is to be. */
  private void assertNothingMore() throws IOException {
    peer.send(last(99, new OfMessage.BarrierRequest()));
    assertInstanceOf(OfMessage.BarrierReply.class, receive().message());
  }

  @Test
  void shouldAnswerOnceWhenTheLastPartHasCome() throws Exception {
    peer.send(part(1, DESCRIPTION, 0, true));
    peer.send(part(1, DESCRIPTION, 0, true));
    assertNothingMore();
    peer.send(part(1, DESCRIPTION, 0, false));
    assertInstanceOf(Multipart.DescriptionReply.class, receive().message());
    assertNothingMore();
  }

  @Test
  void shouldTellRequestsApartByTheirTransactionId() throws Exception {
    peer.send(part(1, DESCRIPTION, 0, true));
    peer.send(part(2, PORT_STATS, 8, true));
    peer.send(part(2, PORT_STATS, 0, false));
    assertEquals(OfError.OFPBRC_BAD_PORT, error(2));
    peer.send(part(1, DESCRIPTION, 0, false));
    assertEquals(1, receive().xid());
  }

  @Test
  void shouldRefuseTwoBodiesWhereOneRequestHasOne() throws Exception {
    peer.send(part(1, PORT_STATS, 8, true));
    peer.send(part(1, PORT_STATS, 8, false));
    assertEquals(OfError.OFPBRC_BAD_STAT, error(1));
    assertNothingMore();
  }

  @Test
  void shouldRefuseRequestsWithoutTheBodyThatTheyNeed() throws Exception {
    peer.send(part(1, PORT_STATS, 0, true));
    peer.send(part(1, PORT_STATS, 0, false));
    assertEquals(OfError.OFPBRC_BAD_LEN, error(1));
    assertNothingMore();
  }

  @Test
  void shouldRefuseAPartOfAnotherKindAndForgetTheRest() throws Exception {
    peer.send(part(1, PORT_STATS, 8, true));
    peer.send(part(1, DESCRIPTION, 0, false));
    assertEquals(OfError.OFPBRC_BAD_STAT, error(1));
    peer.send(part(1, DESCRIPTION, 0, false));
    assertInstanceOf(Multipart.DescriptionReply.class, receive().message());
  }

  @Test
  void shouldSayWhenTheRestDoesNotCome() throws Exception {
    peer.send(part(1, DESCRIPTION, 0, true));
    assertNothingMore();
    clock.advanceNs(SECOND);
    assertEquals(OfError.OFPBRC_MULTIPART_REQUEST_TIMEOUT, error(1));
    assertNothingMore();
  }

  @Test
  void shouldKeepFourMegabytesOfPartsAtMost() throws Exception {
    byte[] large = part(1, TABLE_FEATURES, 0xffff / 8 * 8 - 16, true);
    int fitting = (4 << 20) / large.length;
    for (int i = 0; i < fitting; i++) {
      peer.send(large);
    }
    assertNothingMore();
    peer.send(large);
    assertEquals(OfError.OFPBRC_MULTIPART_BUFFER_OVERFLOW, error(1));
    assertNothingMore();
    for (int i = 0; i < fitting; i++) {
      peer.send(large);
    }
    peer.send(part(2, TABLE_FEATURES, large.length - 16, true));
    assertEquals(OfError.OFPBRC_MULTIPART_BUFFER_OVERFLOW, error(2), "of all requests together");
  }

  @Test
  void shouldKeepSomeRequestsOnly() throws Exception {
    for (int xid = 0; xid <= RequestParts.MAX_REQUESTS; xid++) {
      peer.send(part(xid, DESCRIPTION, 0, true));
    }
    assertEquals(OfError.OFPBRC_MULTIPART_BUFFER_OVERFLOW, error(RequestParts.MAX_REQUESTS));
  }

  private static FlowMonitor monitor(int id, int table) {
    return new FlowMonitor(
        id, FlowMonitor.Command.ADD, FlowMonitor.ADD, FlowMod.Filter.NONE, table, Match.any());
  }

  @Test
  void shouldAddTheMonitorsOfAllParts() throws Exception {
    peer.send(first(1, new Multipart.FlowMonitorRequest(List.of(monitor(1, 0)), false)));
    peer.send(last(1, new Multipart.FlowMonitorRequest(List.of(monitor(2, 0)), false)));
    assertInstanceOf(Multipart.FlowMonitorReply.class, receive().message());
    assertNothingMore();
    assertEquals(Set.of(1, 2), ofproto.sessions().all().getFirst().monitors().keySet());
  }

  @Test
  void shouldAddNoMonitorWhereOnePartIsWrong() throws Exception {
    peer.send(first(1, new Multipart.FlowMonitorRequest(List.of(monitor(1, 0)), false)));
    peer.send(last(1, new Multipart.FlowMonitorRequest(List.of(monitor(1, 1)), false)));
    assertEquals(OfError.OFPMOFC_MONITOR_EXISTS, error(1));
    assertNothingMore();
    assertEquals(Set.of(), ofproto.sessions().all().getFirst().monitors().keySet());
  }

  @Test
  void shouldChangeTheTablesOfAllParts() throws Exception {
    peer.send(part(1, TABLE_FEATURES, 0, false));
    List<TableFeatures> wanted = new ArrayList<>(features());
    wanted.set(250, wanted.get(250).withName("far"));
    List<byte[]> parts =
        OfEncoder.encode(
            new Multipart.TableFeaturesRequest(wanted, false), 2, Dialect.of(OfVersion.OF14));
    assertTrue(parts.size() > 1);
    peer.send(parts);
    assertEquals("far", features().get(250).name());
    peer.send(parts.getLast());
    assertEquals(OfError.OFPTFFC_EPERM, error(2), "where are the others");
  }

  private List<TableFeatures> features() throws IOException {
    List<TableFeatures> all = new ArrayList<>();
    Multipart.TableFeaturesReply reply;
    do {
      reply = assertInstanceOf(Multipart.TableFeaturesReply.class, receive().message());
      all.addAll(reply.tables());
    } while (reply.more());
    return all;
  }
}
