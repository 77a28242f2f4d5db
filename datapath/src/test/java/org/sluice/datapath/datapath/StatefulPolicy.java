package org.sluice.datapath.datapath;

import java.util.List;
import org.sluice.datapath.conntrack.CtState;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.Packet;

/**
 * A firewall between port 1 and port 2: connections may be opened from port 1, answers may pass,
 * anything else ends.
 */
final class StatefulPolicy implements Upcall {
  private static final DpAction.MarkAndLabel NONE = DpAction.MarkAndLabel.NONE;
  private static final DpAction LOOKUP = new DpAction.Track(false, false, 7, NONE, null, null);
  private static final DpAction COMMIT = new DpAction.Track(true, false, 7, NONE, null, null);

  private final boolean install;

  StatefulPolicy(boolean install) {
    this.install = install;
  }

  @Override
  public Translation miss(Packet packet, FlowKey key, long nowNs) {
    return translate(key, install);
  }

  static Translation translate(FlowKey key, boolean install) {
    FlowMask mask = new FlowMask();
    mask.cover(Field.IN_PORT);
    mask.cover(Field.RECIRC_ID);
    mask.cover(Field.ETH_TYPE);
    mask.cover(Field.CT_STATE);
    return new Translation(actions(key), mask, install, null, null);
  }

  private static List<DpAction> actions(FlowKey key) {
    boolean inside = key.get(Field.IN_PORT) == 1;
    DpAction out = new DpAction.Output(inside ? 2 : 1);
    long state = key.get(Field.CT_STATE);
    if (key.get(Field.RECIRC_ID) == 0) {
      return List.of(LOOKUP, new DpAction.Recirculate(1));
    }
    if ((state & CtState.ESTABLISHED) != 0) {
      return List.of(out);
    }
    return inside && (state & CtState.NEW) != 0 ? List.of(COMMIT, out) : List.of();
  }

  @Override
  public void userspace(Packet packet, FlowKey key, DpAction.UserspaceReason reason, long nowNs) {
    throw new AssertionError("not part of the policy");
  }
}
