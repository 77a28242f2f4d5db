package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.PacketMaker.End;

/** What is left of a packet thread that goes, and what is not. */
class LeavingThreadTest {
  private static final End CLIENT = new End("10.0.0.1", 1000);
  private static final End SERVER = new End("10.0.0.2", 80);

  private final Conntrack conntrack = new Conntrack(1);
  private final PacketMaker maker = new PacketMaker();

  /** A thread that tracks one packet and goes. */
  private void comeAndGo(int zone) {
    Tracker tracker = conntrack.newTracker();
    tracker.track(maker.udp(CLIENT, SERVER, "x"), TrackRequest.commit(zone), 0);
    tracker.close();
  }

  @Test
  void shouldGiveBackTheSlotsThatItHasAtHand() {
    for (int zone = 0; zone < 1000; zone++) {
      comeAndGo(zone);
    }
    assertEquals(1000, conntrack.limits().count());
    assertTrue(conntrack.table().isConsistent(0));
    int slots = conntrack.table().slab().usedRecords();
    assertTrue(slots < 1100, slots + " slots were taken for 1000 connections");
  }

  @Test
  void shouldKeepWhatItHasCounted() {
    comeAndGo(1);
    comeAndGo(2);
    assertEquals(2, conntrack.headersChecked());
    assertEquals(0, conntrack.headersWrong());
  }
}
