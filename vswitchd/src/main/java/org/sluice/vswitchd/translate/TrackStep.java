package org.sluice.vswitchd.translate;

import org.sluice.datapath.datapath.DpAction;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.CtGateway;
import org.sluice.openflow.action.Nat;

/** Connection tracking as the tables ask for it. */
final class TrackStep {
  private final Walk walk;
  private final ActionWalker actions;
  private Nat nat;

  TrackStep(Walk walk, ActionWalker actions) {
    this.walk = walk;
    this.actions = actions;
  }

  /** Notes a translation that is asked for inside a ct action. */
  void remember(Nat asked) {
    nat = asked;
  }

  /** Tracks the packet; where a table is named, a copy that knows its connection goes on there. */
  void track(Ct ct, boolean last) {
    int zone = zone(ct);
    actions.committer().commit();
    DpAction.MarkAndLabel written = runOnConnection(ct, last);
    DpAction.Nat translation = nat == null ? null : translation(nat);
    walk.actions.add(
        new DpAction.Track(ct.commit(), ct.force(), zone, written, gateway(ct), translation));
    if (ct.recirculates()) {
      walk.conntracked = true;
      actions.outputs().fork(ct.table(), zone, translation);
    }
    nat = null;
    walk.clearTracking();
    walk.trace.detail(
        "Sets the packet to an untracked state, and clears all the conntrack fields.");
  }

  /** Makes the packet untracked. */
  void clear() {
    if (walk.conntracked) {
      walk.clearTracking();
      walk.actions.add(new DpAction.TrackClear());
    }
  }

  private int zone(Ct ct) {
    if (ct.zoneField() == null) {
      return ct.zone();
    }
    actions.fields().cover(ct.zoneField());
    return (int) ct.zoneField().read(walk.key);
  }

  /**
   * Runs the nested actions. What they cover of mark and label is what the commit writes; the
   * packet's own were looked at only where it is copied from.
   */
  private DpAction.MarkAndLabel runOnConnection(Ct ct, boolean last) {
    FlowMask seen = walk.mask.copy();
    FieldStep.coverSources(ct.actions(), seen);
    walk.mask.set(Field.CT_MARK, 0);
    walk.mask.set(Field.CT_LABEL, 0, 0);
    nat = null;
    actions.run(ct.actions(), last);
    long mark = walk.mask.get(Field.CT_MARK);
    long labelHigh = walk.mask.getHigh(Field.CT_LABEL);
    long labelLow = walk.mask.get(Field.CT_LABEL);
    walk.mask.set(Field.CT_MARK, seen.get(Field.CT_MARK));
    walk.mask.set(Field.CT_LABEL, seen.getHigh(Field.CT_LABEL), seen.get(Field.CT_LABEL));
    return new DpAction.MarkAndLabel(
        (int) (walk.key.get(Field.CT_MARK) & mark),
        (int) mark,
        walk.key.getHigh(Field.CT_LABEL) & labelHigh,
        walk.key.get(Field.CT_LABEL) & labelLow,
        labelHigh,
        labelLow);
  }

  private static String gateway(Ct ct) {
    CtGateway gateway = CtGateway.ofPort(ct.alg());
    return gateway == null ? null : gateway.text();
  }

  private static DpAction.Nat translation(Nat asked) {
    boolean source = asked.has(Nat.SRC);
    Nat.Addresses range = asked.addresses();
    int options = asked.flags() & ~(Nat.SRC | Nat.DST);
    if (range == null) {
      return new DpAction.Nat(
          source, asked.has(Nat.DST), 0, 0, 0, 0, asked.minPort(), asked.maxPort(), options);
    }
    return new DpAction.Nat(
        source,
        asked.has(Nat.DST),
        range.minHigh(),
        range.minLow(),
        range.maxHigh(),
        range.maxLow(),
        asked.minPort(),
        asked.maxPort(),
        options);
  }
}
