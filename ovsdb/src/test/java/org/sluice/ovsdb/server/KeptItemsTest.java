package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.transaction.TestDatabase;

class KeptItemsTest {
  private final KeptItems kept = new KeptItems(10_000);
  private final Session alice = new Session(null, new LockTable(), 0);
  private final Session bob = new Session(null, new LockTable(), 0);

  private String refusal(Session session, long bytes) {
    OvsdbException refused = assertThrows(OvsdbException.class, () -> kept.take(session, bytes));
    assertEquals("resources exhausted", refused.error().tag());
    return refused.error().details();
  }

  @Test
  void shouldBoundTheNumberOfOneClient() throws Exception {
    for (int i = 0; i < KeptItems.MAX_ITEMS; i++) {
      kept.take(alice, 1);
      alice.locks.add("lock" + i);
    }
    assertEquals(
        "a client may have 1000 monitors, locks and waiting requests at a time", refusal(alice, 1));
    kept.take(bob, 1);
    kept.release(alice, 1);
    alice.locks.remove("lock0");
    kept.take(alice, 1);
  }

  @Test
  void shouldBoundTheMemoryOfAllClientsTogether() throws Exception {
    kept.take(alice, 6_000);
    kept.take(bob, 3_000);
    assertEquals(
        "monitors, locks and waiting requests of all clients may take 10000 bytes",
        refusal(bob, 2_000));
    assertThrows(OvsdbException.class, () -> kept.resize(bob, 3_000, 5_000));
    assertDoesNotThrow(() -> kept.resize(bob, 3_000, 4_000));
    kept.releaseAll(alice);
    assertDoesNotThrow(() -> kept.take(bob, 6_000));
  }

  @Test
  void shouldCountTextAndStructure() {
    long small = KeptItems.bytes(TestDatabase.json("['a']"));
    assertTrue(KeptItems.bytes(TestDatabase.json("['" + "a".repeat(500) + "']")) > small + 400);
    assertTrue(KeptItems.bytes(TestDatabase.json("[{'name':[1,2,3]}]")) > 2 * small);
  }
}
