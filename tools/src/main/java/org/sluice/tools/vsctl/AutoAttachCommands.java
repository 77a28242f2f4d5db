package org.sluice.tools.vsctl;

import static org.sluice.tools.ctl.CtlCommand.reading;
import static org.sluice.tools.ctl.CtlCommand.writing;

import java.util.ArrayList;
import java.util.List;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.CtlCommand;
import org.sluice.tools.ctl.CtlContext;
import org.sluice.tools.ctl.Invocation;
import org.sluice.tools.ctl.Prerequisites;

/** Which service (I-SID) each VLAN of a bridge is attached to. Stateless. */
final class AutoAttachCommands {
  private static final String TABLE = "AutoAttach";
  private static final String COLUMN = "auto_attach";
  private static final String MAPPINGS = "mappings";

  private AutoAttachCommands() {}

  static List<CtlCommand> all() {
    return List.of(
        writing("add-aa-mapping", 3, 3, "BRIDGE ARG ARG")
            .needing(AutoAttachCommands::prepare)
            .running(AutoAttachCommands::add),
        writing("del-aa-mapping", 3, 3, "BRIDGE ARG ARG")
            .needing(AutoAttachCommands::prepare)
            .running(AutoAttachCommands::delete),
        reading("get-aa-mapping", 1, 1, "BRIDGE")
            .needing(AutoAttachCommands::prepare)
            .running(AutoAttachCommands::get));
  }

  private static void prepare(Prerequisites wanted, Invocation invocation) {
    SwitchDatabase.prepareView(wanted, invocation);
    wanted.add(SwitchDatabase.BRIDGE, COLUMN);
    wanted.add(TABLE, MAPPINGS);
  }

  private static Row bridge(CtlContext context) {
    return SwitchDraft.of(context).view().bridge(context.invocation().argument(0)).realRow();
  }

  /** The bridge's row with mappings, or null. */
  private static Row attached(CtlContext context, Row bridge) {
    return context.draft().row(TABLE, bridge.get(COLUMN).uuid());
  }

  private static void add(CtlContext context) {
    Atom service = Atom.of(Numbers.required(context.invocation().argument(1)));
    Atom vlan = Atom.of(Numbers.required(context.invocation().argument(2)));
    Row bridge = bridge(context);
    Row attached = attached(context, bridge);
    Draft draft = context.draft();
    if (attached == null) {
      attached = draft.insert(TABLE);
      draft.set(bridge, COLUMN, Datum.of(attached.uuid()));
    }
    draft.putInto(attached, MAPPINGS, Datum.ofPair(service, vlan));
  }

  /** With a mapping go all others of its service or its VLAN. */
  private static void delete(CtlContext context) {
    Atom service = Atom.of(Numbers.required(context.invocation().argument(1)));
    Atom vlan = Atom.of(Numbers.required(context.invocation().argument(2)));
    Row attached = attached(context, bridge(context));
    Datum mappings = attached == null ? Datum.EMPTY : attached.get(MAPPINGS);
    if (mappings.isEmpty() || !vlan.equals(mappings.get(service))) {
      return;
    }
    List<Atom> gone = new ArrayList<>();
    for (int i = 0; i < mappings.size(); i++) {
      if (mappings.key(i).equals(service) || mappings.value(i).equals(vlan)) {
        gone.add(mappings.key(i));
      }
    }
    context.draft().deleteFrom(attached, MAPPINGS, Datum.ofSet(gone));
  }

  private static void get(CtlContext context) {
    Row bridge = bridge(context);
    context.draft().verify(bridge, COLUMN);
    Row attached = attached(context, bridge);
    if (attached == null) {
      return;
    }
    context.draft().verify(attached, MAPPINGS);
    Datum mappings = attached.get(MAPPINGS);
    for (int i = 0; i < mappings.size(); i++) {
      context.invocation().println(mappings.key(i).toText() + " " + mappings.value(i).toText());
    }
  }
}
