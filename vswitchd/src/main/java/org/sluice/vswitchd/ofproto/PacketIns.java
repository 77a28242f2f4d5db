package org.sluice.vswitchd.ofproto;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.Word;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.PacketIn;
import org.sluice.vswitchd.translate.PacketInEvent;

/** Makes packet-ins of what translation sends to controllers. */
final class PacketIns {
  private static final List<Field> TRACKED_V4 = List.of(Field.CT_NW_SRC, Field.CT_NW_DST);
  private static final List<Field> TRACKED_V6 = List.of(Field.CT_IPV6_SRC, Field.CT_IPV6_DST);
  private static final List<Field> TRACKED =
      List.of(Field.CT_NW_PROTO, Field.CT_TP_SRC, Field.CT_TP_DST);

  /** Told where they are not 0. */
  private static final List<Field> OPTIONAL =
      List.of(
          Field.TUN_ID,
          Field.TUN_SRC,
          Field.TUN_DST,
          Field.TUN_IPV6_SRC,
          Field.TUN_IPV6_DST,
          Field.METADATA,
          Field.PKT_MARK,
          Field.PACKET_TYPE,
          Field.CT_STATE,
          Field.CT_ZONE,
          Field.CT_MARK,
          Field.CT_LABEL);

  private PacketIns() {}

  /** Offers {@code packet} to the sessions that want it. */
  static void tell(SessionSet sessions, PacketInEvent packet, long nowNs) {
    PacketIn.Reason reason = packet.cause().reason();
    PacketIn message = null;
    for (Session session : sessions.all()) {
      if (session.controllerId() == packet.cause().controllerId()
          && session.wants(AsyncConfig.Kind.PACKET_IN, reason.ordinal())
          && session.admitsPacketIn(reason, nowNs)) {
        if (message == null) {
          message = message(packet, reason);
        }
        session.outbox().offer(formed(message, session.packetInFormat()));
      }
    }
  }

  private static PacketIn message(PacketInEvent packet, PacketIn.Reason reason) {
    return new PacketIn(
        PacketIn.Format.STANDARD,
        packet.frame(),
        packet.totalBytes(),
        FlowMod.NO_BUFFER,
        reason,
        packet.cause().table(),
        packet.cause().cookie(),
        metadata(packet.metadata()),
        packet.userdata(),
        packet.continuation());
  }

  private static PacketIn formed(PacketIn in, PacketIn.Format format) {
    return new PacketIn(
        format,
        in.data(),
        in.totalBytes(),
        in.bufferId(),
        in.reason(),
        in.table(),
        in.cookie(),
        in.metadata(),
        in.userdata(),
        in.continuation());
  }

  /** The pipeline fields of {@code key} that a controller is told. */
  static Match metadata(FlowKey key) {
    FlowMask mask = new FlowMask();
    mask.layOut(key.options());
    mask.cover(Field.IN_PORT);
    for (Field field : OPTIONAL) {
      if (key.get(field) != 0 || key.getHigh(field) != 0) {
        mask.cover(field);
      }
    }
    for (Field option : key.options().fields()) {
      if ((key.word(Word.TUN_OPTIONS) & option.wordMask()) != 0) {
        mask.cover(option);
      }
    }
    for (int word = Word.REGISTERS; word < Word.COUNT; word++) {
      long value = key.word(word);
      mask.words()[word] =
          (value >>> 32 != 0 ? 0xffff_ffff_0000_0000L : 0) | ((int) value != 0 ? 0xffff_ffffL : 0);
    }
    if (key.get(Field.CT_STATE) != 0) {
      mask.cover(Field.ETH_TYPE);
      if (key.get(Field.CT_NW_PROTO) != 0) {
        boolean isV6 = key.get(Field.ETH_TYPE) == 0x86dd;
        (isV6 ? TRACKED_V6 : TRACKED_V4).forEach(mask::cover);
        TRACKED.forEach(mask::cover);
      }
    }
    return new Match(key, mask);
  }
}
