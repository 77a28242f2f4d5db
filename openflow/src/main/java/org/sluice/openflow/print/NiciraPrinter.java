package org.sluice.openflow.print;

import java.util.List;
import org.sluice.openflow.message.CtFlush;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.NiciraMessage.TlvMapping;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.text.CtFlushText;

/** Messages of the Nicira extension. */
final class NiciraPrinter {
  private final MessagePrinter printer;
  private final StringBuilder out;

  NiciraPrinter(MessagePrinter printer, StringBuilder out) {
    this.printer = printer;
    this.out = out;
  }

  void add(NiciraMessage message, OfVersion version) {
    switch (message) {
      case NiciraMessage.FlowModTableId(boolean enabled) ->
          out.append(enabled ? " enable" : " disable");
      case NiciraMessage.SetFlowFormat(boolean nxm) ->
          out.append(" format=").append(nxm ? "nxm" : "openflow10");
      case NiciraMessage.SetPacketInFormat(PacketIn.Format format) ->
          out.append(" format=").append(format.text());
      case NiciraMessage.FlowAge age -> {}
      case NiciraMessage.SetControllerId(int id) -> out.append(" id=").append(id);
      case NiciraMessage.TlvTableMod mod -> add(mod);
      case NiciraMessage.TlvTableRequest request -> {}
      case NiciraMessage.TlvTableReply reply -> add(reply);
      case NiciraMessage.Resume(PacketIn packet) ->
          new PacketPrinter(printer, out).add(packet, version);
      case NiciraMessage.CtFlushZone(int zone) -> out.append(" zone_id=").append(zone);
      case NiciraMessage.CtFlushMatch(CtFlush match) -> {
        out.append(" zone=").append(match.zone() == null ? 0 : match.zone()).append(' ');
        out.append(CtFlushText.format(match));
      }
    }
  }

  private void add(NiciraMessage.TlvTableMod mod) {
    out.append("\n ");
    switch (mod.command()) {
      case ADD -> out.append("ADD");
      case DELETE -> out.append("DEL");
      case CLEAR -> out.append("CLEAR");
    }
    if (mod.command() != NiciraMessage.TlvCommand.CLEAR) {
      add(mod.mappings());
    }
  }

  private void add(NiciraMessage.TlvTableReply reply) {
    int allocated = reply.mappings().stream().mapToInt(TlvMapping::optionBytes).sum();
    out.append("\n max option space=").append(Integer.toUnsignedString(reply.maxBytes()));
    out.append(" max fields=").append(reply.maxFields());
    out.append("\n allocated option space=").append(allocated).append("\n\n");
    add(reply.mappings());
  }

  private void add(List<TlvMapping> mappings) {
    out.append(" mapping table:\n  class  type  length  match field\n");
    out.append(" ------  ----  ------  --------------");
    for (TlvMapping mapping : mappings) {
      out.append(
          "\n %6s  %4s  %6d  tun_metadata%d"
              .formatted(
                  SwitchPrinter.sharpHex(mapping.optionClass()),
                  SwitchPrinter.sharpHex(mapping.optionType()),
                  mapping.optionBytes(),
                  mapping.index()));
    }
  }
}
