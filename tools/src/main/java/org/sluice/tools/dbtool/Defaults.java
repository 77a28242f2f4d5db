package org.sluice.tools.dbtool;

import java.nio.file.Path;
import java.util.List;
import org.sluice.base.daemon.DaemonDirectories;

/** The files that commands work on where none is named. Stateless. */
final class Defaults {
  private Defaults() {}

  static Path database(DaemonDirectories directories) {
    return directories.db().resolve("conf.db");
  }

  static Path schema(DaemonDirectories directories) {
    return directories.packageData().resolve("vswitch.ovsschema");
  }

  /** The {@code i}-th argument, or the default database. */
  static Path database(List<String> arguments, int i, DaemonDirectories directories) {
    return i < arguments.size() ? Path.of(arguments.get(i)) : database(directories);
  }

  /** The {@code i}-th argument, or the default schema. */
  static Path schema(List<String> arguments, int i, DaemonDirectories directories) {
    return i < arguments.size() ? Path.of(arguments.get(i)) : schema(directories);
  }
}
