package org.sluice.openflow.print;

import java.util.ArrayList;
import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.codec.Continuation;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;
import org.sluice.openflow.text.ActionFormatter;
import org.sluice.openflow.text.MatchFormatter;

/** Packets to and from controllers. */
final class PacketPrinter {
  private static final int BYTES_FROM = 3;

  private final MessagePrinter printer;
  private final StringBuilder out;

  PacketPrinter(MessagePrinter printer, StringBuilder out) {
    this.printer = printer;
    this.out = out;
  }

  void add(PacketIn packet, OfVersion version) {
    if (packet.table() != 0 || printer.names().hasTableName(packet.table())) {
      out.append(" table_id=").append(printer.names().tableText(packet.table()));
    }
    if (packet.cookie() != -1L) {
      out.append(" cookie=0x").append(Long.toHexString(packet.cookie()));
    }
    out.append(" total_len=").append(Integer.toUnsignedString(packet.totalBytes())).append(' ');
    out.append(MatchFormatter.format(packet.metadata(), printer.names()));
    boolean miss =
        packet.reason() == PacketIn.Reason.EXPLICIT_MISS
            || packet.reason() == PacketIn.Reason.IMPLICIT_MISS;
    out.append(" (via ").append(miss ? "" : packet.reason().text()).append(')');
    addLength(packet);
    if (!packet.userdata().isEmpty()) {
      out.append(" userdata=").append(packet.userdata().hex(".")).append('\n');
    }
    if (packet.continuation() != null) {
      addContinuation(Continuation.decode(packet.continuation(), version));
    }
    addPacket(packet.data(), packet.metadata());
  }

  private void addLength(PacketIn packet) {
    int dataBytes = packet.data().size();
    out.append(" data_len=").append(dataBytes);
    if (packet.bufferId() == FlowMod.NO_BUFFER) {
      boolean different = packet.totalBytes() != dataBytes;
      out.append(different ? " (unbuffered) (***total_len != data_len***)" : " (unbuffered)");
    } else {
      boolean less = Integer.compareUnsigned(packet.totalBytes(), dataBytes) < 0;
      out.append(" buffer=0x%08x".formatted(packet.bufferId()));
      out.append(less ? " (***total_len < data_len***)" : "");
    }
    out.append('\n');
  }

  private void addPacket(Bytes data, Match metadata) {
    if (printer.verbosity() > 0) {
      int packetType = (int) metadata.key().get(Field.PACKET_TYPE);
      out.append(PacketLine.format(data.toArray(), packetType));
    }
    if (printer.verbosity() >= BYTES_FROM) {
      out.append(HexDump.format(data.toArray(), false));
    }
  }

  private void addContinuation(Continuation continuation) {
    if (continuation == null) {
      return;
    }
    if (continuation.bridge() != null) {
      out.append(" continuation.bridge=").append(continuation.bridge()).append('\n');
    }
    if (!continuation.stack().isEmpty()) {
      out.append(" continuation.stack=(top)");
      continuation.stack().forEach(value -> out.append(' ').append(number(value)));
      out.append(" (bottom)\n");
    }
    if (continuation.mirrors() != 0) {
      out.append(" continuation.mirrors=0x").append(Integer.toHexString(continuation.mirrors()));
      out.append('\n');
    }
    if (continuation.tracked()) {
      out.append(" continuation.conntracked=true\n");
    }
    addActions(" continuation.actions=", parts(continuation));
    addActions(
        " continuation.action_set=",
        continuation.actionSet().isEmpty()
            ? List.of()
            : List.of(new ActionFormatter(printer.names()).format(continuation.actionSet())));
    if (continuation.datapathPort() != 0) {
      out.append(" continuation.odp_port=");
      out.append(Integer.toUnsignedString(continuation.datapathPort())).append('\n');
    }
  }

  /** The actions of each rule, which a change of rule comes before. */
  private List<String> parts(Continuation continuation) {
    List<String> texts = new ArrayList<>();
    ActionFormatter formatter = new ActionFormatter(printer.names());
    int table = 0;
    long cookie = 0;
    for (Continuation.Part part : continuation.actions()) {
      if (part.table() != table || part.cookie() != cookie) {
        table = part.table();
        cookie = part.cookie();
        texts.add("unroll_xlate(table=%d, cookie=%s)".formatted(table, hex(cookie)));
      }
      for (OfAction action : part.actions()) {
        texts.add(formatter.format(action));
      }
    }
    return texts;
  }

  private static String hex(long value) {
    return value == 0 ? "0" : "0x" + Long.toHexString(value);
  }

  private void addActions(String title, List<String> actions) {
    if (!actions.isEmpty()) {
      out.append(title).append(String.join(",", actions)).append('\n');
    }
  }

  private static String number(Bytes value) {
    String digits = value.hex("").replaceFirst("^0+", "");
    return "0x" + (digits.isEmpty() ? "0" : digits);
  }

  void add(PacketOut packet) {
    out.append(' ').append(MatchFormatter.format(packet.metadata(), printer.names()));
    out.append(" actions=");
    out.append(new ActionFormatter(printer.names()).format(packet.actions()));
    if (packet.bufferId() != FlowMod.NO_BUFFER) {
      out.append(" buffer=0x%08x".formatted(packet.bufferId()));
      return;
    }
    out.append(" data_len=").append(packet.data().size());
    if (printer.verbosity() > 0 && !packet.data().isEmpty()) {
      out.append('\n');
      int packetType = (int) packet.metadata().key().get(Field.PACKET_TYPE);
      out.append(PacketLine.format(packet.data().toArray(), packetType));
    }
    if (printer.verbosity() >= BYTES_FROM) {
      out.append(HexDump.format(packet.data().toArray(), false));
    }
  }
}
