package org.sluice.openflow.text;

import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.Learn;
import org.sluice.openflow.action.Nat;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.action.OptionBits;
import org.sluice.openflow.text.Colors.Ink;

/** Writes action lists as {@code ovs-ofctl dump-flows} does. */
public final class ActionFormatter {
  private final Names names;

  /** Shows ports and tables by these names. */
  public ActionFormatter(Names names) {
    this.names = names;
  }

  Names names() {
    return names;
  }

  /** The list as text; {@code drop} for an empty one. */
  public String format(List<OfAction> actions) {
    if (actions.isEmpty()) {
      return paint(Ink.DROP, "drop");
    }
    StringJoiner joiner = new StringJoiner(",");
    actions.forEach(action -> joiner.add(format(action)));
    return joiner.toString();
  }

  /** One action as text. */
  public String format(OfAction action) {
    return switch (action) {
      case Ct ct -> CtText.format(ct, this);
      case Nat nat -> leaf(CtText.formatNat(nat));
      case Learn learn -> leaf(LearnText.format(learn, names));
      case OfAction.Clone(List<OfAction> actions) -> envelope("clone(", actions);
      case OfAction.WriteActions(List<OfAction> actions) -> envelope("write_actions(", actions);
      case OfAction.Output(int port, int maxBytes) when port == OfPort.CONTROLLER ->
          names.portText(port) + ":" + maxBytes;
      // One text, several actions.
      case OfAction.RegLoad load when load.target().bits() > Long.SIZE ->
          String.join(",", Stream.of(formatSimple(load).split(",", -1)).map(this::leaf).toList());
      case OfAction.Simple simple -> leaf(formatSimple(simple));
    };
  }

  String leaf(String text) {
    return names.painter().action(text);
  }

  String paint(Ink ink, String text) {
    return names.painter().paint(ink, text);
  }

  private String envelope(String begin, List<OfAction> actions) {
    return paint(Ink.PARENTHESIS, begin) + format(actions) + paint(Ink.PARENTHESIS, ")");
  }

  private String formatSimple(OfAction.Simple action) {
    return switch (action) {
      case OfAction.Output(int port, int maxBytes) -> output(port);
      case OfAction.OutputField(FieldSlice source, int maxBytes) ->
          "output:" + SliceText.format(source);
      case OfAction.OutputTruncated(int port, int maxBytes) ->
          "output(port=%s,max_len=%s)"
              .formatted(names.portText(port), Integer.toUnsignedString(maxBytes));
      case OfAction.Controller controller -> ControllerText.format(controller);
      case OfAction.Enqueue(int port, int queue) ->
          "enqueue:" + names.portText(port) + ":" + Integer.toUnsignedString(queue);
      case OfAction.Group(int id) -> "group:" + Integer.toUnsignedString(id);
      case OfAction.Bundle bundle -> HashActionText.formatBundle(bundle, names);
      case OfAction.Multipath multipath -> HashActionText.formatMultipath(multipath);
      case OfAction.Sample sample -> SampleText.format(sample, names);
      case OfAction.Resubmit resubmit -> resubmit(resubmit);
      case OfAction.GotoTable(int table) -> "goto_table:" + names.tableText(table);
      case OfAction.SetField set -> setField(set);
      case OfAction.SetOption(Field option, OptionBits bits) ->
          "set_field:" + bits + "->" + option.text();
      default -> formatPlain(action);
    };
  }

  private String output(int port) {
    String shown = names.portText(port);
    return port < OfPort.MAX ? "output:" + shown : shown;
  }

  private String resubmit(OfAction.Resubmit resubmit) {
    boolean samePort = resubmit.inPort() == OfPort.IN_PORT;
    boolean sameTable = resubmit.table() == OfAction.Resubmit.CURRENT_TABLE;
    if (!samePort && sameTable) {
      return "resubmit:" + names.portText(resubmit.inPort());
    }
    return "resubmit("
        + (samePort ? "" : names.portText(resubmit.inPort()))
        + ","
        + (sameTable ? "" : names.tableText(resubmit.table()))
        + (resubmit.withCtTuple() ? ",ct)" : ")");
  }

  private String setField(OfAction.SetField set) {
    FieldValue value = new FieldValue(set.high(), set.low(), set.maskHigh(), set.maskLow());
    return "set_field:" + FieldText.format(set.field(), value, names) + "->" + set.field().text();
  }

  private static String formatPlain(OfAction.Simple action) {
    String text = HeaderActionFormatter.format(action);
    return text != null ? text : formatOther(action);
  }

  private static String formatOther(OfAction.Simple action) {
    return switch (action) {
      case OfAction.StackPush(FieldSlice source) -> "push:" + SliceText.format(source);
      case OfAction.StackPop(FieldSlice target) -> "pop:" + SliceText.format(target);
      case OfAction.CtClear clear -> "ct_clear";
      case OfAction.FinTimeout(int idle, int hard) -> finTimeout(idle, hard);
      case OfAction.Conjunction(int id, int clause, int clauses) ->
          "conjunction(%s,%d/%d)".formatted(Integer.toUnsignedString(id), clause + 1, clauses);
      case OfAction.Note note -> "note:" + note.content().hex(".");
      case OfAction.Exit exit -> "exit";
      case OfAction.CheckPacketLarger(int bytes, FieldSlice target) ->
          "check_pkt_larger(" + bytes + ")->" + SliceText.format(target);
      case OfAction.DeleteField(Field field) -> "delete_field:" + field.text();
      case OfAction.Encap encap -> EncapText.format(encap);
      case OfAction.Decap decap -> decap(decap.packetType());
      case OfAction.Meter(int id) -> "meter:" + Integer.toUnsignedString(id);
      case OfAction.ClearActions clear -> "clear_actions";
      case OfAction.WriteMetadata(long value, long mask) ->
          "write_metadata:"
              + Numbers.sharpHex(value)
              + (mask == -1L ? "" : "/" + Numbers.sharpHex(mask));
      default -> throw new IllegalStateException("no text for " + action);
    };
  }

  private static String finTimeout(int idle, int hard) {
    StringJoiner parts = new StringJoiner(",", "fin_timeout(", ")");
    if (idle != 0) {
      parts.add("idle_timeout=" + idle);
    }
    if (hard != 0) {
      parts.add("hard_timeout=" + hard);
    }
    return parts.toString();
  }

  private static String decap(int packetType) {
    return packetType == OfAction.Decap.ANY_TYPE
        ? "decap()"
        : "decap(packet_type(ns=%d,type=%s))"
            .formatted(packetType >>> 16, Numbers.sharpHex(packetType & 0xffff));
  }
}
