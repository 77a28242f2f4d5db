package org.sluice.tools.dbtool;

import java.nio.file.Path;
import java.util.List;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.storage.FileKind;
import org.sluice.tools.options.BadUsage;

/** What the tool says about clustered databases: that it knows them but has none. Stateless. */
final class Clustered {
  private static final int NOT_SO = 2;
  private static final String REFUSAL = "clustered databases are not supported";

  private Clustered() {}

  /** What ends a command or an option that is about clusters only. */
  static BadUsage refusal(String what) {
    return new BadUsage(what + ": " + REFUSAL);
  }

  /** What ends {@code db-cid}, {@code db-sid} and {@code db-local-address}. */
  static BadUsage refusalOf(List<String> arguments) throws OvsdbException {
    String file = arguments.getFirst();
    return kind(arguments) == FileKind.CLUSTERED
        ? refusal(file)
        : new BadUsage(file + ": not a clustered database");
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
