package org.sluice.vswitchd.ofproto;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.Vlog;
import org.sluice.base.stream.Stream;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.codec.Decoded;
import org.sluice.openflow.codec.Dialect;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.connection.ConnectionLog;
import org.sluice.openflow.connection.OfFrame;
import org.sluice.openflow.connection.OfNegotiation;
import org.sluice.openflow.connection.OfStream;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.vswitchd.ofproto.RequestHandler.Request;

/**
 * One OpenFlow connection. Two threads: the reader has requests done and writes what answers them,
 * unless something is queued before; a virtual one writes what is queued, which is what others have
 * to say. So a peer that does not read holds up its own requests and nobody else: while much is
 * queued for it, the reader takes no further request.
 *
 * <p>The reader is a platform thread. A tool that sends a barrier after every flow mod waits for
 * its answer each time, and a virtual thread is woken by way of two others.
 */
final class OpenFlowPeer implements Session.Outbox {
  private static final int QUEUE_MESSAGES = 1024;

  /** What may be queued before one message more, which may be as large as a table. */
  static final int MAX_QUEUED_BYTES = 4 << 20;

  /** Messages and bytes beyond which events are dropped, so that there is room for answers. */
  private static final int EVENT_MESSAGES = 3 * QUEUE_MESSAGES / 4;

  private static final int EVENT_BYTES = MAX_QUEUED_BYTES / 2;

  /** What of a message an error can carry beside its own header. */
  private static final int ERROR_DATA_BYTES = 65_535 - 64;

  private static final long PATIENCE_MS = 60_000;

  /** How long the reader sleeps at most until it looks whether there is room: it is woken. */
  private static final long LOOK_AGAIN_NS = 1_000_000_000;

  /** How long a peer may take to say hello, once hands have been shaken. */
  private static final long HELLO_MS = 10_000;

  private static final long MILLISECOND_NS = 1_000_000L;
  private static final long NEVER = Long.MIN_VALUE;

  private final Ofproto ofproto;
  private final Session.Kind kind;
  private final PacketInLimit packetIns;
  private final OfStream stream;
  private final Clock clock;
  private final String name;
  private final OpenFlowLogs logs;
  private final RequestOrder order;
  private final Vlog log;
  private final BlockingQueue<List<byte[]>> queue = new ArrayBlockingQueue<>(QUEUE_MESSAGES);
  private final AtomicLong dropped = new AtomicLong();
  private final RequestParts parts = new RequestParts();

  /** What is in the queue or has been taken from it and is still being written. */
  private final AtomicInteger unwritten = new AtomicInteger();

  private final AtomicLong queuedBytes = new AtomicLong();

  private volatile Thread reader;

  /** Whether the reader cannot go on before the peer reads, and when the peer last did. */
  private volatile boolean waiting;

  private volatile long tookNs;

  /** Whether TLS, which has a limit of its own, has done what comes before the first message. */
  private volatile boolean shaken;

  private volatile OfVersion version;
  private volatile Session session;
  private volatile long heardNs;

  /** Whether a request is being handled: then what the peer says next is not heard yet. */
  private volatile boolean busy;

  /** When it was asked for a sign of life that has not come yet; else {@link #NEVER}. */
  private volatile long probedNs = NEVER;

  private volatile boolean closed;

  /** Talks over {@code connected}, by whose {@code name} the log knows it. */
  OpenFlowPeer(
      Ofproto ofproto,
      Session.Kind kind,
      PacketInLimit packetIns,
      Stream connected,
      String name,
      OpenFlowSurroundings around) {
    this.ofproto = ofproto;
    this.kind = kind;
    this.packetIns = packetIns;
    this.logs = around.logs();
    this.order = around.order();
    this.stream = new OfStream(connected, new Arrivals(new ConnectionLog(name, logs.vconn())));
    this.name = name;
    this.clock = around.clock();
    this.log = logs.rconn();
    this.heardNs = clock.nowNs();
  }

  /** The session, or null while versions are still to be agreed on. */
  Session session() {
    return session;
  }

  /** Events that were dropped because the peer does not read. */
  long dropped() {
    return dropped.get();
  }

  /** What is queued for the peer, or being written from the queue. */
  long queuedBytes() {
    return queuedBytes.get();
  }

