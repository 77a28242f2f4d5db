package org.sluice.tools.ofctl;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.sluice.base.log.Vlog;
import org.sluice.base.stream.Stream;
import org.sluice.openflow.codec.Dialect;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.codec.Inspected;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.connection.ConnectionLog;
import org.sluice.openflow.connection.OfConnectionException;
import org.sluice.openflow.connection.OfFrame;
import org.sluice.openflow.connection.OfNegotiation;
import org.sluice.openflow.connection.OfStream;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;

/** A connection to a switch, and the way it talks. Used by one thread; any may send. */
final class SwitchSession implements Closeable {
  private final String name;
  private final OfStream stream;
  private final OfVersion version;
  private FlowFormat format;
  private final AtomicInteger xids;

  private SwitchSession(String name, OfStream stream, OfVersion version, AtomicInteger xids) {
    this.name = name;
    this.stream = stream;
    this.version = version;
    this.xids = xids;
    format = FlowFormat.initial(version);
  }

  /**
   * Agrees on one of {@code versions}.
   *
   * @param name where the switch is, as {@code unix:FILE}
   * @param xids the last transaction id, of all connections together
   * @throws OfConnectionException if that fails; the stream is closed then
   */
  static SwitchSession over(
      Stream connected, String name, Set<OfVersion> versions, AtomicInteger xids, Vlog log)
      throws IOException {
    xids.incrementAndGet(); // the hello's
    OfStream stream = new OfStream(connected, new ConnectionLog(name, log));
    try {
      return new SwitchSession(name, stream, OfNegotiation.agree(stream, versions), xids);
    } catch (OfConnectionException e) {
      stream.close();
      log.warn("%s: %s", name, e.getMessage());
      throw e;
    }
  }

  /** Where the switch is, as {@code unix:FILE}. */
  String name() {
    return name;
  }

  OfVersion version() {
    return version;
  }

  /** What flow mods are written in. */
  FlowFormat format() {
    return format;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  /** The bytes of a message, with a new transaction id. */
  byte[] encode(OfMessage message) {
    return encode(message, xids.incrementAndGet());
  }

  /** The bytes of a message. */
  byte[] encode(OfMessage message, int xid) {
    return encode(message, xid, format.dialect()).getFirst();
  }

  /** The bytes of a message, one part at least. */
  static List<byte[]> encode(OfMessage message, int xid, Dialect dialect) {
    List<byte[]> parts = OfEncoder.encode(message, xid, dialect);
    if (parts.isEmpty()) {
      throw new OfctlException("message is larger than the 65535 bytes that OpenFlow can say");
    }
    return parts;
  }

  /** The transaction id that the next message gets. */
  int nextXid() {
    return xids.get() + 1;
  }

  /** Sends a message; gives its transaction id. */
  int send(OfMessage message) throws IOException {
    int id = xids.incrementAndGet();
    List<byte[]> parts = encode(message, id, format.dialect());
    for (byte[] part : parts) {
      send(part);
    }
    return id;
  }

  void send(byte[] message) throws IOException {
    stream.send(message);
  }

  /** Sends messages at once. */
  void send(List<byte[]> messages) throws IOException {
    stream.send(messages);
  }

  /** The next message; null where the switch has closed the connection. */
  byte[] receiveOrNull() throws IOException {
    OfFrame frame = stream.receive();
    return frame == null ? null : frame.bytes();
  }

  /** The next message. */
  byte[] receive() throws IOException {
    byte[] message = receiveOrNull();
    if (message == null) {
      throw new OfctlException("talking to " + name() + " (End of file)");
    }
    return message;
  }

  static int xid(byte[] message) {
    return ByteBuffer.wrap(message).getInt(4);
  }

  private byte[] receiveReply(int id) throws IOException {
    byte[] reply = receive();
    while (xid(reply) != id) {
      reply = receive();
    }
    return reply;
  }

  /** Asks, and waits for the answer or the error. */
  byte[] transact(OfMessage request) throws IOException {
    return receiveReply(send(request));
  }

  /** Asks, and hands each part of the answer on, up to the last or to an error. */
  void transactMultipart(Multipart.Request request, Consumer<byte[]> parts) throws IOException {
    int id = send(request);
    boolean more = true;
    while (more) {
      byte[] reply = receiveReply(id);
      parts.accept(reply);
      Inspected inspected = OfDecoder.inspect(reply);
      boolean multipart = inspected.form() != null && inspected.form().isMultipart();
      more = multipart && (reply[11] & 1) != 0;
    }
  }

  /** Asks for what has no answer; gives the error that came instead, or null. */
  byte[] transactQuietly(OfMessage request) throws IOException {
    return transactQuietly(encode(request));
  }

  /** The same, of a message that is written already. */
  byte[] transactQuietly(byte[] request) throws IOException {
    send(request);
    int barrier = send(new OfMessage.BarrierRequest());
    byte[] answer = null;
    for (byte[] reply = receive(); xid(reply) != barrier; reply = receive()) {
      answer = xid(reply) == xid(request) ? reply : answer;
    }
    return answer;
  }

  /** Goes over to {@code wanted}, step by step; false where the switch refuses or cannot. */
  boolean tryFormat(FlowFormat wanted) throws IOException {
    while (format != wanted) {
      if (format.version() != OfVersion.OF10 || wanted.version() != OfVersion.OF10) {
        return false;
      }
      boolean otherBase = format.dialect().nxm() != wanted.dialect().nxm();
      FlowFormat next =
          otherBase ? wanted.withTables(format.hasTables()) : format.withTables(wanted.hasTables());
      NiciraMessage step =
          otherBase
              ? new NiciraMessage.SetFlowFormat(wanted.dialect().nxm())
              : new NiciraMessage.FlowModTableId(wanted.hasTables());
      if (transactQuietly(step) != null) {
        return false;
      }
      format = next;
    }
    return true;
  }

  /** Uses one of {@code usable}, the first that works, unless the present one will do. */
  void useAny(Set<FlowFormat> usable, Set<FlowFormat> allowed) throws IOException {
    EnumSet<FlowFormat> both = EnumSet.copyOf(allowed);
    both.retainAll(usable);
    if (both.contains(format)) {
      return;
    }
    for (FlowFormat wanted : both) {
      if (tryFormat(wanted)) {
        return;
      }
    }
    throw new OfctlException(
        "switch does not support any of the usable flow formats ("
            + FlowFormat.describe(usable)
            + ")");
  }
}
