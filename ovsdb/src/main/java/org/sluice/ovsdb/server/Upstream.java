package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.Vlog;
import org.sluice.base.stream.Stream;
import org.sluice.base.stream.StreamAddress;
import org.sluice.base.stream.StreamListener;

/**
 * The connection of this server, as a client, to the one that it copies from: made again whenever
 * it breaks, to each of several remotes in turn.
 *
 * <p>A virtual thread connects and reads, another writes; what happens goes to the {@link
 * Listener}, which belongs to the writer thread of the server.
 */
final class Upstream implements Closeable {
  private static final long FIRST_BACKOFF_MS = 1_000;
  private static final long USUAL_PROBE_MS = 60_000;
  private static final long MAX_BACKLOG_BYTES = 256L << 20;

  /** Hears of one upstream, in order, on the writer thread. */
  interface Listener {
    void connected(Now now);

    void received(JsonRpcMessage message, Now now);

    void disconnected(Now now);
  }

  /** What all upstreams of a server share. */
  record Surroundings(ServerConfig config, WriterThread writer, Vlog log, MessageLog messages) {}

  private final String remotes;
  private final List<Map.Entry<String, RemoteOptions>> candidates;
  private final Listener listener;
  private final Surroundings around;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Stream stream;
  private volatile Outbox outbox;
  private volatile RemoteOptions current = RemoteOptions.NONE;
  private volatile long lastHeardMs;
  private long usualProbeMs = USUAL_PROBE_MS;
  private boolean probed;
  private long requests;

  private Upstream(Map<String, RemoteOptions> remotes, Listener listener, Surroundings around) {
    this.remotes = String.join(",", remotes.keySet());
    this.candidates = List.copyOf(remotes.entrySet());
    this.listener = listener;
    this.around = around;
  }

  /** Begins to connect. */
  static Upstream start(
      Map<String, RemoteOptions> remotes, Listener listener, Surroundings around) {
    Upstream upstream = new Upstream(remotes, listener, around);
    Thread.ofVirtual().name("upstream").start(upstream::run);
    return upstream;
  }

  /** The remotes as one text. */
  String remotes() {
    return remotes;
  }

