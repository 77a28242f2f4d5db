package org.sluice.tools.ofctl;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.codec.OfDecoder;

/**
 * Puts OpenFlow messages together from the segments of TCP connections over IPv4, each direction by
 * itself. Segments are taken in order: what comes twice or too early is passed over. One thread.
 */
final class TcpStreams {
  private static final int ETHERNET_BYTES = 14;
  private static final int TAG_BYTES = 4;
  private static final int TAGGED = 0x8100;
  private static final int SYN = 2;

  private final Map<List<Long>, Stream> streams = new HashMap<>();

  /** One direction of a connection. */
  private static final class Stream {
    private int nextSequence;
    private byte[] pending = new byte[0];
  }

  /** Takes a segment; gives the messages that it completes. */
  List<byte[]> add(FlowKey key, byte[] frame) {
    int ip = ETHERNET_BYTES + (int16(frame, 12) == TAGGED ? TAG_BYTES : 0);
    if (frame.length < ip + 20) {
      return List.of();
    }
    int tcp = ip + (frame[ip] & 0xf) * 4;
    int end = Math.min(frame.length, ip + int16(frame, ip + 2));
    if (end < tcp + 20) {
      return List.of();
    }
    int payload = tcp + (frame[tcp + 12] >> 4 & 0xf) * 4;
    int sequence = int16(frame, tcp + 4) << 16 | int16(frame, tcp + 6);
    boolean syn = (frame[tcp + 13] & SYN) != 0;
    Stream stream = stream(key, syn ? sequence + 1 : sequence);
    if (syn) {
      stream.nextSequence = sequence + 1;
    } else if (sequence == stream.nextSequence && payload < end) {
      stream.nextSequence += end - payload;
      return complete(stream, Arrays.copyOfRange(frame, payload, end));
    }
    return List.of();
  }

  private static int int16(byte[] bytes, int at) {
    return bytes.length < at + 2 ? 0 : (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  private Stream stream(FlowKey key, int sequence) {
    List<Long> id =
        List.of(
            key.get(Field.IP_SRC),
            key.get(Field.IP_DST),
            key.get(Field.TCP_SRC),
            key.get(Field.TCP_DST));
    return streams.computeIfAbsent(
        id,
        any -> {
          Stream stream = new Stream();
          stream.nextSequence = sequence;
          return stream;
        });
  }

  private static List<byte[]> complete(Stream stream, byte[] more) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(stream.pending);
    all.writeBytes(more);
    byte[] bytes = all.toByteArray();
    List<byte[]> messages = new ArrayList<>();
    int at = 0;
    while (bytes.length - at >= OfDecoder.HEADER_BYTES) {
      int length = int16(bytes, at + 2);
      if (length < OfDecoder.HEADER_BYTES || length > bytes.length - at) {
        break;
      }
      messages.add(Arrays.copyOfRange(bytes, at, at + length));
      at += length;
    }
    stream.pending = Arrays.copyOfRange(bytes, at, bytes.length);
    return messages;
  }
}
