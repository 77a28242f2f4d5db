package org.sluice.tools.dbtool;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.sluice.base.clock.Clock;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.ovsdb.data.JsonComplaint;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.SchemaFile;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.storage.DatabaseRewrite;
import org.sluice.ovsdb.storage.OfflineTransaction;
import org.sluice.ovsdb.transaction.SchemaConversion;
import org.sluice.tools.options.BadUsage;
import org.sluice.tools.ovs.OvsVersion;
import org.sluice.tools.table.JsonPrinter;

/** The commands that make, rewrite or change a database. Used by the main thread. */
final class FileCommands {
  private final DaemonDirectories directories;
  private final Clock clock;
  private final String role;
  private final PrintStream out;

  FileCommands(DaemonDirectories directories, Clock clock, String role, PrintStream out) {
    this.directories = directories;
    this.out = out;
    this.clock = clock;
    this.role = role;
  }

  int create(List<String> arguments) throws IOException, OvsdbException {
    DatabaseSchema schema = SchemaFile.read(Defaults.schema(arguments, 1, directories));
    DatabaseFile.create(Defaults.database(arguments, 0, directories), schema);
    return 0;
  }

  int compact(List<String> arguments) throws IOException, OvsdbException {
    String comment = "compacted by ovsdb-tool " + OvsVersion.TEXT;
    rewrite(arguments, 1).run(database -> database, comment, clock.wallMs());
    return 0;
  }

  int convert(List<String> arguments) throws IOException, OvsdbException {
    DatabaseSchema schema = SchemaFile.read(Defaults.schema(arguments, 1, directories));
    String comment = "converted by ovsdb-tool " + OvsVersion.TEXT;
    rewrite(arguments, 2)
        .run(database -> SchemaConversion.convert(database, schema), comment, clock.wallMs());
    return 0;
  }

  private DatabaseRewrite rewrite(List<String> arguments, int target) {
    Path from = Defaults.database(arguments, 0, directories);
    return arguments.size() > target
        ? DatabaseRewrite.to(from, Path.of(arguments.get(target)))
        : DatabaseRewrite.inPlace(from);
  }

  int query(List<String> arguments) throws IOException, OvsdbException {
    return print(offline(arguments).query());
  }

  int transact(List<String> arguments) throws IOException, OvsdbException {
    return print(offline(arguments).transact(clock.wallMs()));
  }

  private OfflineTransaction offline(List<String> arguments) {
    boolean named = arguments.size() > 1;
    Path path = named ? Path.of(arguments.getFirst()) : Defaults.database(directories);
    return new OfflineTransaction(path, json(arguments.getLast()), role);
  }

  private static JsonNode json(String text) {
    try {
      return JsonComplaint.parse(text);
    } catch (JsonComplaint e) {
      throw new BadUsage("\"" + text + "\": " + e.getMessage());
    }
  }

  private int print(JsonNode json) {
    out.println(JsonPrinter.compact(json));
    return 0;
  }
}