  /** Whether there is a connection now; known to the writer thread a little later. */
  boolean isConnected() {
    return stream != null;
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void run() {
    long backoffMs = FIRST_BACKOFF_MS;
    for (int turn = 0; !isClosed(); turn++) {
      Map.Entry<String, RemoteOptions> candidate = candidates.get(turn % candidates.size());
      current = candidate.getValue();
      try {
        Stream stream = connect(candidate.getKey());
        candidate.getValue().mark(stream, around.log());
        serve(stream);
        backoffMs = FIRST_BACKOFF_MS;
      } catch (IOException | IllegalArgumentException e) {
        around.log().info("%s: connection attempt failed (%s)", candidate.getKey(), e.getMessage());
      }
      sleep(Math.min(backoffMs, current.maxBackoff()));
      backoffMs = Math.min(2 * backoffMs, current.maxBackoff());
    }
  }

  private Stream connect(String remote) throws IOException {
    ServerConfig config = around.config();
    around.log().info("%s: connecting...", remote);
    StreamAddress address =
        StreamAddress.parse(remote, config.runDirectory(), ServerConfig.DEFAULT_PORT);
    if (!address.isPassive()) {
      return address.connect(config.tls());
    }
    try (StreamListener listening = address.listen(config.tls())) {
      Thread ending = Thread.ofVirtual().start(() -> closeWhenEnding(listening));
      try {
        Stream accepted = listening.accept();
        accepted.handshake();
        return accepted;
      } finally {
        ending.interrupt();
      }
    }
  }

  private void closeWhenEnding(StreamListener listening) {
    try {
      closed.await();
      listening.close();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // somebody has come
    } catch (IOException e) {
      around.log().dbg("%s: %s", remotes, e.getMessage());
    }
  }

  private void serve(Stream fresh) throws IOException {
    Outbox box = new Outbox(MAX_BACKLOG_BYTES);
    outbox = box;
    stream = fresh;
    lastHeardMs = System.nanoTime() / 1_000_000;
    if (isClosed()) {
      fresh.close();
    }
    around.log().info("%s: connected", fresh.name());
    JsonRpcConnection connection = JsonRpcConnection.over(fresh, JsonRpcLimits.DATABASE);
    Thread.ofVirtual().name("upstream-out").start(() -> write(connection, box));
    around.writer().post(listener::connected);
    try {
      read(connection, fresh);
    } finally {
      stream = null;
      box.close();
      connection.close();
      around.writer().post(listener::disconnected);
    }
  }

  private void read(JsonRpcConnection connection, Stream from) {
    try {
      for (JsonRpcMessage message = connection.receive();
          message != null;
          message = connection.receive()) {
        lastHeardMs = System.nanoTime() / 1_000_000;
        around.messages().received(from.name(), message);
        if (message instanceof JsonRpcMessage.Request request) {
          answer(request);
        } else {
          JsonRpcMessage heard = message;
          around.writer().post(now -> listener.received(heard, now));
        }
      }
      around.log().info("%s: connection closed by peer", from.name());
    } catch (IOException e) {
      around.log().info("%s: connection dropped (%s)", from.name(), e.getMessage());
    }
  }

  /** Upstream asks for nothing but signs of life. */
  private void answer(JsonRpcMessage.Request request) {
    send(
        request.method().equals("echo")
            ? new JsonRpcMessage.Reply(request.params(), request.id())
            : new JsonRpcMessage.ErrorReply(TextNode.valueOf("unknown method"), request.id()));
  }

  private void write(JsonRpcConnection connection, Outbox box) {
    try {
      for (byte[] message = box.take(); message != null; message = box.take()) {
        connection.sendEncoded(message);
        box.written();
      }
    } catch (IOException | InterruptedException e) {
      around.log().dbg("%s: send error: %s", remotes, e.getMessage());
      reconnect();
    }
  }

  /** Sends a message, if there is a connection. */
  void send(JsonRpcMessage message) {
    Outbox box = outbox;
    Stream to = stream;
    if (box != null && to != null) {
      around.messages().sent(to.name(), message);
      if (!box.offer(Encoded.of(message))) {
        reconnect();
      }
    }
  }

  /** Sends a request, and returns its id; called by the writer thread. */
  long request(String method, ArrayNode params) {
    long id = requests++;
    send(new JsonRpcMessage.Request(method, params, JsonNodeFactory.instance.numberNode(id)));
    return id;
  }

  /** How long silence is borne where the remote's options do not say. */
  void probeMs(long usualMs) {
    usualProbeMs = usualMs;
  }

  /** Asks for a sign of life when there was none for long; called by the writer thread. */
  void probe(Now now) {
    long probeMs = current.probeMs(usualProbeMs);
    long silentMs = now.monotonicMs() - lastHeardMs;
    if (stream == null || probeMs == 0 || silentMs < probeMs) {
      probed = false;
    } else if (!probed) {
      probed = true;
      TextNode id = TextNode.valueOf("echo");
      send(new JsonRpcMessage.Request("echo", JsonNodeFactory.instance.arrayNode(), id));
    } else if (silentMs >= 2 * probeMs) {
      around.log().err("%s: no response to inactivity probe, disconnecting", remotes);
      reconnect();
    }
  }

  /** Breaks the connection, to make it anew. */
  void reconnect() {
    Stream old = stream;
    if (old != null) {
      try {
        old.close();
      } catch (IOException e) {
        around.log().dbg("%s: close failed (%s)", remotes, e.getMessage());
      }
    }
  }

  private void sleep(long ms) {
    try {
      if (closed.await(ms, TimeUnit.MILLISECONDS)) {
        around.log().dbg("%s: closed", remotes);
      }
    } catch (InterruptedException _) {
      closed.countDown();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    reconnect();
  }
}
