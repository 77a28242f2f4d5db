package org.sluice.tools.dbtool;

import java.nio.file.Path;
import java.util.List;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.storage.FileKind;

/** Which of the two kinds of files one is. Stateless. */
final class Clustered {
  private static final int NOT_SO = 2;

  private Clustered() {}

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
