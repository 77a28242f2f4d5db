package org.sluice.bench.openflow;

import java.io.IOException;

/** Waiting for another process. Stateless. */
final class Pause {
  private Pause() {}

  static void ms(long ms) throws IOException {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
