package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.protocol.KeyReader;
import org.sluice.datapath.packet.Packet;

/** What goes ahead of a batch must come to where its packets are going to look. */
class VanguardTest {
  private static final long SALT = 42;
  private static final int ZONE = 7;
  private static final End CLIENT = new End("10.0.0.1", 1234);
  private static final End SERVER = new End("10.0.0.2", 80);
  private static final End CLIENT6 = new End("fc00::1", 1234);
  private static final End SERVER6 = new End("fc00::2", 80);

  private final Conntrack conntrack = new Conntrack(SALT);
  private final Tracker tracker = conntrack.newTracker();
  private final Vanguard vanguard = tracker.vanguard();
  private final PacketMaker maker = new PacketMaker();

  @Test
  void shouldHashAsTheLookupDoes() {
    assertHashesAlike(maker.udp(CLIENT, SERVER, "x"));
    assertHashesAlike(maker.udp(CLIENT6, SERVER6, "x"));
  }

  private static void assertHashesAlike(Packet packet) {
    KeyReader reader = new KeyReader(SALT);
    assertEquals(null, reader.read(packet, ZONE, true));
    int hash = reader.key().hash;
    assertEquals(hash, new KeyReader(SALT).hash(packet, ZONE));
  }

  @Test
  void shouldBeWantedWhereTheBatchBeforeWasLookedUp() {
    assertFalse(vanguard.isWanted());
    tracker.track(maker.udp(CLIENT, SERVER, "x"), TrackRequest.lookup(ZONE), 0);
    assertTrue(vanguard.isWanted());
    vanguard.advance();
    assertFalse(vanguard.isWanted());
  }

  @Test
  void shouldComeToTheRecordsOfTheZone() {
    Packet packet = maker.udp(CLIENT, SERVER, "x");
    tracker.track(packet, TrackRequest.commit(ZONE), 0);
    assertTrue(vanguard.isWanted());
    vanguard.expect(packet);
    assertEquals(0, vanguard.advance(), "nothing lies behind the only record of a chain");
    int hash = new KeyReader(SALT).hash(packet, ZONE);
    assertEquals((int) packet.connection, conntrack.table().firstFor(hash));
    assertNotEquals(0, conntrack.table().firstFor(hash));
  }
}
