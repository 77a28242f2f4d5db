package org.sluice.ovsdb.server;

import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How much waits to be sent to all clients together. Each may have asked for much, or see much of a
 * database that a monitor shows it first, but where not all read what they get the server would run
 * out of memory. Whom most waits for is disconnected then.
 *
 * <p>What waits for many at once, as the first answer to equal monitors does, takes memory once.
 * Finding out what is shared means looking at all pieces, so that is done only when there can be
 * too much: what waits cannot have grown by more than has been handed over since it was last looked
 * at. Belongs to the writer thread.
 */
final class Backlogs {
  /** What is always allowed. */
  private static final int SHORT = 1 << 20;

  private final long maxBytes;
  private final Set<Peer> deep = new LinkedHashSet<>();

  /** More than this cannot wait for the clients in {@link #deep}. */
  private long mostBytes;

  /** Allows {@code maxBytes} of long backlogs. */
  Backlogs(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * A client was handed {@code bytes} more, and sent what it could take at once; something else may
   * still wait for it.
   */
  void note(Peer peer, long bytes) {
    long waiting = peer.backlogBytes();
    if (waiting <= SHORT) {
      deep.remove(peer);
      return;
    }
    mostBytes += deep.add(peer) ? waiting : Math.min(bytes, waiting);
    if (mostBytes > maxBytes) {
      disconnectGreatest();
    }
  }

  private void disconnectGreatest() {
    deep.removeIf(peer -> peer.backlogBytes() <= SHORT);
    IdentityHashMap<byte[], Integer> holders = holders();
    mostBytes = bytes(holders);
    while (mostBytes > maxBytes) {
      Peer greatest = greatest(holders);
      deep.remove(greatest);
      greatest.disconnect(
          "%d bytes wait to be sent, disconnecting whom most waits for".formatted(mostBytes));
      holders = holders();
      mostBytes = bytes(holders);
    }
  }

  /** For how many each piece waits. */
  private IdentityHashMap<byte[], Integer> holders() {
    IdentityHashMap<byte[], Integer> holders = new IdentityHashMap<>();
    for (Peer peer : deep) {
      peer.forEachWaiting(piece -> holders.merge(piece, 1, Integer::sum));
    }
    return holders;
  }

  private static long bytes(IdentityHashMap<byte[], Integer> holders) {
    return holders.keySet().stream().mapToLong(piece -> piece.length).sum();
  }

  /** Of what waits for several, each is thought to hold its part. */
  private Peer greatest(IdentityHashMap<byte[], Integer> holders) {
    return deep.stream()
        .max(Comparator.comparingDouble(peer -> partBytes(peer, holders)))
        .orElseThrow();
  }

  private static double partBytes(Peer peer, IdentityHashMap<byte[], Integer> holders) {
    double[] bytes = {0};
    peer.forEachWaiting(piece -> bytes[0] += (double) piece.length / holders.get(piece));
    return bytes[0];
  }
}
