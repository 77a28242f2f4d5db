package org.sluice.bench.ovsdb;

import java.nio.ByteBuffer;

/**
 * Finds where JSON objects end in a stream of them, without reading what they say. Used by one
 * thread.
 */
final class JsonFrames {
  private static final int CHUNK = 1 << 12;

  private final byte[] chunk = new byte[CHUNK];
  private int depth;
  private boolean quoted;
  private boolean escaped;

  /** Takes all of {@code bytes}; returns how many objects ended in them. */
  int count(ByteBuffer bytes) {
    int ended = 0;
    while (bytes.hasRemaining()) {
      int n = Math.min(CHUNK, bytes.remaining());
      bytes.get(chunk, 0, n);
      ended += count(n);
    }
    return ended;
  }

  private int count(int n) {
    int ended = 0;
    for (int i = 0; i < n; i++) {
      byte b = chunk[i];
      if (quoted) {
        quoted = escaped || b != '"';
        escaped = !escaped && b == '\\';
      } else if (b == '"') {
        quoted = true;
      } else if (b == '{') {
        depth++;
      } else if (b == '}' && --depth == 0) {
        ended++;
      }
    }
    return ended;
  }
}