  /** Whether it has been asked for a sign of life that has not come yet. */
  boolean isProbed() {
    return probedNs != NEVER;
  }

  /** Whether it takes no further request before the peer reads. */
  boolean isWaiting() {
    return waiting;
  }

  /** Talks until one side closes. Called once, by the reader. */
  void run() throws IOException {
    reader = Thread.currentThread();
    Thread writer = Thread.ofVirtual().name("openflow-writer").unstarted(this::write);
    try {
      stream.handshake();
      heardNs = clock.nowNs();
      shaken = true;
      version = OfNegotiation.agree(stream, ofproto.settings().versions());
      writer.start();
      if (kind == Session.Kind.SNOOP) {
        snoop();
        return;
      }
      session = new Session(kind, version, packetIns, clock.nowNs(), this);
      ofproto.attach(session);
      order.join();
      readGuarded();
    } finally {
      if (session != null) {
        order.leave(); // whatever happened on the way to where it is left otherwise
        order.quit();
        ofproto.detach(session);
        reportFlowMods(clock.nowNs());
      }
      close();
      enqueue(List.of()); // has a writer that waits for more see that there is none
    }
  }

  /** Is shown messages until it hangs up; what it says itself is of no interest. */
  private void snoop() throws IOException {
    ofproto.snoops().add(this);
    try {
      while (stream.receive() != null) {
        heardNs = clock.nowNs();
      }
    } finally {
      ofproto.snoops().remove(this);
    }
  }

  private void show(byte[] message) {
    if (kind == Session.Kind.CONTROLLER) {
      ofproto.snoops().show(message);
    }
  }

  private void read() throws IOException {
    for (OfFrame frame = stream.receive(); frame != null; frame = stream.receive()) {
      heardNs = clock.nowNs();
      probedNs = NEVER;
      busy = true;
      try {
        take(frame);
      } finally {
        order.leave();
        probedNs = probedNs == NEVER ? NEVER : clock.nowNs(); // the answer may be next
        busy = false;
      }
    }
  }

  private void take(OfFrame frame) throws IOException {
    show(frame.bytes());
    awaitRoom();
    handle(frame);
  }

  /** Has requests take their turn from the moment they have come, and then be logged. */
  private final class Arrivals implements OfStream.Observer {
    private final OfStream.Observer log;

    Arrivals(OfStream.Observer log) {
      this.log = log;
    }

    @Override
    public void sent(ByteBuffer message) {
      log.sent(message);
    }

    @Override
    public void received(ByteBuffer message) {
      if (session != null) {
        order.enter();
      }
      log.received(message);
    }

    @Override
    public void negotiated(OfVersion version, String own, String peer) {
      log.negotiated(version, own, peer);
    }
  }

  private void handle(OfFrame frame) {
    if (frame.version() != version.wire()) {
      logs.complain(
          "%s: received OpenFlow version 0x%02x != expected %02x",
          ofproto.name(), frame.version(), version.wire());
      sendError(frame, OfError.OFPBRC_BAD_VERSION);
      return;
    }
    RequestParts.Taken taken = parts.take(frame, clock.nowNs());
    if (taken.error() != null) {
      sendError(frame, taken.error());
    } else if (!taken.parts().isEmpty()) {
      handle(taken.parts());
    }
  }

  /** Handles a request that has come as a whole. */
  private void handle(List<OfFrame> frames) {
    OfMessage whole = null;
    for (OfFrame frame : frames) {
      OfMessage message = decode(frame);
      if (message == null) {
        return;
      }
      whole = whole == null ? message : RequestParts.join(whole, message);
      if (whole == null) {
        sendError(frames.getFirst(), OfError.OFPBRC_BAD_STAT);
        return;
      }
    }
    handle(frames.getLast(), whole);
  }

  /** What a message says; null where that is nothing, and the peer has been told so. */
  private OfMessage decode(OfFrame frame) {
    return switch (OfDecoder.decode(
        frame.bytes(), session.tableId(), ofproto.tlvTable().layout())) {
      case Decoded.Ok ok -> ok.message();
      case Decoded.Bad bad -> {
        sendError(frame, bad.error());
        yield null;
      }
    };
  }

