package org.sluice.tools.vsctl;

import java.util.ArrayList;
import java.util.List;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.client.CommitResult;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.client.OvsdbClient;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.CtlCommand;
import org.sluice.tools.ctl.CtlDatabase;
import org.sluice.tools.ctl.CtlTool;
import org.sluice.tools.ctl.Prerequisites;
import org.sluice.tools.ctl.Terminal;
import org.sluice.tools.options.OptionTable;

/** What makes {@code ovs-vsctl} of a configuration tool. Used by the main thread. */
final class VsctlTool implements CtlTool {
  static final String NAME = "ovs-vsctl";

  private final DatabaseSchema schema = ShippedSchemas.openVswitch();
  private final CtlDatabase database =
      new CtlDatabase(schema, SwitchDatabase.ROW_NAMES, SwitchDatabase.SHOWN);
  private final Terminal terminal;
  private boolean waits = true;

  VsctlTool(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String module() {
    return "vsctl";
  }

  @Override
  public CtlDatabase database() {
    return database;
  }

  @Override
  public List<CtlCommand> commands(Vlog log) {
    List<CtlCommand> commands = new ArrayList<>();
    commands.add(CtlCommand.writing("init", 0, 0, ""));
    commands.addAll(BridgeCommands.all());
    commands.addAll(BridgeQueries.all());
    commands.addAll(PortCommands.all());
    commands.addAll(BondCommands.all());
    commands.addAll(PortQueries.all());
    commands.addAll(new ControllerCommands(log).all());
    commands.addAll(new ManagerCommands(log).all());
    commands.addAll(SslCommands.all());
    commands.addAll(AutoAttachCommands.all());
    commands.add(EmergencyReset.command());
    commands.addAll(ZonePolicyCommands.all());
    commands.addAll(ZoneLimitCommands.all());
    return commands;
  }

  @Override
  public String commandUsage() {
    return VsctlUsage.COMMANDS;
  }

  @Override
  public String optionUsage() {
    return "  --no-wait                   do not wait for ovs-vswitchd to reconfigure\n";
  }

  @Override
  public void addOptions(OptionTable options) {
    options.flag("no-wait", () -> waits = false);
  }

  @Override
  public void prepare(Prerequisites wanted) {
    wanted.add(SwitchDatabase.ROOT);
    if (waits) {
      wanted.add(SwitchDatabase.ROOT, "cur_cfg");
    }
  }

  @Override
  public SwitchDraft begin(Draft draft, String words) {
    draft.comment(NAME + " (invoked by " + ParentProcess.describe() + "): " + words);
    List<Row> roots = draft.rows(SwitchDatabase.ROOT);
    Row root = roots.isEmpty() ? draft.insert(SwitchDatabase.ROOT) : roots.getFirst();
    if (waits) {
      draft.increment(root, "next_cfg");
    }
    return new SwitchDraft(draft, root);
  }

  @Override
  public int finish(OvsdbClient client, CommitResult.Committed committed, Object own)
      throws InterruptedException {
    return waits ? new Reload(client, committed, terminal).await((SwitchDraft) own) : 0;
  }
}
