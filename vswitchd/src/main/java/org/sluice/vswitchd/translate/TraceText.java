package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.OfAction;

/** How a trace writes things. */
final class TraceText {
  private TraceText() {}

  static String action(OfAction action) {
    return action.toString();
  }

  static String actions(List<OfAction> actions) {
    return actions.toString();
  }

  static String slice(FieldSlice slice) {
    return slice.toString();
  }

  static String value(FieldSlice slice, FlowKey key) {
    return "0x" + Long.toHexString(slice.read(key));
  }

  static String table(int table, TableStep.Found found) {
    return table + ". " + found;
  }
}