  private void handle(OfFrame frame, OfMessage message) {
    if (message instanceof OfMessage.BarrierRequest) {
      order.letOthersGoFirst(System.nanoTime());
    }
    Request request = new Request(session, frame.xid(), frame.bytes().length, clock.nowNs());
    OfError error = ofproto.handle(request, message);
    if (error != null) {
      sendError(frame, error);
    }
  }

  /** An error of the program's own costs the connection that met it, and nobody else. */
  private void readGuarded() throws IOException {
    try {
      read();
    } catch (RuntimeException | AssertionError e) {
      log.err("%s: program error in an OpenFlow connection: %s", ofproto.name(), e);
    }
  }

  private static Bytes start(byte[] message) {
    return Bytes.of(Arrays.copyOf(message, Math.min(message.length, ERROR_DATA_BYTES)));
  }

  /** Answers in the version of the message, as far as that is one. */
  private void sendError(OfFrame frame, OfError error) {
    OfVersion spoken = OfVersion.ofWire(frame.version());
    Dialect dialect =
        new Dialect(spoken == null ? version : spoken, session.nxm(), session.tableId());
    OfMessage report = new OfMessage.ErrorReport(error, start(frame.bytes()));
    log.dbg("%s: sent %s to a peer", ofproto.name(), error);
    send(OfEncoder.encode(report, frame.xid(), dialect));
  }

  private void sendError(int xid, OfError error, Bytes data) {
    log.dbg("%s: sent %s to a peer", ofproto.name(), error);
    send(xid, new OfMessage.ErrorReport(error, data));
  }

  private List<byte[]> encode(int xid, OfMessage message) {
    OptionLayout options = ofproto.tlvTable().layout();
    Dialect dialect = new Dialect(version, session.nxm(), session.tableId(), options);
    OfEncoder.Encoded encoded = OfEncoder.encodeWhatFits(message, xid, dialect);
    if (encoded.leftOut() > 0) {
      logs.noteLeftOut(message, encoded.leftOut());
    }
    return encoded.frames();
  }

  /**
   * Gives up on a peer that reads nothing for a minute while it asks for more; at once where its
   * queue is full and nobody may wait: others than the reader have more to do than this peer, and
   * where the writer lock is held, packets of all bridges may be waiting.
   */
  @Override
  public void send(int xid, OfMessage message) {
    send(encode(xid, message));
  }

  private void send(List<byte[]> frames) {
    boolean mayWait = Thread.currentThread() == reader && !ofproto.writer().isHeldByCurrentThread();
    if (!mayWait) {
      if (!closed && !enqueue(frames)) {
        giveUp();
      }
    } else if (unwritten.get() == 0) {
      tookNs = clock.nowNs();
      waiting = true;
      order.aside(() -> write(frames));
      waiting = false;
    } else if (!hasRoom() || !enqueue(frames)) {
      waitFor(() -> hasRoom() && enqueue(frames));
    }
  }

  @Override
  public void awaitRoom() {
    if (!hasRoom()) {
      waitFor(this::hasRoom);
    }
  }

  /** By the reader, until {@code condition} is true or it is too late. */
  private void waitFor(BooleanSupplier condition) {
    tookNs = clock.nowNs();
    waiting = true;
    order.aside(() -> {
      while (!closed && !condition.getAsBoolean()) {
        LockSupport.parkNanos(this, LOOK_AGAIN_NS);
      }
    });
    waiting = false;
  }

  private boolean hasRoom() {
    return unwritten.get() < QUEUE_MESSAGES && queuedBytes.get() < MAX_QUEUED_BYTES;
  }

  @Override
  public void giveUp() {
    if (!closed) {
      logs.complain("%s: a peer does not read, disconnecting", ofproto.name());
      close();
    }
  }

  /** False where the queue is full. */
  private boolean enqueue(List<byte[]> frames) {
    long bytes = bytes(frames);
    unwritten.incrementAndGet();
    queuedBytes.addAndGet(bytes);
    boolean queued = queue.offer(frames);
    if (!queued) {
      noteWritten(bytes);
    }
    return queued;
  }

  private void noteWritten(long bytes) {
    queuedBytes.addAndGet(-bytes);
    unwritten.decrementAndGet();
  }

