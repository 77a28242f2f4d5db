package org.sluice.base.stream;

import java.io.Closeable;
import java.io.IOException;

/** A socket that listens: one thread accepts, any may close, which ends the other's waiting. */
public interface StreamListener extends Closeable {
  /** Waits for the next peer; what comes is not yet shaken hands with. */
  Stream accept() throws IOException;

  /** The TCP port listened at, or -1. */
  int port();

  /** What thread may block in {@link #accept}; see {@link Stream#threads}. */
  default Thread.Builder threads() {
    return Thread.ofVirtual();
  }
}
