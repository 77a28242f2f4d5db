package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/** Associations, and packets that only look like theirs. */
class SctpTrackingTest {
  private static final End CLIENT = new End("10.0.0.1", 1000);
  private static final End SERVER = new End("10.0.0.2", 2000);
  private static final int CLIENT_TAG = 0x1111;
  private static final int SERVER_TAG = 0x2222;

  private final Conntrack conntrack = new Conntrack(5);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();

  private static byte[] chunk(int type, int flags, int... words) {
    ByteBuffer chunk = ByteBuffer.allocate(4 + 4 * words.length);
    chunk.put((byte) type).put((byte) flags).putShort((short) chunk.capacity());
    for (int word : words) {
      chunk.putInt(word);
    }
    return chunk.array();
  }

  private static byte[] init(int type, int tag) {
    return chunk(type, 0, tag, 65_536, 0x0001_0001, 7);
  }

  private Packet packet(End from, End to, int tag, byte[]... chunks) {
    ByteBuffer sctp = ByteBuffer.allocate(200);
    sctp.putShort((short) from.port()).putShort((short) to.port()).putInt(tag).putInt(0);
    for (byte[] chunk : chunks) {
      sctp.put(chunk);
    }
    byte[] bytes = new byte[sctp.position()];
    sctp.get(0, bytes);
    return maker.ip(from, to, IpProtocol.SCTP, bytes);
  }

  private String state(Packet packet) {
    DropReason reason = tracker.track(packet, TrackRequest.commit(1), 0);
    return CtState.text(packet.ctState) + (reason == null ? "" : " " + reason);
  }

  private String fromClient(int tag, byte[]... chunks) {
    return state(packet(CLIENT, SERVER, tag, chunks));
  }

  private String fromServer(int tag, byte[]... chunks) {
    return state(packet(SERVER, CLIENT, tag, chunks));
  }

  private void open() {
    assertEquals("new|trk", fromClient(0, init(1, CLIENT_TAG)));
    assertEquals("est|rpl|trk", fromServer(CLIENT_TAG, init(2, SERVER_TAG)));
    assertEquals("est|trk", fromClient(SERVER_TAG, chunk(10, 0, 1, 2)));
    assertEquals("est|rpl|trk", fromServer(CLIENT_TAG, chunk(11, 0)));
  }

  @Test
  void shouldFollowAnAssociationFromItsOpeningToItsEnd() {
    open();
    assertEquals("est|trk", fromClient(SERVER_TAG, chunk(0, 3, 1, 2, 3, 4)));
    assertEquals("est|rpl|trk", fromServer(CLIENT_TAG, chunk(3, 0, 1, 2, 3)));
    assertEquals("est|trk", fromClient(SERVER_TAG, chunk(7, 0, 1)));
    assertEquals("est|rpl|trk", fromServer(CLIENT_TAG, chunk(8, 0)));
    assertEquals("est|trk", fromClient(SERVER_TAG, chunk(14, 0)));
    conntrack.visit(0, connection -> assertEquals(10_000, connection.expiresInMs()));
    assertEquals("new|trk", fromClient(0, init(1, 0x3333)));
  }

  @Test
  void shouldRefusePacketsWithAnotherTag() {
    open();
    assertEquals("inv|trk CT_SCTP_TAG", fromClient(CLIENT_TAG, chunk(0, 3, 1, 2, 3, 4)));
    assertEquals("inv|trk CT_SCTP_TAG", fromServer(0x9999, chunk(6, 0)));
    assertEquals("inv|trk CT_SCTP_TAG", fromServer(SERVER_TAG, chunk(6, 0)));
    assertEquals("est|rpl|trk", fromServer(SERVER_TAG, chunk(6, 1)));
  }

  @Test
  void shouldRefuseChunksThatMayNotBeTogetherOrAreCut() {
    String malformed = "inv|trk CT_SCTP_CHUNK";
    assertEquals(malformed, fromClient(0, init(1, 1), chunk(0, 3, 1, 2, 3)));
    assertEquals(malformed, fromClient(5, init(1, 1)));
    assertEquals(malformed, fromClient(5));
    assertEquals(malformed, fromClient(5, new byte[] {0, 0, 0, 40, 0, 0, 0, 0}));
    assertEquals(malformed, fromClient(5, new byte[] {0, 0, 0, 2}));
    assertEquals("inv|trk CT_STATE", fromClient(5, chunk(6, 0)));
  }

  @Test
  void shouldTakeTheTagsItSeesWhenTheOpeningWasMissed() {
    assertEquals("new|trk", fromClient(SERVER_TAG, chunk(0, 3, 1, 2, 3, 4)));
    assertEquals("est|rpl|trk", fromServer(CLIENT_TAG, chunk(3, 0, 1, 2, 3)));
    assertEquals("inv|trk CT_SCTP_TAG", fromClient(7, chunk(0, 3, 1, 2, 3, 4)));
  }

