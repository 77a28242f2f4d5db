package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.message.OfMessage;

/**
 * An OpenFlow bundle on its way to being committed: the messages gathered so far. Belongs to its
 * session's reader.
 */
final class BundleStage {
  /** Messages that a bundle may hold. */
  static final int MAX_MESSAGES = 1_000_000;

  /** A message and the number its errors are reported under. */
  record Item(int xid, OfMessage message) {}

  private final int flags;
  private final List<Item> items = new ArrayList<>();
  private boolean closed;

  BundleStage(int flags) {
    this.flags = flags;
  }

  int flags() {
    return flags;
  }

  List<Item> items() {
    return items;
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
  }
}
