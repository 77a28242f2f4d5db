package org.sluice.openflow.codec;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;

/** Packet-in in its six forms and packet-out in its three. */
final class PacketCodec {
  private static final int PACKET = 0;
  private static final int FULL_LENGTH = 1;
  private static final int BUFFER_ID = 2;
  private static final int TABLE = 3;
  private static final int COOKIE = 4;
  private static final int REASON = 5;
  private static final int METADATA = 6;
  private static final int USERDATA = 7;
  private static final int CONTINUATION = 8;

  /** What a cut packet takes besides, at most: a property for its length, and padding. */
  private static final int CUT_BYTES = 16;

  private PacketCodec() {}

  // Packet-in.

  /**
   * Writes all of the packet, or as much as a message can hold. One that a waiting pipeline goes on
   * with is not cut.
   */
  static WireWriter writePacketIn(Frames frames, PacketIn packet) {
    WireWriter out = writeWhole(frames, packet);
    int wanted = packet.data().size() - (out.size() + CUT_BYTES - Frames.MAX_BYTES);
    boolean mayCut = packet.continuation() == null && wanted >= 0;
    return mayCut && out.size() > Frames.MAX_BYTES ? writeWhole(frames, packet.cut(wanted)) : out;
  }

  private static WireWriter writeWhole(Frames frames, PacketIn packet) {
    return switch (packet.format()) {
      case STANDARD -> writeStandard(frames, packet);
      case NXT_PACKET_IN -> writeNxm(frames, packet);
      case NXT_PACKET_IN2 -> {
        WireWriter properties = frames.start(MessageForm.NXT_PACKET_IN2);
        writeProperties(frames, properties, packet);
        yield properties;
      }
    };
  }

  private static WireWriter writeStandard(Frames frames, PacketIn packet) {
    int port = (int) packet.metadata().key().get(Field.IN_PORT);
    int reason = packet.reason().wire(frames.version());
    WireWriter out =
        frames
            .start(
                MessageForm.OFPT10_PACKET_IN,
                MessageForm.OFPT11_PACKET_IN,
                MessageForm.OFPT12_PACKET_IN,
                MessageForm.OFPT13_PACKET_IN)
            .u32(packet.bufferId());
    switch (frames.version()) {
      case OF10 -> out.u16(packet.totalBytes()).u16(port).u8(reason).u8(0);
      case OF11 -> {
        out.u32(OfPort.toWire(port)).u32(OfPort.toWire(port)).u16(packet.totalBytes());
        out.u8(reason).u8(packet.table());
      }
      default -> {
        out.u16(packet.totalBytes()).u8(reason).u8(packet.table());
        if (frames.isAtLeast(OfVersion.OF13)) {
          out.u64(packet.cookie());
        }
        MatchCodec.writeOxm(out, packet.metadata(), frames.version());
        out.zeros(2);
      }
    }
    return out.bytes(packet.data());
  }

  private static WireWriter writeNxm(Frames frames, PacketIn packet) {
    WireWriter out = frames.start(MessageForm.NXT_PACKET_IN).u32(packet.bufferId());
    out.u16(packet.totalBytes()).u8(packet.reason().wire(frames.version())).u8(packet.table());
    out.u64(packet.cookie());
    int at = out.size();
    out.u16(0).zeros(6);
    out.setU16(at, MatchCodec.writeNxm(out, packet.metadata(), 0, 0));
    return out.zeros(2).bytes(packet.data());
  }

  static void writeProperties(Frames frames, WireWriter out, PacketIn packet) {
    if (!packet.data().isEmpty()) {
      Property.writeBytes(out, PACKET, packet.data());
    }
    if (packet.totalBytes() != packet.data().size()) {
      Property.writeU32(out, FULL_LENGTH, packet.totalBytes());
    }
    if (packet.bufferId() != FlowMod.NO_BUFFER) {
      Property.writeU32(out, BUFFER_ID, packet.bufferId());
    }
    Property.writeU8(out, TABLE, packet.table());
    if (packet.cookie() != -1L) {
      Property.writeU64(out, COOKIE, packet.cookie());
    }
    Property.writeU8(out, REASON, packet.reason().wire(frames.version()));
    int start = Property.start(out, METADATA);
    OxmMatch.write(out, packet.metadata(), frames.is10() ? null : frames.version());
    Property.finish(out, start);
    if (!packet.userdata().isEmpty()) {
      Property.writeBytes(out, USERDATA, packet.userdata());
    }
    if (packet.continuation() != null) {
      Property.writeBytes(out, CONTINUATION, packet.continuation());
    }
  }

  private static PacketIn.Reason reason(WireReader in, int wire) {
    if (wire > PacketIn.Reason.PACKET_OUT.number()) {
      throw in.bad(OfError.NXBRC_BAD_REASON);
    }
    return PacketIn.Reason.ofNumber(wire);
  }

  private static Match inPort(int port) {
    return new MatchBuilder().exact(Field.IN_PORT, port).build();
  }

