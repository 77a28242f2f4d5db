package org.sluice.ovsdb.server;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How much waits to be sent to all clients together. Each may have asked for much, or see much of a
 * database that a monitor shows it first, but where not all read what they get the server would run
 * out of memory. Whom most waits for is disconnected then. Belongs to the writer thread.
 */
final class Backlogs {
  /** What is always allowed. */
  private static final int SHORT = 1 << 20;

  private final long maxBytes;
  private final Set<Peer> deep = new LinkedHashSet<>();

  /** Allows {@code maxBytes} of long backlogs. */
  Backlogs(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** A client was sent what it could take at once; something else may still wait for it. */
  void note(Peer peer) {
    if (peer.backlogBytes() > SHORT) {
      deep.add(peer);
      disconnectGreatest();
    }
  }

  private void disconnectGreatest() {
    deep.removeIf(peer -> peer.backlogBytes() <= SHORT);
    long bytes = deep.stream().mapToLong(Peer::backlogBytes).sum();
    while (bytes > maxBytes) {
      Peer greatest = deep.stream().max(Comparator.comparingLong(Peer::backlogBytes)).orElseThrow();
      String text = "%d bytes wait to be sent, disconnecting whom most waits for".formatted(bytes);
      bytes -= greatest.backlogBytes();
      deep.remove(greatest);
      greatest.disconnect(text);
    }
  }
}
