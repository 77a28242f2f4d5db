package org.sluice.tools.vsctl;

import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.CtlContext;
import org.sluice.tools.ctl.CtlFailure;

/** Finds datapaths and their connection tracking zones. Stateless. */
final class Datapaths {
  static final String TABLE = "Datapath";
  static final String ZONE = "CT_Zone";
  static final String ZONES = "ct_zones";

  private Datapaths() {}

  /** The datapath of a type, or null. */
  static Row find(CtlContext context, String type) {
    Datum datapaths = SwitchDraft.of(context).root().get("datapaths");
    Atom uuid = datapaths.isEmpty() ? null : datapaths.get(Atom.of(type));
    return uuid == null ? null : context.draft().row(TABLE, Datum.of(uuid).uuid());
  }

  /** The datapath of a type, which must be there. */
  static Row get(CtlContext context, String type) {
    Row datapath = find(context, type);
    if (datapath == null) {
      throw new CtlFailure("datapath %s does not exist", type);
    }
    return datapath;
  }

  /** The datapath of a type, which must be there to be listed. */
  static Row listed(CtlContext context, String type) {
    Row datapath = find(context, type);
    if (datapath == null) {
      throw new CtlFailure("datapath: %s record not found", type);
    }
    return datapath;
  }

  /** The row of a zone, or null. */
  static Row zone(CtlContext context, Row datapath, long zone) {
    Datum zones = datapath.get(ZONES);
    Atom uuid = zones.isEmpty() ? null : zones.get(Atom.of(zone));
    return uuid == null ? null : zone(context, uuid);
  }

  /** The row that a value of the column with zones refers to. */
  static Row zone(CtlContext context, Atom uuid) {
    return context.draft().row(ZONE, Datum.of(uuid).uuid());
  }

  /** The row of a zone, made if there is none. */
  static Row zoneOrNew(CtlContext context, Row datapath, long zone) {
    Row found = zone(context, datapath, zone);
    if (found != null) {
      return found;
    }
    Row made = context.draft().insert(ZONE);
    Datum pair = Datum.ofPair(Atom.of(zone), Atom.of(made.uuid()));
    context.draft().putInto(datapath, ZONES, pair);
    return made;
  }
}
