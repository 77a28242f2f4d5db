package org.sluice.vswitchd.ofproto;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * Who is shown what a bridge and its controllers say to each other: the peers of the bridge's
 * {@code .snoop} socket. Any thread.
 */
final class Snoops {
  private final Set<OpenFlowPeer> peers = new CopyOnWriteArraySet<>();

  void add(OpenFlowPeer peer) {
    peers.add(peer);
  }

  void remove(OpenFlowPeer peer) {
    peers.remove(peer);
  }

  /** Shows a message, whichever way it went. Never waits: a peer that does not read misses some. */
  void show(byte[] message) {
    for (OpenFlowPeer peer : peers) {
      peer.offer(message);
    }
  }
}
