package org.sluice.tools.vsctl;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.CtlContext;

/**
 * The switch's configuration while commands change it. Used by the program's thread, for one
 * attempt.
 */
final class SwitchDraft {
  private final Draft draft;
  private final Row root;
  private final List<UUID> newInterfaces = new ArrayList<>();
  private SwitchView view;
  private int viewed = -1;

  SwitchDraft(Draft draft, Row root) {
    this.draft = draft;
    this.root = root;
  }

  /** The one of the command that is being run. */
  static SwitchDraft of(CtlContext context) {
    return context.own(SwitchDraft.class);
  }

  Draft draft() {
    return draft;
  }

  /** The row that all hangs on, as it is now. */
  Row root() {
    return draft.now(root);
  }

  /** Bridges, ports and interfaces as they are now. */
  SwitchView view() {
    if (viewed != draft.changes()) {
      view = new SwitchView(draft, root());
      viewed = draft.changes();
    }
    return view;
  }

  /** A new interface, whose set-up is checked when the switch has seen it. */
  Row insertInterface(String name) {
    Row row = draft.insert(SwitchDatabase.INTERFACE);
    newInterfaces.add(row.uuid());
    return draft.set(row, "name", Datum.of(name));
  }

  /** A new port of these interfaces, in no bridge yet. */
  Row insertPort(String name, List<Row> interfaces) {
    Row row = draft.insert(SwitchDatabase.PORT);
    draft.set(row, "name", Datum.of(name));
    return draft.set(row, "interfaces", Datum.ofUuids(interfaces.stream().map(Row::uuid).toList()));
  }

  /** The interfaces that were inserted. */
  List<UUID> newInterfaces() {
    return newInterfaces;
  }
}
