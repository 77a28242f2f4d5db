package org.sluice.vswitchd.ofproto;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.sluice.base.log.Vlog;
import org.sluice.base.stream.Stream;
import org.sluice.base.stream.StreamAddress;
import org.sluice.base.stream.StreamListener;

/** A socket at which OpenFlow peers of one switch arrive. Safe for several threads. */
final class OpenFlowServer {
  /** Connections at one socket; a further one is closed at once. */
  private static final int MAX_PEERS = 256;

  /** Where descriptors are short, asking again at once would not help. */
  private static final long ACCEPT_PAUSE_NS = 1_000_000_000;

  private final Ofproto ofproto;
  private final StreamAddress place;
  private final Session.Kind kind;
  private final PacketInLimit packetIns;
  private final StreamListener listener;
  private final OpenFlowSurroundings around;
  private final OpenFlowLogs logs;
  private final Vlog log;
  private final Set<OpenFlowPeer> peers = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private OpenFlowServer(
      Ofproto ofproto,
      StreamAddress place,
      Session.Kind kind,
      PacketInLimit packetIns,
      OpenFlowSurroundings around)
      throws IOException {
    this.kind = kind;
    this.packetIns = packetIns;
    this.ofproto = ofproto;
    this.place = place;
    this.listener = place.listen(around.tls());
    this.around = around;
    this.log = around.logs().rconn();
    this.logs = around.logs();
  }

  /** Begins to listen; peers are of {@code kind}. */
  static OpenFlowServer start(
      Ofproto ofproto,
      StreamAddress place,
      Session.Kind kind,
      PacketInLimit packetIns,
      OpenFlowSurroundings around)
      throws IOException {
    OpenFlowServer server = new OpenFlowServer(ofproto, place, kind, packetIns, around);
    server.listener.threads().name("openflow-accept").start(server::accept);
    return server;
  }

  Set<OpenFlowPeer> peers() {
    return peers;
  }

  private void accept() {
    while (!closed) {
      try {
        Stream stream = listener.accept();
        if (peers.size() >= MAX_PEERS) {
          logs.complain("%s: %d peers are enough, refusing %s", place, MAX_PEERS, stream.name());
          stream.close();
        } else {
          begin(stream.attentive());
        }
      } catch (IOException e) {
        if (!closed) {
          logs.complain("%s: accept: %s", place, e.getMessage());
          LockSupport.parkNanos(ACCEPT_PAUSE_NS);
        }
      }
    }
  }

  private void begin(Stream stream) {
    String name = stream.name();
    OpenFlowPeer peer = new OpenFlowPeer(ofproto, kind, packetIns, stream, name, around);
    peers.add(peer); // here: the next to come is to see it
    if (closed) {
      peer.close(); // came while the server was closing
    }
    Thread.ofPlatform().daemon().name("openflow-reader").start(() -> serve(peer, name));
  }

  private void serve(OpenFlowPeer peer, String name) {
    try {
      peer.run();
    } catch (IOException e) {
      log.dbg("%s<->%s: connection ended: %s", ofproto.name(), name, e.getMessage());
    } finally {
      peers.remove(peer);
    }
  }

  void close() {
    closed = true;
    try {
      listener.close();
    } catch (IOException e) {
      log.warn("%s: %s", place, e.getMessage());
    }
    peers.forEach(OpenFlowPeer::close);
  }
}