  private static long bytes(List<byte[]> frames) {
    long bytes = 0;
    for (byte[] frame : frames) {
      bytes += frame.length;
    }
    return bytes;
  }

  @Override
  public void sendError(int xid, OfError error, OfMessage failed) {
    List<byte[]> frames = encode(xid, failed);
    sendError(xid, error, frames.isEmpty() ? Bytes.EMPTY : start(frames.getFirst()));
  }

  @Override
  public boolean offer(List<? extends OfMessage> messages) {
    return offerFrames(() -> {
      List<byte[]> frames = new ArrayList<>();
      messages.forEach(message -> frames.addAll(encode(0, message)));
      return frames;
    });
  }

  /** Queues a message as it is; drops it if the peer does not read. Never waits. */
  void offer(byte[] message) {
    offerFrames(() -> List.of(message));
  }

  /** Nobody writes what nobody reads. */
  private boolean offerFrames(Supplier<List<byte[]>> frames) {
    boolean hasRoom = unwritten.get() < EVENT_MESSAGES && queuedBytes.get() < EVENT_BYTES;
    boolean queued = !closed && hasRoom && enqueue(frames.get());
    if (!queued) {
      dropped.incrementAndGet();
    }
    return queued;
  }

  @Override
  public boolean isEmpty() {
    return unwritten.get() == 0;
  }

  private void write() {
    try {
      while (!closed) {
        List<byte[]> frames = queue.take();
        write(frames);
        noteWritten(bytes(frames));
        LockSupport.unpark(reader);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(List<byte[]> frames) {
    try {
      for (byte[] frame : frames) {
        show(frame);
        stream.send(frame);
        tookNs = clock.nowNs();
      }
    } catch (IOException e) {
      close();
    }
  }

  /**
   * Asks a silent peer for a sign of life, and closes when there is none; reports what it did, and
   * that the rest of a request has not come, when that is due.
   */
  void probe(int intervalMs, long nowNs) {
    if (session != null && session.flowMods().isDue(nowNs)) {
      reportFlowMods(nowNs);
    }
    for (OfFrame last : parts.expire(nowNs)) {
      sendError(last, OfError.OFPBRC_MULTIPART_REQUEST_TIMEOUT);
    }
    if (waiting && nowNs - tookNs >= PATIENCE_MS * MILLISECOND_NS) {
      giveUp();
    }
    boolean mayTalk = shaken; // asked first, since it is the last that the reader sets
    long silentMs = (nowNs - heardNs) / MILLISECOND_NS;
    if (mayTalk && version == null && silentMs >= HELLO_MS) {
      logs.complain("%s: a peer did not say hello, disconnecting", ofproto.name());
      close();
    }
    if (intervalMs != 0 && session != null) {
      probeSilent(intervalMs, silentMs, nowNs);
    }
  }

  /** It has the whole interval for its answer, however late it was asked. */
  private void probeSilent(int intervalMs, long silentMs, long nowNs) {
    boolean isHeard = !busy; // asked first, since it is the last that the reader sets
    long askedNs = probedNs;
    if (askedNs != NEVER) {
      long waitedMs = (nowNs - askedNs) / MILLISECOND_NS;
      if (isHeard && waitedMs >= intervalMs) {
        log.err(
            "%s: no response to inactivity probe after %d seconds, disconnecting",
            ofproto.name(), waitedMs / 1000);
        close();
      }
    } else if (silentMs >= intervalMs) {
      probedNs = nowNs;
      log.dbg("%s: idle %d seconds, sending inactivity probe", ofproto.name(), silentMs / 1000);
      enqueue(encode(0, new OfMessage.EchoRequest(Bytes.EMPTY))); // events make room for it
    }
  }

  private void reportFlowMods(long nowNs) {
    String report = session.flowMods().take(nowNs);
    if (report != null) {
      logs.connmgr().info("%s<->%s: %s", ofproto.name(), name, report);
    }
  }

  void close() {
    closed = true;
    try {
      stream.close();
    } catch (IOException e) {
      log.dbg("%s: %s", ofproto.name(), e.getMessage());
    }
    LockSupport.unpark(reader);
  }
}