  /** All that it takes is to know addresses and ports. */
  @Test
  void shouldKeepTheAssociationWhenSomebodyForgesAnInit() {
    open();
    assertEquals("est|trk", fromClient(0, init(1, 0x6666)));
    assertEquals("est|rpl|trk", fromServer(0x6666, init(2, 0x7777)));
    assertEquals("est|rpl|trk", fromServer(0x6666, chunk(11, 0)), "it knows this tag");
    assertEquals("est|rpl|trk", fromServer(0x6666, chunk(6, 0)), "and may try to abort");
    assertEquals("inv|trk CT_SCTP_TAG", fromServer(0x6666, chunk(0, 3, 1, 2, 3, 4)));
    assertEquals("est|trk", fromClient(SERVER_TAG, chunk(0, 3, 1, 2, 3, 4)));
    assertEquals("est|rpl|trk", fromServer(CLIENT_TAG, chunk(3, 0, 1, 2, 3)));
    conntrack.visit(0, connection -> assertEquals(30_000, connection.expiresInMs()));
  }

  @Test
  void shouldFollowAHostThatHasRestarted() {
    open();
    assertEquals("est|trk", fromClient(0, init(1, 0x3333)));
    assertEquals("est|rpl|trk", fromServer(0x3333, init(2, 0x4444)));
    assertEquals("est|rpl|trk", fromServer(CLIENT_TAG, chunk(0, 3, 1, 2, 3, 4)), "from before");
    assertEquals("est|trk", fromClient(0, init(1, 0x3333)), "once more, late");
    assertEquals("est|trk", fromClient(0x4444, chunk(10, 0, 1, 2)));
    assertEquals("est|rpl|trk", fromServer(0x3333, chunk(11, 0)));
    assertEquals("est|trk", fromClient(0x4444, chunk(0, 3, 1, 2, 3, 4)));
    assertEquals("est|rpl|trk", fromServer(0x3333, chunk(3, 0, 1, 2, 3)));
    assertEquals("inv|trk CT_SCTP_TAG", fromClient(SERVER_TAG, chunk(0, 3, 1, 2, 3, 4)));
    assertEquals("est|trk", fromClient(0x4444, chunk(6, 0)));
    conntrack.visit(0, connection -> assertEquals(10_000, connection.expiresInMs()));
  }

  /** A host may ask for another tag each time that it answers an INIT (RFC 9260, 5.1). */
  @Test
  void shouldTakeEitherAnswerToAnInitThatWasSentTwice() {
    for (int echoed : new int[] {SERVER_TAG, 0x4444}) {
      assertEquals("new|trk", fromClient(0, init(1, CLIENT_TAG)));
      assertEquals("est|rpl|trk", fromServer(CLIENT_TAG, init(2, SERVER_TAG)));
      assertEquals("est|trk", fromClient(0, init(1, CLIENT_TAG)));
      assertEquals("est|rpl|trk", fromServer(CLIENT_TAG, init(2, 0x4444)));
      assertEquals("est|trk", fromClient(echoed, chunk(10, 0, 1, 2)));
      assertEquals("est|rpl|trk", fromServer(CLIENT_TAG, chunk(11, 0)));
      assertEquals("est|trk", fromClient(echoed, chunk(0, 3, 1, 2, 3, 4)));
      conntrack.flush();
    }
  }

  @Test
  void shouldOpenWhenBothSidesAskAtOnce() {
    assertEquals("new|trk", fromClient(0, init(1, CLIENT_TAG)));
    assertEquals("est|rpl|trk", fromServer(0, init(1, SERVER_TAG)));
    assertEquals("est|trk", fromClient(SERVER_TAG, init(2, CLIENT_TAG)));
    assertEquals("est|rpl|trk", fromServer(CLIENT_TAG, init(2, SERVER_TAG)));
    assertEquals("est|trk", fromClient(SERVER_TAG, chunk(10, 0, 1, 2)));
    assertEquals("est|rpl|trk", fromServer(CLIENT_TAG, chunk(10, 0, 1, 2)));
    assertEquals("est|trk", fromClient(SERVER_TAG, chunk(11, 0)));
    assertEquals("est|rpl|trk", fromServer(CLIENT_TAG, chunk(11, 0)));
    assertEquals("est|trk", fromClient(SERVER_TAG, chunk(0, 3, 1, 2, 3, 4)));
  }

  @Test
  void shouldTakeTheShortcutForDataOnly() {
    open();
    Packet data = packet(CLIENT, SERVER, SERVER_TAG, chunk(0, 3, 1, 2, 3, 4));
    tracker.track(data, TrackRequest.lookup(1), 0);
    long connection = data.connection;
    int state = data.ctState;
    assertTrue(tracker.fastUpdate(connection, data, false, state, 1));
    Packet forged = packet(CLIENT, SERVER, 9, chunk(0, 3, 1, 2, 3, 4));
    assertFalse(tracker.fastUpdate(connection, forged, false, state, 1));
    Packet abort = packet(CLIENT, SERVER, SERVER_TAG, chunk(6, 0));
    assertFalse(tracker.fastUpdate(connection, abort, false, state, 1));
  }
}
