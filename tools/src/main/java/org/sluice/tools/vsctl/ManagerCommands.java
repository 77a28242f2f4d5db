package org.sluice.tools.vsctl;

import static org.sluice.tools.ctl.CtlCommand.MANY;
import static org.sluice.tools.ctl.CtlCommand.reading;
import static org.sluice.tools.ctl.CtlCommand.writing;

import java.util.List;
import org.sluice.base.log.Vlog;
import org.sluice.tools.ctl.CtlCommand;
import org.sluice.tools.ctl.CtlContext;
import org.sluice.tools.ctl.Invocation;
import org.sluice.tools.ctl.Prerequisites;

/** Whom the database server connects to or listens for. Keeps nothing of its own. */
final class ManagerCommands {
  private static final String COLUMN = "manager_options";

  private final Targets managers;

  ManagerCommands(Vlog log) {
    this.managers = new Targets("Manager", log);
  }

  List<CtlCommand> all() {
    return List.of(
        reading("get-manager", 0, 0, "").needing(ManagerCommands::prepare).running(this::get),
        writing("del-manager", 0, 0, "").needing(ManagerCommands::prepare).running(this::delete),
        writing("set-manager", 1, MANY, "TARGET...")
            .options("--inactivity-probe=")
            .needing(ManagerCommands::prepare)
            .running(this::set));
  }

  private static void prepare(Prerequisites wanted, Invocation invocation) {
    wanted.add(SwitchDatabase.ROOT, COLUMN);
    wanted.add("Manager", "target", "inactivity_probe");
  }

  private void get(CtlContext context) {
    managers.list(context.draft(), SwitchDraft.of(context).root(), COLUMN).stream()
        .distinct()
        .forEach(context.invocation()::println);
  }

  private void delete(CtlContext context) {
    managers.delete(context.draft(), SwitchDraft.of(context).root(), COLUMN);
  }

  private void set(CtlContext context) {
    managers.replace(
        context.draft(), SwitchDraft.of(context).root(), COLUMN, context.invocation(), 0);
  }
}
