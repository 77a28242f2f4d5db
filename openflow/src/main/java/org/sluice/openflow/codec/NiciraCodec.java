package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.NiciraMessage.TlvMapping;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.PacketIn;

/** Messages of the Nicira extension that have no standard form. */
final class NiciraCodec {
  private static final int MAX_OPTION_BYTES = 124;
  private static final int FIELDS = 64;

  private NiciraCodec() {}

  static WireWriter write(Frames frames, NiciraMessage message) {
    return switch (message) {
      case NiciraMessage.FlowModTableId(boolean enabled) ->
          frames.start(MessageForm.NXT_FLOW_MOD_TABLE_ID).u8(enabled ? 1 : 0).zeros(7);
      case NiciraMessage.SetFlowFormat(boolean nxm) ->
          frames.start(MessageForm.NXT_SET_FLOW_FORMAT).u32(nxm ? 2 : 0);
      case NiciraMessage.SetPacketInFormat(PacketIn.Format format) ->
          frames.start(MessageForm.NXT_SET_PACKET_IN_FORMAT).u32(format.wire());
      case NiciraMessage.FlowAge age -> frames.start(MessageForm.NXT_FLOW_AGE);
      case NiciraMessage.SetControllerId(int id) ->
          frames.start(MessageForm.NXT_SET_CONTROLLER_ID).zeros(6).u16(id);
      case NiciraMessage.TlvTableMod mod -> {
        WireWriter out = frames.start(MessageForm.NXT_TLV_TABLE_MOD);
        out.u16(mod.command().wire()).zeros(6);
        mod.mappings().forEach(mapping -> writeMapping(out, mapping));
        yield out;
      }
      case NiciraMessage.TlvTableRequest request -> frames.start(MessageForm.NXT_TLV_TABLE_REQUEST);
      case NiciraMessage.TlvTableReply reply -> {
        WireWriter out = frames.start(MessageForm.NXT_TLV_TABLE_REPLY);
        out.u32(reply.maxBytes()).u16(reply.maxFields()).zeros(10);
        reply.mappings().forEach(mapping -> writeMapping(out, mapping));
        yield out;
      }
      case NiciraMessage.Resume(PacketIn packet) -> {
        WireWriter out = frames.start(MessageForm.NXT_RESUME);
        PacketCodec.writeProperties(frames, out, packet);
        yield out;
      }
      case NiciraMessage.CtFlushZone(int zone) ->
          frames.start(MessageForm.NXT_CT_FLUSH_ZONE).zeros(6).u16(zone);
      case NiciraMessage.CtFlushMatch flush ->
          CtFlushCodec.write(frames.start(MessageForm.NXT_CT_FLUSH), flush.match());
    };
  }

  private static void writeMapping(WireWriter out, TlvMapping mapping) {
    out.u16(mapping.optionClass()).u8(mapping.optionType()).u8(mapping.optionBytes());
    out.u16(mapping.index()).zeros(2);
  }

  /** The message, or null where {@code form} is none of these. */
  static OfMessage read(WireReader in, MessageForm form) {
    return switch (form) {
      case NXT_SET_FLOW_FORMAT -> new NiciraMessage.SetFlowFormat(flowFormat(in));
      case NXT_FLOW_MOD_TABLE_ID -> new NiciraMessage.FlowModTableId(in.u8() != 0);
      case NXT_SET_PACKET_IN_FORMAT -> new NiciraMessage.SetPacketInFormat(packetInFormat(in));
      case NXT_FLOW_AGE -> new NiciraMessage.FlowAge();
      case NXT_SET_CONTROLLER_ID -> {
        in.zeros(6, OfError.NXBRC_MUST_BE_ZERO);
        yield new NiciraMessage.SetControllerId(in.u16());
      }
      case NXT_TLV_TABLE_MOD -> readTlvMod(in);
      case NXT_TLV_TABLE_REQUEST -> new NiciraMessage.TlvTableRequest();
      case NXT_TLV_TABLE_REPLY -> {
        int maxBytes = in.u32();
        int maxFields = in.u16();
        yield new NiciraMessage.TlvTableReply(maxBytes, maxFields, readMappings(in.skip(10)));
      }
      case NXT_CT_FLUSH_ZONE -> {
        in.zeros(6, OfError.NXBRC_MUST_BE_ZERO);
        yield new NiciraMessage.CtFlushZone(in.u16());
      }
      case NXT_CT_FLUSH -> new NiciraMessage.CtFlushMatch(CtFlushCodec.read(in));
      default -> null;
    };
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

  private static List<TlvMapping> readMappings(WireReader in) {
    List<TlvMapping> mappings = new ArrayList<>();
    while (!in.isEmpty()) {
      TlvMapping mapping = new TlvMapping(in.u16(), in.u8(), in.u8(), in.u16());
      int bytes = mapping.optionBytes();
      if (bytes == 0 || bytes > MAX_OPTION_BYTES || bytes % 4 != 0) {
        throw in.bad(OfError.NXTTMFC_BAD_OPT_LEN);
      }
      if (mapping.index() >= FIELDS) {
        throw in.bad(OfError.NXTTMFC_BAD_FIELD_IDX);
      }
      mappings.add(mapping);
      in.skip(2);
    }
    return mappings;
  }
}
