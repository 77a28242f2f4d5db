package org.sluice.tools.dbtool;

import java.nio.file.Path;
import java.util.List;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.storage.FileKind;
import org.sluice.tools.options.BadUsage;

/** Which of the two kinds of files one is, and what is done with one only. Stateless. */
final class Clustered {
  private static final int NOT_SO = 2;
  private static final String REFUSAL = "clustered databases are not supported";

  private Clustered() {}

  /** What ends a command that would have to understand a cluster's log. */
  static BadUsage refusal(String what) {
    return new BadUsage(what + ": " + REFUSAL);
  }

  static int isClustered(List<String> arguments) throws OvsdbException {
    return kind(arguments) == FileKind.CLUSTERED ? 0 : NOT_SO;
  }

  static int isStandalone(List<String> arguments) throws OvsdbException {
    return kind(arguments) == FileKind.STANDALONE ? 0 : NOT_SO;
  }

  private static FileKind kind(List<String> arguments) throws OvsdbException {
    return FileKind.of(Path.of(arguments.getFirst()));
  }
}
