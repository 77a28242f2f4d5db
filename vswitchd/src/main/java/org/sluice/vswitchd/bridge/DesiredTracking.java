package org.sluice.vswitchd.bridge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;

/**
 * What the database wants of connection tracking, zone by zone.
 *
 * @param defaultLimit connections per zone where the zone says nothing
 * @param dropsEarly whether a full table makes room by dropping a connection without an answer
 * @param gateways what is read in zones that say nothing: gateways and ports as text
 */
record DesiredTracking(
    OptionalLong defaultLimit, boolean dropsEarly, String gateways, Map<Integer, Zone> zones) {
  /** Nothing. */
  static final DesiredTracking NONE =
      new DesiredTracking(OptionalLong.empty(), false, "", Map.of());

  /** Bridges of either type share one datapath; the first that has a row counts. */
  private static final List<String> DATAPATH_TYPES = List.of("netdev", "system", "dummy");

  private static final String GATEWAYS = "ct-gateways";
  private static final long MAX_TIMEOUT_S = 0xffff_ffffL;

  /**
   * A zone.
   *
   * @param limit its connections at most
   * @param isLiberal whether TCP segments may be outside the window
   * @param picksUp whether connections whose opening was not seen are followed
   * @param gateways what is read there; null where the zone does not say
   * @param timeoutsS seconds by the policy's attributes
   */
  record Zone(
      OptionalLong limit,
      boolean isLiberal,
      boolean picksUp,
      String gateways,
      Map<String, Long> timeoutsS) {}

  /** Reads what the root says, and the rows that hang from its datapath, if any. */
  static DesiredTracking read(Snapshot database, Row root) {
    Datum more = root.get("other_config");
    String gateways = more.get(GATEWAYS);
    List<Row> rows = datapaths(database, root);
    Row datapath = rows.isEmpty() ? null : rows.getFirst();
    return new DesiredTracking(
        datapath == null ? OptionalLong.empty() : optional(datapath.get("ct_zone_default_limit")),
        "true".equals(more.get("ct-early-drop")),
        gateways == null ? "" : gateways,
        datapath == null ? Map.of() : zones(database, datapath));
  }

  /** The rows that stand for the one datapath that there is; the first has the say. */
  static List<Row> datapaths(Snapshot database, Row root) {
    Datum byType = root.get("datapaths");
    List<Row> rows = new ArrayList<>();
    for (String type : DATAPATH_TYPES) {
      Atom uuid = byType.get(Atom.of(type));
      if (uuid != null) {
        rows.add(database.row("Datapath", ((Atom.UuidAtom) uuid).value()));
      }
    }
    return rows;
  }

  private static Map<Integer, Zone> zones(Snapshot database, Row datapath) {
    Map<Integer, Zone> zones = new HashMap<>();
    Datum rows = datapath.get("ct_zones");
    for (int i = 0; i < rows.size(); i++) {
      Row row = database.row("CT_Zone", ((Atom.UuidAtom) rows.value(i)).value());
      if (row != null) {
        zones.put((int) ((Atom.IntegerAtom) rows.key(i)).value(), zone(database, row));
      }
    }
    return zones;
  }

  private static Zone zone(Snapshot database, Row row) {
    Map<String, Long> timeouts = new HashMap<>();
    for (Row policy : database.rows("CT_Timeout_Policy", row.get("timeout_policy").uuids())) {
      Datum seconds = policy.get("timeouts");
      for (int i = 0; i < seconds.size(); i++) {
        long value = ((Atom.IntegerAtom) seconds.value(i)).value();
        if (value >= 0 && value <= MAX_TIMEOUT_S) {
          timeouts.put(((Atom.StringAtom) seconds.key(i)).value(), value);
        }
      }
    }
    Datum more = row.get("external_ids");
    return new Zone(
        optional(row.get("limit")),
        "true".equals(more.get("ct-liberal")),
        !"false".equals(more.get("ct-pick-up")),
        more.get(GATEWAYS),
        timeouts);
  }

  private static OptionalLong optional(Datum datum) {
    return datum.isEmpty() ? OptionalLong.empty() : OptionalLong.of(datum.integer(0));
  }
}
