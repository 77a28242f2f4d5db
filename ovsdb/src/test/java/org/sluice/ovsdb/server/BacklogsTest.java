package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/** Clients that ask for much and do not read. */
class BacklogsTest {
  private final Backlogs backlogs = new Backlogs(10 << 20);

  /** Someone for whom a number of bytes waits. */
  private static final class Reader implements Peer {
    private final long backlogBytes;
    private String toldWhy;

    Reader(long backlogBytes) {
      this.backlogBytes = backlogBytes;
    }

    @Override
    public boolean offer(byte[]... message) {
      return true;
    }

    @Override
    public void flush() {}

    @Override
    public void disconnect(String why) {
      toldWhy = why;
    }

    @Override
    public void awaitDrained() {}

    @Override
    public long backlogBytes() {
      return toldWhy == null ? backlogBytes : 0;
    }

    @Override
    public boolean takeActivity() {
      return false;
    }

    @Override
    public Remote remote() {
      return null;
    }

    @Override
    public String clientId() {
      return null;
    }

    @Override
    public String name() {
      return "reader";
    }
  }

  private Reader waiting(long bytes) {
    Reader reader = new Reader(bytes);
    backlogs.note(reader);
    return reader;
  }

  @Test
  void shouldDisconnectWhomMostWaitsFor() {
    Reader greater = waiting(6 << 20);
    Reader lesser = waiting(5 << 20);
    assertEquals(
        "11534336 bytes wait to be sent, disconnecting whom most waits for", greater.toldWhy);
    assertNull(lesser.toldWhy);
    assertNull(waiting(5 << 20).toldWhy);
  }

  @Test
  void shouldLetManyHaveALittle() {
    for (int i = 0; i < 100; i++) {
      assertNull(waiting(1 << 20).toldWhy);
    }
  }

  @Test
  void shouldRefuseWhatIsTooMuchForOne() {
    assertEquals(
        "11534336 bytes wait to be sent, disconnecting whom most waits for",
        waiting(11 << 20).toldWhy);
  }
}
