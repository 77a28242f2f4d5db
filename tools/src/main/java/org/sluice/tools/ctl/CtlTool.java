package org.sluice.tools.ctl;

import java.util.List;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.client.CommitResult;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.client.OvsdbClient;
import org.sluice.tools.options.OptionTable;

/** What makes one configuration tool of many. Called by the program's thread. */
public interface CtlTool {
  /** The program's name. */
  String name();

  /** The name of its module in logs. */
  String module();

  /** The database that it configures. */
  CtlDatabase database();

  /** Its own commands. */
  List<CtlCommand> commands(Vlog log);

  /** The part of the help text about its own commands. */
  String commandUsage();

  /** The part of the help text about its own options. */
  String optionUsage();

  /** Adds its own options. */
  void addOptions(OptionTable options);

  /** Adds what it needs to see of the database whatever the commands are. */
  void prepare(Prerequisites wanted);

  /**
   * Begins an attempt.
   *
   * @param words the command line, for the database's history
   * @return what {@link CtlContext#own} gives to commands
   */
  Object begin(Draft draft, String words);

  /**
   * Does what is left to do when the database has been changed.
   *
   * @return the program's exit status
   */
  int finish(OvsdbClient client, CommitResult.Committed committed, Object own)
      throws InterruptedException;
}
