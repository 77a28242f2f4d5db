package org.sluice.tools.dbtool;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.SchemaFile;
import org.sluice.ovsdb.schema.SchemaVersion;
import org.sluice.ovsdb.storage.ClusterHeader;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.storage.FileKind;
import org.sluice.tools.options.BadUsage;

/** The commands that only look at schemas. Used by the main thread. */
final class SchemaCommands {
  private static final int NOT_SO = 2;

  private final DaemonDirectories directories;
  private final PrintStream out;

  SchemaCommands(DaemonDirectories directories, PrintStream out) {
    this.directories = directories;
    this.out = out;
  }

  int databaseName(List<String> arguments) throws IOException, OvsdbException {
    Path path = Defaults.database(arguments, 0, directories);
    return print(
        FileKind.of(path) == FileKind.CLUSTERED
            ? ClusterHeader.read(path).name()
            : ofDatabase(arguments).name());
  }

  int databaseVersion(List<String> arguments) throws IOException, OvsdbException {
    return print(ofDatabase(arguments).version());
  }

  int databaseChecksum(List<String> arguments) throws IOException, OvsdbException {
    return print(ofDatabase(arguments).checksum());
  }

  int schemaName(List<String> arguments) throws OvsdbException {
    return print(ofFile(arguments, 0).name());
  }

  int schemaVersion(List<String> arguments) throws OvsdbException {
    return print(ofFile(arguments, 0).version());
  }

  int schemaChecksum(List<String> arguments) throws OvsdbException {
    return print(ofFile(arguments, 0).checksum());
  }

  int needsConversion(List<String> arguments) throws IOException, OvsdbException {
    DatabaseSchema present = ofDatabase(arguments);
    return print(present.isSameAs(ofFile(arguments, 1)) ? "no" : "yes");
  }

  private DatabaseSchema ofDatabase(List<String> arguments) throws IOException, OvsdbException {
    return DatabaseFile.readSchema(Defaults.database(arguments, 0, directories));
  }

  private DatabaseSchema ofFile(List<String> arguments, int i) throws OvsdbException {
    return SchemaFile.read(Defaults.schema(arguments, i, directories));
  }

  static int compareVersions(List<String> arguments) {
    int order = version(arguments.get(0)).compareTo(version(arguments.get(2)));
    String operator = arguments.get(1);
    boolean holds =
        switch (operator) {
          case "<" -> order < 0;
          case "<=" -> order <= 0;
          case "==" -> order == 0;
          case ">=" -> order >= 0;
          case ">" -> order > 0;
          case "!=" -> order != 0;
          default -> throw new BadUsage(operator + ": not a relational operator");
        };
    return holds ? 0 : NOT_SO;
  }

  private static SchemaVersion version(String text) {
    SchemaVersion version = SchemaVersion.parse(text);
    if (version == null) {
      throw new BadUsage(text + ": not an OVSDB version number in format x.y.z");
    }
    return version;
  }

  private int print(String line) {
    out.println(line);
    return 0;
  }
}
