package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.NiciraMessage.TlvMapping;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.Role;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;

/** Messages of the Nicira extension. */
final class NiciraCodec {
  private NiciraCodec() {}

  static void write(Frames frames, NiciraMessage message) {
    WireWriter out =
        switch (message) {
          case NiciraMessage.FlowModTableId(boolean enabled) ->
              frames.startNicira(15).u8(enabled ? 1 : 0).zeros(7);
          case NiciraMessage.SetFlowFormat(boolean nxm) -> frames.startNicira(12).u32(nxm ? 2 : 0);
          case NiciraMessage.SetPacketInFormat(PacketIn.Format format) ->
              frames.startNicira(16).u32(format.wire());
          case NiciraMessage.FlowAge age -> frames.startNicira(18);
          case NiciraMessage.SetControllerId(int id) -> frames.startNicira(20).zeros(6).u16(id);
          case NiciraMessage.TlvTableMod mod -> {
            WireWriter body = frames.startNicira(24).u16(mod.command().wire()).zeros(6);
            mod.mappings().forEach(mapping -> writeMapping(body, mapping));
            yield body;
          }
          case NiciraMessage.TlvTableRequest request -> frames.startNicira(25);
          case NiciraMessage.TlvTableReply reply -> {
            WireWriter body = frames.startNicira(26);
            body.u32(reply.maxBytes()).u16(reply.maxFields()).zeros(10);
            reply.mappings().forEach(mapping -> writeMapping(body, mapping));
            yield body;
          }
          case NiciraMessage.Resume(PacketIn packet) -> {
            WireWriter body = frames.startNicira(28);
            PacketCodec.writeProperties(frames, body, packet);
            yield body;
          }
          case NiciraMessage.CtFlushZone(int zone) -> frames.startNicira(29).zeros(6).u16(zone);
          case NiciraMessage.CtFlush flush -> frames.startNicira(32).bytes(flush.body());
        };
    frames.finish(out);
  }

  private static void writeMapping(WireWriter out, TlvMapping mapping) {
    out.u16(mapping.optionClass()).u8(mapping.optionType()).u8(mapping.optionBytes());
    out.u16(mapping.index()).zeros(2);
  }

  /** The message, or null where there is no such subtype. */
  static OfMessage read(WireReader in, int subtype, Dialect dialect) {
    OfVersion version = dialect.version();
    return switch (subtype) {
      case 10 -> new OfMessage.RoleRequest(role(in, in.u32()), null, true);
      case 11 -> new OfMessage.RoleReply(role(in, in.u32()), null, true);
      case 12 -> new NiciraMessage.SetFlowFormat(flowFormat(in));
      case 13 -> FlowCodec.readFlowModNxm(in, dialect);
      case 14 -> FlowCodec.readFlowRemoved(in, version, true);
      case 15 -> new NiciraMessage.FlowModTableId(in.u8() != 0);
      case 16 -> new NiciraMessage.SetPacketInFormat(packetInFormat(in));
      case 17 -> PacketCodec.readNxm(in);
      case 18 -> new NiciraMessage.FlowAge();
      case 19 -> new AsyncConfig.SetAll(AsyncCodec.readMasks(in), true);
      case 20 -> {
        in.zeros(6, OfError.NXBRC_MUST_BE_ZERO);
        yield new NiciraMessage.SetControllerId(in.u16());
      }
      case 24 -> readTlvMod(in);
      case 25 -> new NiciraMessage.TlvTableRequest();
      case 26 -> readTlvReply(in);
      case 27 -> new AsyncConfig.SetAll(AsyncCodec.readProperties(in), true);
      case 28 -> new NiciraMessage.Resume(PacketCodec.readProperties(in));
      case 29 -> {
        in.zeros(6, OfError.NXBRC_MUST_BE_ZERO);
        yield new NiciraMessage.CtFlushZone(in.u16());
      }
      case 30 -> PacketCodec.readProperties(in);
      case 32 -> new NiciraMessage.CtFlush(in.rest());
      default -> null;
    };
  }

  private static Role role(WireReader in, int wire) {
    Role role = wire >= 0 && wire <= 2 ? Role.ofWire(wire + 1) : null;
    if (role == null) {
      throw in.bad(OfError.OFPRRFC_BAD_ROLE);
    }
    return role;
  }

  private static boolean flowFormat(WireReader in) {
    int format = in.u32();
    if (format != 0 && format != 2) {
      throw in.bad(OfError.OFPBRC_EPERM);
    }
    return format == 2;
  }

  private static PacketIn.Format packetInFormat(WireReader in) {
    PacketIn.Format format = PacketIn.Format.ofWire(in.u32());
    if (format == null) {
      throw in.bad(OfError.OFPBRC_EPERM);
    }
    return format;
  }

  private static OfMessage readTlvMod(WireReader in) {
    NiciraMessage.TlvCommand command = NiciraMessage.TlvCommand.ofWire(in.u16());
    if (command == null) {
      throw in.bad(OfError.NXTTMFC_BAD_COMMAND);
    }
    return new NiciraMessage.TlvTableMod(command, readMappings(in.skip(6)));
  }

  private static OfMessage readTlvReply(WireReader in) {
    int maxBytes = in.u32();
    int maxFields = in.u16();
    return new NiciraMessage.TlvTableReply(maxBytes, maxFields, readMappings(in.skip(10)));
  }

  private static List<TlvMapping> readMappings(WireReader in) {
    List<TlvMapping> mappings = new ArrayList<>();
    while (!in.isEmpty()) {
      TlvMapping mapping = new TlvMapping(in.u16(), in.u8(), in.u8(), in.u16());
      if (mapping.index() >= 64) {
        throw in.bad(OfError.NXTTMFC_BAD_FIELD_IDX);
      }
      int bytes = mapping.optionBytes();
      if (bytes == 0 || bytes > 124 || bytes % 4 != 0) {
        throw in.bad(OfError.NXTTMFC_BAD_OPT_LEN);
      }
      mappings.add(mapping);
      in.skip(2);
    }
    return mappings;
  }
}
