package org.sluice.tools.vsctl;

import static org.sluice.tools.ctl.CtlCommand.reading;
import static org.sluice.tools.ctl.CtlCommand.writing;

import java.util.List;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.CtlCommand;
import org.sluice.tools.ctl.CtlContext;
import org.sluice.tools.ctl.CtlFailure;
import org.sluice.tools.ctl.Invocation;

/** How many connections a zone may have. Stateless. */
final class ZoneLimitCommands {
  private static final String DEFAULT = "default";
  private static final String DEFAULT_LIMIT = "ct_zone_default_limit";
  private static final String LIMIT = "limit";
  private static final long LARGEST_LIMIT = 0xffff_ffffL;
  private static final long LAST_ZONE = 0xffff;

  private ZoneLimitCommands() {}

  static List<CtlCommand> all() {
    return List.of(
        writing("set-zone-limit", 3, 3, "ARG ARG ARG")
            .needing(ZonePolicyCommands::prepare)
            .running(ZoneLimitCommands::set),
        writing("del-zone-limit", 2, 2, "ARG ARG")
            .options("--if-exists")
            .needing(ZonePolicyCommands::prepare)
            .running(ZoneLimitCommands::delete),
        reading("list-zone-limits", 1, 1, "ARG")
            .needing(ZonePolicyCommands::prepare)
            .running(ZoneLimitCommands::list));
  }

  /** The zone; null for the default. */
  private static Long zone(String argument) {
    Long zone = Numbers.scan(argument);
    if (zone == null && !argument.equals(DEFAULT)) {
      throw new CtlFailure("invalid zone id, %s", argument);
    }
    return zone;
  }

  private static void set(CtlContext context) {
    Invocation invocation = context.invocation();
    Long number = zone(invocation.argument(1));
    Long limit = Numbers.scan(invocation.argument(2));
    if (limit == null) {
      throw new CtlFailure("invalid limit, %s", invocation.argument(2));
    }
    Row datapath = Datapaths.get(context, invocation.argument(0));
    if (limit < 0 || limit > LARGEST_LIMIT) {
      throw new CtlFailure("limit (%d) out of range", limit);
    }
    if (number == null) {
      context.draft().set(datapath, DEFAULT_LIMIT, Datum.of(limit));
      return;
    }
    if (number < 0 || number > LAST_ZONE) {
      throw new CtlFailure("zone_id (%d) out of range", number);
    }
    Row zone = Datapaths.zoneOrNew(context, datapath, number);
    context.draft().set(zone, LIMIT, Datum.of(limit));
  }

  private static void delete(CtlContext context) {
    Invocation invocation = context.invocation();
    Long number = zone(invocation.argument(1));
    Row datapath = Datapaths.get(context, invocation.argument(0));
    boolean must = !invocation.has("--if-exists");
    if (number == null) {
      if (must && datapath.get(DEFAULT_LIMIT).isEmpty()) {
        throw new CtlFailure("datapath %s does not have a limit", invocation.argument(0));
      }
      context.draft().set(datapath, DEFAULT_LIMIT, Datum.EMPTY);
      return;
    }
    Row zone = Datapaths.zone(context, datapath, number);
    if (must && (zone == null || zone.get(LIMIT).isEmpty())) {
      throw new CtlFailure("zone_id %d does not have a limit", number);
    }
    if (zone != null) {
      delete(context, datapath, number, zone);
    }
  }

  private static void delete(CtlContext context, Row datapath, long number, Row zone) {
    if (zone.get("timeout_policy").isEmpty()) {
      context.draft().deleteFrom(datapath, Datapaths.ZONES, Datum.of(number));
    } else {
      context.draft().set(zone, LIMIT, Datum.EMPTY);
    }
  }

  private static void list(CtlContext context) {
    Invocation invocation = context.invocation();
    Row datapath = Datapaths.listed(context, invocation.argument(0));
    Datum limit = datapath.get(DEFAULT_LIMIT);
    if (!limit.isEmpty()) {
      invocation.println("Default, Limit: " + limit.integer(0));
    }
    Datum zones = datapath.get(Datapaths.ZONES);
    for (int i = 0; i < zones.size(); i++) {
      Datum own = Datapaths.zone(context, zones.value(i)).get(LIMIT);
      if (!own.isEmpty()) {
        invocation.println("Zone: " + zones.key(i).toText() + ", Limit: " + own.integer(0));
      }
    }
  }
}
