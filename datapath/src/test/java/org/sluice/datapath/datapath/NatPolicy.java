package org.sluice.datapath.datapath;

import java.util.List;
import org.sluice.datapath.conntrack.CtState;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.Packet;

/**
 * Connections from port 1 leave by port 2 under one address, and what belongs to them comes back;
 * behind the translation a second zone tracks what it left.
 */
final class NatPolicy implements Upcall {
  /** The address that everybody has outside. */
  static final int OUTSIDE = 0x0c000001;

  private static final DpAction.MarkAndLabel NONE = DpAction.MarkAndLabel.NONE;
  private static final DpAction PLAIN_LOOKUP = track(false, 7, null);
  private static final DpAction LOOKUP = track(false, 7, nat(false));
  private static final DpAction COMMIT = track(true, 7, nat(true));
  private static final DpAction SECOND_LOOKUP = track(false, 8, null);
  private static final DpAction SECOND_COMMIT = track(true, 8, null);

  private final boolean install;
  private final boolean late;

  /** With {@code late}, packets are tracked first and translated when that is done. */
  NatPolicy(boolean install, boolean late) {
    this.install = install;
    this.late = late;
  }

  private static DpAction track(boolean commit, int zone, DpAction.Nat nat) {
    return new DpAction.Track(commit, false, zone, NONE, null, nat);
  }

  private static DpAction.Nat nat(boolean source) {
    long address = source ? OUTSIDE : 0;
    int minPort = source ? 1000 : 0;
    int maxPort = source ? 1002 : 0;
    return new DpAction.Nat(source, false, 0, address, 0, address, minPort, maxPort, 0);
  }

  @Override
  public Translation miss(Packet packet, FlowKey key, long nowNs) {
    FlowMask mask = new FlowMask();
    mask.cover(Field.IN_PORT);
    mask.cover(Field.RECIRC_ID);
    mask.cover(Field.ETH_TYPE);
    mask.cover(Field.CT_STATE);
    return new Translation(actions(key), mask, install, null, null);
  }

  private List<DpAction> actions(FlowKey key) {
    boolean inside = key.get(Field.IN_PORT) == 1;
    DpAction out = new DpAction.Output(inside ? 2 : 1);
    boolean isNew = (key.get(Field.CT_STATE) & CtState.NEW) != 0;
    boolean isEstablished = (key.get(Field.CT_STATE) & CtState.ESTABLISHED) != 0;
    return switch ((int) key.get(Field.RECIRC_ID)) {
      case 0 -> List.of(late ? PLAIN_LOOKUP : LOOKUP, new DpAction.Recirculate(1));
      case 1 -> {
        if (isNew && inside) {
          yield List.of(COMMIT, SECOND_LOOKUP, new DpAction.Recirculate(2));
        }
        if (isEstablished && late) {
          yield List.of(LOOKUP, SECOND_LOOKUP, new DpAction.Recirculate(2));
        }
        yield isEstablished ? List.of(SECOND_LOOKUP, new DpAction.Recirculate(2)) : List.of();
      }
      default -> isNew ? List.of(SECOND_COMMIT, out) : List.of(out);
    };
  }

  @Override
  public void userspace(Packet packet, FlowKey key, DpAction.UserspaceReason reason, long nowNs) {
    throw new AssertionError("not part of the policy");
  }
}
