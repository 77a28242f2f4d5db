package org.sluice.openflow.text;

import java.util.StringJoiner;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.PacketIn;

/** The {@code controller(...)} action. Used by one thread. */
final class ControllerText {
  private static final int REASON_ACTION = 1;

  private int reason = REASON_ACTION;
  private int maxBytes = OfAction.Controller.NO_LIMIT;
  private int id;
  private Bytes userdata = Bytes.EMPTY;
  private boolean hasUserdata;
  private boolean pause;
  private int meter = OfAction.Controller.NO_METER;

  private ControllerText() {}

  static OfAction parse(String value) throws OfSyntaxException {
    ControllerText parsed = new ControllerText();
    if (value.matches("[0-9]+")) {
      parsed.maxBytes = Numbers.u16(value, "max_len");
    } else {
      parsed.parsePairs(value);
    }
    return parsed.action();
  }

  private void parsePairs(String value) throws OfSyntaxException {
    KeyValues pairs = new KeyValues(value);
    while (pairs.next()) {
      switch (pairs.key()) {
        case "reason" -> reason = reason(pairs.value());
        case "max_len" -> maxBytes = Numbers.u16(pairs.value(), "max_len");
        case "id" -> id = Numbers.u16(pairs.value(), "id");
        case "userdata" -> {
          userdata =
              HexText.parse(pairs.value(), "bad hex digit in `controller' action `userdata'");
          hasUserdata = true;
        }
        case "pause" -> pause = true;
        case "meter_id" -> meter = Numbers.u32(pairs.value());
        default ->
            throw new OfSyntaxException(
                "unknown key \"" + pairs.key() + "\" parsing controller action");
      }
    }
  }

  private static int reason(String text) throws OfSyntaxException {
    for (PacketIn.Reason reason : PacketIn.Reason.values()) {
      if (reason.text().equals(text)) {
        return reason.number();
      }
    }
    throw new OfSyntaxException("unknown reason \"" + text + "\"");
  }

  private OfAction action() {
    boolean plain = reason == REASON_ACTION && id == 0 && !hasUserdata && !pause;
    if (plain && meter == OfAction.Controller.NO_METER) {
      return new OfAction.Output(OfPort.CONTROLLER, maxBytes);
    }
    return new OfAction.Controller(
        maxBytes, reason, id, new OfAction.Controller.Options(userdata, pause, meter));
  }

  static String format(OfAction.Controller action) {
    OfAction.Controller.Options options = action.options();
    boolean plain = action.reason() == REASON_ACTION && action.controllerId() == 0;
    if (plain && options.equals(OfAction.Controller.Options.NONE)) {
      return "CONTROLLER:" + action.maxBytes();
    }
    StringJoiner parts = new StringJoiner(",", "controller(", ")");
    if (action.reason() != REASON_ACTION) {
      parts.add("reason=" + reasonText(action.reason()));
    }
    if (action.maxBytes() != OfAction.Controller.NO_LIMIT) {
      parts.add("max_len=" + action.maxBytes());
    }
    if (action.controllerId() != 0) {
      parts.add("id=" + action.controllerId());
    }
    if (!options.userdata().isEmpty()) {
      parts.add("userdata=" + options.userdata().hex("."));
    }
    if (options.pause()) {
      parts.add("pause");
    }
    if (options.meterId() != OfAction.Controller.NO_METER) {
      parts.add("meter_id=" + Integer.toUnsignedString(options.meterId()));
    }
    return parts.toString();
  }

  private static String reasonText(int reason) {
    PacketIn.Reason known = PacketIn.Reason.ofNumber(reason);
    return known == null ? Integer.toString(reason) : known.text();
  }
}
