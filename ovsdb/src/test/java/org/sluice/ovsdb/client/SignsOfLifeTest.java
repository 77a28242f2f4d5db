package org.sluice.ovsdb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.sluice.ovsdb.client.SignsOfLife.Sight;

class SignsOfLifeTest {
  private final SignsOfLife signs = new SignsOfLife();
  private final Object connection = new Object();

  @Test
  void shouldTrustServerWhileAnythingComes() {
    for (int bytes = 1; bytes < 10; bytes++) {
      assertEquals(Sight.ALIVE, signs.look(connection, bytes));
    }
  }

  @Test
  void shouldAskSilentServerOnceAndThenGiveItUp() {
    assertEquals(Sight.ALIVE, signs.look(connection, 7));
    assertEquals(Sight.SILENT, signs.look(connection, 7));
    assertEquals(Sight.DEAD, signs.look(connection, 7));
  }

  @Test
  void shouldBeginAnewWithAnswerAndWithConnection() {
    signs.look(connection, 7);
    assertEquals(Sight.SILENT, signs.look(connection, 7));
    assertEquals(Sight.ALIVE, signs.look(connection, 8));
    assertEquals(Sight.SILENT, signs.look(connection, 8));
    assertEquals(Sight.ALIVE, signs.look(new Object(), 8));
    assertEquals(Sight.ALIVE, signs.look(null, 0));
    assertEquals(Sight.ALIVE, signs.look(null, 0));
  }
}
