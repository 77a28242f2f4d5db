package org.sluice.vswitchd.ofproto;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.Vlog;
import org.sluice.openflow.connection.OfTarget;

/** A socket at which OpenFlow peers of one switch arrive. Safe for several threads. */
final class OpenFlowServer {
  /** Connections at one socket; a further one is closed at once. */
  private static final int MAX_PEERS = 256;

  /** Where descriptors are short, asking again at once would not help. */
  private static final long ACCEPT_PAUSE_NS = 1_000_000_000;

  /** Numbers what comes to Unix sockets, of all bridges. */
  private static final AtomicLong ACCEPTED = new AtomicLong();

  private final Ofproto ofproto;
  private final OfTarget target;
  private final Session.Kind kind;
  private final PacketInLimit packetIns;
  private final ServerSocketChannel listener;
  private final Clock clock;
  private final OpenFlowLogs logs;
  private final Vlog log;
  private final Set<OpenFlowPeer> peers = ConcurrentHashMap.newKeySet();

  private OpenFlowServer(
      Ofproto ofproto,
      OfTarget target,
      Session.Kind kind,
      PacketInLimit packetIns,
      Clock clock,
      OpenFlowLogs logs)
      throws IOException {
    this.kind = kind;
    this.packetIns = packetIns;
    this.ofproto = ofproto;
    this.target = target;
    this.listener = target.listen();
    this.clock = clock;
    this.logs = logs;
    this.log = logs.rconn();
  }

  /** Begins to listen; peers are of {@code kind}. */
  static OpenFlowServer start(
      Ofproto ofproto,
      OfTarget target,
      Session.Kind kind,
      PacketInLimit packetIns,
      Clock clock,
      OpenFlowLogs logs)
      throws IOException {
    OpenFlowServer server = new OpenFlowServer(ofproto, target, kind, packetIns, clock, logs);
    Thread.ofVirtual().name("openflow-accept").start(server::accept);
    return server;
  }

  Set<OpenFlowPeer> peers() {
    return peers;
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel channel = listener.accept();
        if (peers.size() >= MAX_PEERS) {
          channel.close();
        } else {
          Thread.ofPlatform().daemon().name("openflow-reader").start(() -> serve(channel));
        }
      } catch (IOException e) {
        if (listener.isOpen()) {
          log.warn("%s: accept: %s", target.text(), e.getMessage());
          LockSupport.parkNanos(ACCEPT_PAUSE_NS);
        }
      }
    }
  }

  private void serve(SocketChannel channel) {
    OpenFlowPeer peer =
        new OpenFlowPeer(ofproto, kind, packetIns, channel, name(channel), clock, logs);
    peers.add(peer);
    if (!listener.isOpen()) {
      peer.close(); // came while the server was closing
    }
    try {
      peer.run();
    } catch (IOException e) {
      log.dbg("%s: connection ended: %s", ofproto.name(), e.getMessage());
    } finally {
      peers.remove(peer);
    }
  }

  private String name(SocketChannel channel) {
    return target.file() != null ? "unix#" + ACCEPTED.incrementAndGet() : remote(channel);
  }

  private static String remote(SocketChannel channel) {
    try {
      InetSocketAddress address = (InetSocketAddress) channel.getRemoteAddress();
      return "tcp:" + address.getAddress().getHostAddress() + ":" + address.getPort();
    } catch (IOException e) {
      return "tcp";
    }
  }

  void close() {
    try {
      listener.close();
      target.removeFile();
    } catch (IOException e) {
      log.warn("%s: %s", target.text(), e.getMessage());
    }
    peers.forEach(OpenFlowPeer::close);
  }
}
