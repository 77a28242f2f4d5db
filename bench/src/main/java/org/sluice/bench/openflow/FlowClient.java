package org.sluice.bench.openflow;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import org.sluice.base.stream.StreamAddress;
import org.sluice.bench.peer.RunningSwitch;
import org.sluice.openflow.codec.Decoded;
import org.sluice.openflow.codec.Dialect;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.connection.OfFrame;
import org.sluice.openflow.connection.OfNegotiation;
import org.sluice.openflow.connection.OfStream;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;

/**
 * A connection that asks and waits, and reads no more of the answers than it has to. One thread.
 */
final class FlowClient implements Closeable {
  private static final Dialect DIALECT = Dialect.of(OfVersion.OF13);
  private static final int MULTIPART_REPLY = 19;
  private static final int MULTIPART_FLAGS = 11;
  private static final int BARRIER_REPLY = 21;
  private static final int ERROR = 1;

  private final OfStream stream;

  FlowClient(RunningSwitch target) throws IOException {
    stream = new OfStream(new StreamAddress.Unix(false, target.management()).connect(null));
    OfNegotiation.agree(stream, Set.of(OfVersion.OF13));
  }

  private static byte[] encode(OfMessage message) {
    return OfEncoder.encode(message, 1, DIALECT).getFirst();
  }

  /** The bytes that add flows {@code from} to {@code to}, with a barrier behind them. */
  static byte[] adds(int from, int to, int tables) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = from; i < to; i++) {
      bytes.write(encode(FlowSet.add(i, tables)));
    }
    bytes.write(encode(new OfMessage.BarrierRequest()));
    return bytes.toByteArray();
  }

  void send(byte[] messages) throws IOException {
    stream.send(messages);
  }

  /** Waits for the answer to a barrier. */
  void awaitBarrier() throws IOException {
    receive(BARRIER_REPLY);
  }

  /** The next message of type {@code wanted}; echo requests and the like are passed over. */
  private byte[] receive(int wanted) throws IOException {
    while (true) {
      OfFrame frame = stream.receive();
      if (frame == null) {
        throw new IOException("the switch hung up");
      }
      int type = frame.bytes()[1];
      if (type == ERROR) {
        throw new IOException("the switch refuses: " + OfDecoder.decode(frame.bytes(), false));
      }
      if (type == wanted) {
        return frame.bytes();
      }
    }
  }

  /** Removes all flows. */
  void clear() throws IOException {
    FlowMod all =
        FlowMod.builder().command(FlowMod.Command.DELETE).table(FlowMod.ANY_TABLE).build();
    send(encode(all));
    send(encode(new OfMessage.BarrierRequest()));
    awaitBarrier();
  }

  /** Asks for all flows and takes the answer, unread; its bytes. */
  long dump() throws IOException {
    send(encode(new Multipart.FlowStatsRequest(Multipart.FlowQuery.all(), false)));
    long total = 0;
    boolean more = true;
    while (more) {
      byte[] bytes = receive(MULTIPART_REPLY);
      total += bytes.length;
      more = (bytes[MULTIPART_FLAGS] & 1) != 0;
    }
    return total;
  }

  /** Makes sure that there are {@code expected} flows. */
  void check(long expected) throws IOException {
    send(encode(new Multipart.AggregateRequest(Multipart.FlowQuery.all(), false)));
    Decoded answer = OfDecoder.decode(receive(MULTIPART_REPLY), false);
    boolean right =
        answer instanceof Decoded.Ok ok
            && ok.message() instanceof Multipart.AggregateReply reply
            && reply.flows() == expected;
    if (!right) {
      throw new IOException("instead of " + expected + " flows: " + answer);
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