  static PacketIn readStandard(WireReader in, OfVersion version) {
    int bufferId = in.u32();
    Match metadata = null;
    if (version == OfVersion.OF11) {
      metadata = inPort(in.port(in.u32(), OfError.OFPBRC_BAD_PORT));
      in.skip(4);
    }
    int total = in.u16();
    if (version == OfVersion.OF10) {
      metadata = inPort(in.u16());
    }
    PacketIn.Reason reason = reason(in, in.u8());
    int table = in.u8();
    long cookie = version.isAtLeast(OfVersion.OF13) ? in.u64() : -1L;
    if (metadata == null) {
      metadata = MatchCodec.readOxm(in, MatchCodec.Rules.LOOSE);
      in.skip(2);
    }
    PacketIn.Format format = PacketIn.Format.STANDARD;
    return new PacketIn(
        format, in.rest(), total, bufferId, reason, table, cookie, metadata, Bytes.EMPTY, null);
  }

  static PacketIn readNxm(WireReader in) {
    int bufferId = in.u32();
    int total = in.u16();
    PacketIn.Reason reason = reason(in, in.u8());
    int table = in.u8();
    long cookie = in.u64();
    int length = in.u16();
    in.skip(6);
    Match metadata = MatchCodec.readNxm(in, length, MatchCodec.Rules.LOOSE).match();
    in.skip(2);
    PacketIn.Format format = PacketIn.Format.NXT_PACKET_IN;
    return new PacketIn(
        format, in.rest(), total, bufferId, reason, table, cookie, metadata, Bytes.EMPTY, null);
  }

  /** {@code loose}: properties that are not known are passed over. */
  static PacketIn readProperties(WireReader in, boolean loose) {
    Bytes data = Bytes.EMPTY;
    int total = -1;
    int bufferId = FlowMod.NO_BUFFER;
    PacketIn.Reason reason = PacketIn.Reason.NO_MATCH;
    int table = 0;
    long cookie = -1L;
    Match metadata = Match.any();
    Bytes userdata = Bytes.EMPTY;
    Bytes continuation = null;
    while (!in.isEmpty()) {
      Property property = Property.read(in);
      switch (property.ownType()) {
        case PACKET -> data = property.value().rest();
        case FULL_LENGTH -> total = property.u32();
        case BUFFER_ID -> bufferId = property.u32();
        case TABLE -> table = property.u8();
        case COOKIE -> cookie = property.u64();
        case REASON -> reason = reason(in, property.u8());
        case METADATA -> metadata = MatchCodec.readBare(property.value());
        case USERDATA -> userdata = property.value().rest();
        case CONTINUATION -> continuation = property.value().rest();
        default -> {
          if (!loose) {
            throw property.unknown("ofp_packet", "NX_PACKET_IN2");
          }
        }
      }
    }
    return new PacketIn(
        PacketIn.Format.NXT_PACKET_IN2,
        data,
        total < 0 ? data.size() : total,
        bufferId,
        reason,
        table,
        cookie,
        metadata,
        userdata,
        continuation);
  }

  // Packet-out.

  static WireWriter writePacketOut(Frames frames, PacketOut packet) {
    WireWriter out =
        frames
            .start(
                MessageForm.OFPT10_PACKET_OUT,
                MessageForm.OFPT11_PACKET_OUT,
                MessageForm.OFPT15_PACKET_OUT)
            .u32(packet.bufferId());
    int port = (int) packet.metadata().key().get(Field.IN_PORT);
    int at;
    if (frames.isAtLeast(OfVersion.OF15)) {
      at = out.size();
      out.u16(0).zeros(2);
      MatchCodec.writeOxm(out, packet.metadata(), frames.version());
    } else if (frames.is10()) {
      at = out.u16(port).size();
      out.u16(0);
    } else {
      at = out.u32(OfPort.toWire(port)).size();
      out.u16(0).zeros(6);
    }
    int start = out.size();
    new ActionWriter(out, frames.version(), packet.metadata()).writeActions(packet.actions());
    out.setU16(at, out.size() - start);
    return out.bytes(packet.data());
  }

  static PacketOut readPacketOut(WireReader in, OfVersion version) {
    int bufferId = in.u32();
    Match metadata;
    int length;
    if (version.isAtLeast(OfVersion.OF15)) {
      length = in.u16();
      metadata = MatchCodec.readOxm(in.skip(2), MatchCodec.Rules.PIPELINE);
      requireInPort(in, metadata);
    } else if (version == OfVersion.OF10) {
      metadata = inPort(in.u16());
      length = in.u16();
    } else {
      metadata = inPort(in.port(in.u32(), OfError.OFPBRC_BAD_PORT));
      length = in.u16();
      in.skip(6);
    }
    checkInPort(in, (int) metadata.key().get(Field.IN_PORT));
    WireReader list = in.sub(length, OfError.OFPBRC_BAD_LEN);
    WireReader actions = list.sub(length, OfError.OFPBAC_BAD_LEN);
    boolean whole = bufferId == FlowMod.NO_BUFFER;
    PacketOut packet =
        new PacketOut(
            bufferId,
            metadata,
            new ActionReader(version).readAll(actions),
            whole ? in.rest() : Bytes.EMPTY);
    return packet;
  }

  private static void requireInPort(WireReader in, Match metadata) {
    if (!metadata.mask().touches(Field.IN_PORT)) {
      throw in.bad(OfError.OFPBRC_BAD_PORT);
    }
  }

  private static void checkInPort(WireReader in, int port) {
    boolean special = port == OfPort.LOCAL || port == OfPort.NONE || port == OfPort.CONTROLLER;
    if (port >= OfPort.MAX && !special) {
      throw in.bad(OfError.OFPBRC_BAD_PORT);
    }
  }
}
