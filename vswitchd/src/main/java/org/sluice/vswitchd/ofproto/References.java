package org.sluice.vswitchd.ofproto;

import java.util.List;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.OfError;

/** Whether what actions name is there: groups and meters. Under the writer lock. */
final class References {
  private References() {}

  /** What is wrong with {@code actions}; null if nothing is. */
  static OfError check(Ofproto ofproto, List<OfAction> actions) {
    for (OfAction action : actions) {
      OfError error = check(ofproto, action);
      if (error != null) {
        return error;
      }
    }
    return null;
  }

  private static OfError check(Ofproto ofproto, OfAction action) {
    return switch (action) {
      case OfAction.Meter meter ->
          ofproto.meters().has(meter.meterId()) ? null : OfError.OFPMMFC_INVALID_METER;
      case OfAction.Group group ->
          !ofproto.tables().hasGroup(group.groupId()) ? OfError.OFPBAC_BAD_OUT_GROUP : null;
      case OfAction.WriteActions write -> check(ofproto, write.actions());
      case OfAction.Clone clone -> check(ofproto, clone.actions());
      default -> null;
    };
  }
}
