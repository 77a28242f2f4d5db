package org.sluice.tools.ctl;

import java.util.List;
import java.util.Map;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.client.CommitResult;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.client.OvsdbClient;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.tools.table.JsonPrinter;
import org.sluice.tools.table.TablePrinter;

/**
 * Runs all commands of a command line as one transaction, as often as it takes. Used by the
 * program's thread.
 */
final class Transaction {
  private static final CommitResult.Committed NOTHING_CHANGED =
      new CommitResult.Committed(Map.of(), -1);

  private final CtlTool tool;
  private final OvsdbClient client;
  private final Vlog log;
  private CommitResult.Committed committed;
  private boolean changed;
  private Attempt attempt;

  Transaction(CtlTool tool, OvsdbClient client, Vlog log) {
    this.tool = tool;
    this.client = client;
    this.log = log;
  }

  /**
   * Runs the commands on one snapshot and commits what they did.
   *
   * @param words the command line, for the database's history
   * @return false if it has to be tried again with a newer snapshot
   */
  boolean attempt(Snapshot basis, List<Invocation> invocations, String words, boolean dryRun) {
    Draft draft = new Draft(tool.database().schema(), basis);
    attempt = new Attempt(tool.database(), draft, tool.begin(draft, words), log);
    invocations.forEach(Invocation::restart);
    for (Invocation invocation : invocations) {
      invocation.command().run(new CtlContext(attempt, invocation));
      if (attempt.isToBeTriedAgain()) {
        return false;
      }
    }
    attempt.symbols().check(log);
    if (dryRun) {
      draft.dryRun();
    }
    if (!commit(draft)) {
      return false;
    }
    invocations.forEach(
        each -> each.command().finish(new CommittedContext(each, committed.inserted())));
    return true;
  }

  private boolean commit(Draft draft) {
    return switch (client.commit(draft.toEdit())) {
      case CommitResult.Committed result -> {
        committed = result;
        changed = true;
        yield true;
      }
      case CommitResult.Unchanged _ -> {
        committed = NOTHING_CHANGED;
        yield true;
      }
      case CommitResult.TryAgain _, CommitResult.Disconnected _ -> false;
      case CommitResult.NotLocked _ -> throw new CtlFailure("database not locked");
      case CommitResult.Failed(OvsdbError error) -> refused(error, draft);
    };
  }

  /** What was not allowed may be so because of what somebody else has done just before. */
  private boolean refused(OvsdbError error, Draft draft) {
    boolean stale = client.snapshot().number() > draft.basis().number();
    if (stale && error.tag().equals("constraint violation")) {
      return false;
    }
    throw new CtlFailure("transaction error: %s", JsonPrinter.compact(error.toJson()));
  }

  /** What the commands print. */
  String output(List<Invocation> invocations, CtlOptions options) {
    StringBuilder out = new StringBuilder();
    TablePrinter printer = new TablePrinter(options.tableStyle());
    for (Invocation invocation : invocations) {
      if (invocation.table() != null) {
        out.append(printer.print(invocation.table()));
      } else if (options.isOneline()) {
        out.append(oneLine(invocation.output())).append('\n');
      } else {
        out.append(invocation.output());
      }
    }
    return out.toString();
  }

  private static String oneLine(StringBuilder output) {
    int end = output.length();
    boolean ends = end > 0 && output.charAt(end - 1) == '\n';
    return output.substring(0, ends ? end - 1 : end).replace("\\", "\\\\").replace("\n", "\\n");
  }

  /** Waits for what the tool waits for; returns the exit status. */
  int finish() throws InterruptedException {
    return changed ? tool.finish(client, committed, attempt.own()) : 0;
  }
}
