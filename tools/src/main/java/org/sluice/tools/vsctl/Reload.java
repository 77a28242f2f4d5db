package org.sluice.tools.vsctl;

import java.nio.file.Path;
import java.util.UUID;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.ovsdb.client.CommitResult;
import org.sluice.ovsdb.client.OvsdbClient;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.Terminal;

/**
 * Waits until the switch runs what was configured, and says which new interfaces it could not set
 * up. Used by the main thread.
 */
final class Reload {
  private static final int BAD_DATA = 65;

  private final OvsdbClient client;
  private final CommitResult.Committed committed;
  private final Terminal terminal;

  Reload(OvsdbClient client, CommitResult.Committed committed, Terminal terminal) {
    this.client = client;
    this.committed = committed;
    this.terminal = terminal;
  }

  /** Waits; returns the program's exit status. */
  int await(SwitchDraft configured) throws InterruptedException {
    // The configuration is in the database now; a server that restarts is waited for.
    client.keepReconnecting();
    Snapshot now = client.snapshot();
    while (!runs(now)) {
      now = client.awaitChange(now, Long.MAX_VALUE);
    }
    return check(now, configured);
  }

  private boolean runs(Snapshot snapshot) {
    return snapshot.rows(SwitchDatabase.ROOT).stream()
        .anyMatch(root -> root.get("cur_cfg").integer(0) >= committed.incremented());
  }

  private int check(Snapshot snapshot, SwitchDraft configured) {
    boolean failed = false;
    for (UUID uuid : configured.newInterfaces()) {
      Row row = snapshot.row(SwitchDatabase.INTERFACE, committed.inserted().get(uuid));
      if (row != null && row.get("ofport").integer(-1) == -1) {
        failed = true;
        report(row);
      }
    }
    if (!failed) {
      return 0;
    }
    Path logs = DaemonDirectories.fromEnvironment(System.getenv()).log();
    say("The default log directory is \"" + logs + "\".");
    return BAD_DATA;
  }

  private void report(Row row) {
    String error = row.get("error").string();
    String why = error == null || error.isEmpty() ? "" : ": " + error;
    say(
        "Error detected while setting up '%s'%s.  See ovs-vswitchd log for details."
            .formatted(row.get("name").string(), why));
  }

  private void say(String text) {
    terminal.complain(VsctlTool.NAME + ": " + text);
  }
}
