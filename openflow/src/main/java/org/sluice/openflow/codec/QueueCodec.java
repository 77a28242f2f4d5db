package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.Multipart.QueueStats;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.QueueDescription;
import org.sluice.openflow.message.OfVersion;

/** Queues: their configuration, which moved to a multipart message in 1.4, and statistics. */
final class QueueCodec {
  private static final int MIN_RATE = 1;
  private static final int MAX_RATE = 2;
  private static final int STATS_14_BYTES = 48;

  private QueueCodec() {}

  // Configuration up to 1.3.

  static WireWriter writeConfigRequest(Frames frames, int port) {
    WireWriter out =
        frames.start(
            MessageForm.OFPT10_QUEUE_GET_CONFIG_REQUEST,
            MessageForm.OFPT11_QUEUE_GET_CONFIG_REQUEST);
    return frames.is10() ? out.u16(port).zeros(2) : out.u32(OfPort.toWire(port)).zeros(4);
  }

  static OfMessage readConfigRequest(WireReader in, OfVersion version) {
    return new OfMessage.QueueGetConfigRequest(port(in, version));
  }

  private static int port(WireReader in, OfVersion version) {
    return version == OfVersion.OF10 ? in.u16() : PortCodec.port(in, in.u32());
  }

  static WireWriter writeConfigReply(Frames frames, OfMessage.QueueGetConfigReply reply) {
    WireWriter out =
        frames.start(
            MessageForm.OFPT10_QUEUE_GET_CONFIG_REPLY, MessageForm.OFPT11_QUEUE_GET_CONFIG_REPLY);
    if (frames.is10()) {
      out.u16(reply.port()).zeros(6);
    } else {
      out.u32(OfPort.toWire(reply.port())).zeros(4);
    }
    for (QueueDescription queue : reply.queues()) {
      int start = out.size();
      out.u32(queue.queue());
      if (frames.isAtLeast(OfVersion.OF12)) {
        out.u32(OfPort.toWire(queue.port()));
      }
      int at = out.size();
      out.u16(0).zeros(frames.isAtLeast(OfVersion.OF12) ? 6 : 2);
      writeRate(out, MIN_RATE, queue.minRate());
      writeRate(out, MAX_RATE, queue.maxRate());
      out.setU16(at, out.size() - start);
    }
    return out;
  }

  private static void writeRate(WireWriter out, int type, int rate) {
    if (rate >= 0) {
      out.u16(type).u16(16).zeros(4).u16(rate).zeros(6);
    }
  }

  static OfMessage readConfigReply(WireReader in, OfVersion version) {
    int port = port(in, version);
    in.skip(version == OfVersion.OF10 ? 6 : 4);
    boolean ported = version.isAtLeast(OfVersion.OF12);
    int headerBytes = ported ? 16 : 8;
    List<QueueDescription> queues = new ArrayList<>();
    while (!in.isEmpty()) {
      int length = in.peekU16(ported ? 8 : 4);
      if (length < headerBytes) {
        throw in.bad(OfError.OFPBRC_BAD_LEN);
      }
      WireReader body = in.sub(length, OfError.OFPBRC_BAD_LEN);
      int queue = body.u32();
      // What 1.2 and 1.3 say of the port here need not agree with the head; that one counts.
      queues.add(readRates(body.skip(ported ? 12 : 4), port, queue));
    }
    return new OfMessage.QueueGetConfigReply(port, queues);
  }

  private static QueueDescription readRates(WireReader in, int port, int queue) {
    int min = -1;
    int max = -1;
    while (!in.isEmpty()) {
      int type = in.peekU16(0);
      int length = in.peekU16(2);
      if (length < 8) {
        throw in.bad(OfError.OFPBRC_BAD_LEN);
      }
      WireReader body = in.sub(length, OfError.OFPBRC_BAD_LEN).skip(8);
      if (type == MIN_RATE) {
        min = body.u16();
      } else if (type == MAX_RATE) {
        max = body.u16();
      }
    }
    return new QueueDescription(port, queue, min, max);
  }

  // Description from 1.4 on.

  static void writeDescription(WireWriter out, QueueDescription queue) {
    int start = out.size();
    out.u32(OfPort.toWire(queue.port())).u32(queue.queue()).u16(0).zeros(6);
    if (queue.minRate() >= 0) {
      Property.writeU16(out, MIN_RATE, queue.minRate());
    }
    if (queue.maxRate() >= 0) {
      Property.writeU16(out, MAX_RATE, queue.maxRate());
    }
    out.setU16(start + 8, out.size() - start);
  }

  static QueueDescription readDescription(WireReader list) {
    int length = list.peekU16(8);
    if (length < 16) {
      throw list.bad(OfError.OFPBRC_BAD_LEN);
    }
    WireReader body = list.sub(length, OfError.OFPBRC_BAD_LEN);
    int port = PortCodec.port(body, body.u32());
    int queue = body.u32();
    body.skip(8);
    int min = -1;
    int max = -1;
    while (!body.isEmpty()) {
      Property property = Property.read(body);
      switch (property.ownType()) {
        case MIN_RATE -> min = property.u16();
        case MAX_RATE -> max = property.u16();
        default -> {}
      }
    }
    return new QueueDescription(port, queue, min, max);
  }

  // Statistics.

  static void writeStats(Frames frames, WireWriter out, QueueStats queue) {
    if (frames.isAtLeast(OfVersion.OF14)) {
      out.u16(STATS_14_BYTES).zeros(6);
    }
    if (frames.is10()) {
      out.u16(queue.port()).zeros(2);
    } else {
      out.u32(OfPort.toWire(queue.port()));
    }
    out.u32(queue.queue()).u64(queue.txBytes()).u64(queue.txPackets()).u64(queue.txErrors());
    if (frames.isAtLeast(OfVersion.OF13)) {
      Durations.write(out, queue.durationNs());
    }
  }

  static QueueStats readStats(WireReader list, OfVersion version) {
    boolean of10 = version == OfVersion.OF10;
    WireReader body = list;
    if (version.isAtLeast(OfVersion.OF14)) {
      int length = list.peekU16(0);
      if (length < STATS_14_BYTES) {
        throw list.bad(OfError.OFPBRC_BAD_LEN);
      }
      body = list.sub(length, OfError.OFPBRC_BAD_LEN).skip(8);
    }
    int port = of10 ? body.u16() : PortCodec.port(body, body.u32());
    body.skip(of10 ? 2 : 0);
    int queue = body.u32();
    long bytes = body.u64();
    long packets = body.u64();
    long errors = body.u64();
    long duration = version.isAtLeast(OfVersion.OF13) ? Durations.read(body) : -1;
    return new QueueStats(port, queue, bytes, packets, errors, duration);
  }
}
