package org.sluice.tools.vsctl;

import static org.sluice.tools.ctl.CtlCommand.reading;
import static org.sluice.tools.ctl.CtlCommand.writing;

import java.util.List;
import java.util.Map;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.CtlCommand;
import org.sluice.tools.ctl.CtlContext;
import org.sluice.tools.ctl.CtlFailure;
import org.sluice.tools.ctl.Invocation;
import org.sluice.tools.ctl.Prerequisites;

/** {@code list-br}, {@code br-exists} and what else can be said of a bridge. Stateless. */
final class BridgeQueries {
  /** What the keys of a fake bridge begin with, in the port that stands for it. */
  private static final String FAKE_PREFIX = "fake-bridge-";

  private static final int NO_SUCH_BRIDGE = 2;

  private BridgeQueries() {}

  static List<CtlCommand> all() {
    return List.of(
        reading("list-br", 0, 0, "")
            .options("--real", "--fake")
            .needing(SwitchDatabase::prepareView)
            .running(BridgeQueries::list),
        reading("br-exists", 1, 1, "BRIDGE")
            .needing(SwitchDatabase::prepareView)
            .running(BridgeQueries::exists),
        reading("br-to-vlan", 1, 1, "BRIDGE")
            .needing(SwitchDatabase::prepareView)
            .running(context -> println(context, Integer.toString(bridge(context).vlan()))),
        reading("br-to-parent", 1, 1, "BRIDGE")
            .needing(SwitchDatabase::prepareView)
            .running(context -> println(context, bridge(context).real().name())),
        writing("br-set-external-id", 2, 3, "BRIDGE KEY [VALUE]")
            .needing(BridgeQueries::prepareIds)
            .running(BridgeQueries::setId),
        reading("br-get-external-id", 1, 2, "BRIDGE [KEY]")
            .needing(BridgeQueries::prepareIds)
            .running(BridgeQueries::getId));
  }

  private static SwitchView.Bridge bridge(CtlContext context) {
    return SwitchDraft.of(context).view().bridge(context.invocation().argument(0));
  }

  private static void println(CtlContext context, String text) {
    context.invocation().println(text);
  }

  private static void list(CtlContext context) {
    Invocation invocation = context.invocation();
    boolean both = invocation.has("--real") == invocation.has("--fake");
    for (SwitchView.Bridge bridge : SwitchDraft.of(context).view().bridges()) {
      if (both || bridge.isFake() == invocation.has("--fake")) {
        invocation.println(bridge.name());
      }
    }
  }

  private static void exists(CtlContext context) {
    if (SwitchDraft.of(context).view().findBridge(context.invocation().argument(0)) == null) {
      throw CtlFailure.silent(NO_SUCH_BRIDGE);
    }
  }

  private static void prepareIds(Prerequisites wanted, Invocation invocation) {
    SwitchDatabase.prepareView(wanted, invocation);
    wanted.add(SwitchDatabase.BRIDGE, "external_ids");
    wanted.add(SwitchDatabase.PORT, "external_ids");
  }

  /** The row that holds a bridge's external IDs. */
  private static Row holder(CtlContext context, SwitchView.Bridge bridge) {
    SwitchView view = SwitchDraft.of(context).view();
    return bridge.isFake() ? view.localPort(bridge).row() : bridge.realRow();
  }

  private static String prefix(SwitchView.Bridge bridge) {
    return bridge.isFake() ? FAKE_PREFIX : "";
  }

  private static void setId(CtlContext context) {
    SwitchView.Bridge bridge = bridge(context);
    Row row = holder(context, bridge);
    String key = prefix(bridge) + context.invocation().argument(1);
    String value = context.invocation().argument(2);
    if (value == null) {
      context.draft().deleteFrom(row, "external_ids", Datum.of(key));
    } else {
      context.draft().putInto(row, "external_ids", Datum.ofStringMap(Map.of(key, value)));
    }
  }

  private static void getId(CtlContext context) {
    SwitchView.Bridge bridge = bridge(context);
    Row row = holder(context, bridge);
    context.draft().verify(row, "external_ids");
    Datum ids = row.get("external_ids");
    String prefix = prefix(bridge);
    String key = context.invocation().argument(1);
    if (key == null) {
      ids.stringMap()
          .forEach((name, value) -> {
            if (name.startsWith(prefix)) {
              println(context, name.substring(prefix.length()) + "=" + value);
            }
          });
    } else if (ids.get(prefix + key) != null) {
      println(context, ids.get(prefix + key));
    }
  }
}
