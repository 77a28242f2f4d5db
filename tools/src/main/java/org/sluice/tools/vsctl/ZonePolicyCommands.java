package org.sluice.tools.vsctl;

import static org.sluice.tools.ctl.CtlCommand.MANY;
import static org.sluice.tools.ctl.CtlCommand.reading;
import static org.sluice.tools.ctl.CtlCommand.writing;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.CtlCommand;
import org.sluice.tools.ctl.CtlContext;
import org.sluice.tools.ctl.CtlFailure;
import org.sluice.tools.ctl.Invocation;
import org.sluice.tools.ctl.Prerequisites;

/** How long connections of a zone may be silent; what a datapath can do. Stateless. */
final class ZonePolicyCommands {
  private static final String TABLE = "CT_Timeout_Policy";
  private static final String COLUMN = "timeout_policy";

  private ZonePolicyCommands() {}

  static List<CtlCommand> all() {
    return List.of(
        writing("add-zone-tp", 3, MANY, "")
            .options("--may-exist")
            .needing(ZonePolicyCommands::prepare)
            .running(ZonePolicyCommands::add),
        writing("del-zone-tp", 2, 2, "")
            .options("--if-exists")
            .needing(ZonePolicyCommands::prepare)
            .running(ZonePolicyCommands::delete),
        reading("list-zone-tp", 1, 1, "")
            .needing(ZonePolicyCommands::prepare)
            .running(ZonePolicyCommands::list),
        reading("list-dp-cap", 1, 1, "")
            .needing((wanted, _) -> {
              wanted.add(SwitchDatabase.ROOT, "datapaths");
              wanted.add(Datapaths.TABLE, "capabilities");
            })
            .running(ZonePolicyCommands::listCapabilities));
  }

  /** What the commands on zones need to see. */
  static void prepare(Prerequisites wanted, Invocation invocation) {
    wanted.add(SwitchDatabase.ROOT, "datapaths");
    wanted.add(Datapaths.TABLE, Datapaths.ZONES, "ct_zone_default_limit");
    wanted.add(Datapaths.ZONE, COLUMN, "limit");
    wanted.add(TABLE, "timeouts");
  }

  private static long zone(String argument) {
    Long zone = argument.startsWith("zone=") ? Numbers.scan(argument.substring(5)) : null;
    if (zone == null) {
      throw new CtlFailure("invalid zone argument, %s", argument);
    }
    return zone;
  }

  private static void add(CtlContext context) {
    Invocation invocation = context.invocation();
    long number = zone(invocation.argument(1));
    Row datapath = Datapaths.get(context, invocation.argument(0));
    Row zone = Datapaths.zone(context, datapath, number);
    boolean has = zone != null && !zone.get(COLUMN).isEmpty();
    if (has && !invocation.has("--may-exist")) {
      throw new CtlFailure("zone id %d already has a policy", number);
    }
    Row policy = policy(context.draft(), timeouts(invocation.arguments(2)));
    Row changed = Datapaths.zoneOrNew(context, datapath, number);
    context.draft().set(changed, COLUMN, Datum.of(policy.uuid()));
  }

  private static Datum timeouts(List<String> arguments) {
    Map<Atom, Atom> timeouts = new TreeMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals <= 0) {
        throw new CtlFailure("invalid timeout policy, %s", argument);
      }
      long seconds = Numbers.leading(argument.substring(equals + 1));
      timeouts.put(Atom.of(argument.substring(0, equals)), Atom.of(seconds));
    }
    return Datum.ofMap(timeouts);
  }

  /** Equal policies share one row. */
  private static Row policy(Draft draft, Datum timeouts) {
    for (Row row : draft.rows(TABLE)) {
      if (row.get("timeouts").equals(timeouts)) {
        return row;
      }
    }
    return draft.set(draft.insert(TABLE), "timeouts", timeouts);
  }

  private static void delete(CtlContext context) {
    Invocation invocation = context.invocation();
    long number = zone(invocation.argument(1));
    Row datapath = Datapaths.get(context, invocation.argument(0));
    Row zone = Datapaths.zone(context, datapath, number);
    boolean has = zone != null && !zone.get(COLUMN).isEmpty();
    if (!has && !invocation.has("--if-exists")) {
      throw new CtlFailure("zone id %d does not have a policy", number);
    }
    if (zone == null) {
      return;
    }
    if (zone.get("limit").isEmpty()) {
      context.draft().deleteFrom(datapath, Datapaths.ZONES, Datum.of(number));
    } else {
      context.draft().set(zone, COLUMN, Datum.EMPTY);
    }
  }

  private static void list(CtlContext context) {
    Invocation invocation = context.invocation();
    Datum zones = Datapaths.listed(context, invocation.argument(0)).get(Datapaths.ZONES);
    for (int i = 0; i < zones.size(); i++) {
      Row zone = Datapaths.zone(context, zones.value(i));
      Row policy = context.draft().row(TABLE, zone.get(COLUMN).uuid());
      String timeouts = policy == null ? "system default" : pairs(policy.get("timeouts"));
      invocation.println("Zone:" + zones.key(i).toText() + ", Timeout Policies: " + timeouts);
    }
  }

  private static String pairs(Datum map) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < map.size(); i++) {
      out.append(i == 0 ? "" : " ").append(map.key(i).toBareText());
      out.append('=').append(map.value(i).toBareText());
    }
    return out.toString();
  }

  private static void listCapabilities(CtlContext context) {
    String type = context.invocation().argument(0);
    Row datapath = Datapaths.find(context, type);
    if (datapath == null) {
      throw new CtlFailure("datapath \"%s\" record not found", type);
    }
    context.invocation().println(pairs(datapath.get("capabilities")));
  }
}
