package org.sluice.tools.dbclient;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.data.JsonComplaint;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.server.OvsdbServer;
import org.sluice.ovsdb.server.ServerConfig;
import org.sluice.ovsdb.storage.DatabaseFile;

/** A server of one small database in this process. */
final class AnimalServer implements Closeable {
  static final String SCHEMA =
      """
      {"name": "animals", "version": "1.2.3", "cksum": "12 34",
       "tables": {"Animal": {"columns": {"name": {"type": "string"},
                                         "legs": {"type": "integer"},
                                         "eats": {"type": {"key": "string", "min": 0,
                                                           "max": "unlimited"}}},
                             "indexes": [["name"]]}}}\
      """;

  private final OvsdbServer server;
  private final String remote;

  private AnimalServer(OvsdbServer server, String remote) {
    this.server = server;
    this.remote = remote;
  }

  static AnimalServer start(Path directory) throws Exception {
    Path file = directory.resolve("animals.db");
    DatabaseFile.create(file, DatabaseSchema.fromJson(JsonComplaint.parse(SCHEMA)));
    VlogRegistry registry = new VlogRegistry(Clock.system(), "test", System.err);
    registry.setLevel(null, LogDestination.CONSOLE, LogLevel.ERR);
    OvsdbServer server =
        new OvsdbServer(ServerConfig.in(directory), Clock.system(), registry.vlog("ovsdb_server"));
    server.addDatabase(file);
    server.addRemote("punix:db.sock");
    return new AnimalServer(server, "unix:" + directory.resolve("db.sock"));
  }

  String remote() {
    return remote;
  }

  static String insert(String name, int legs) {
    return """
    ["animals", {"op": "insert", "table": "Animal", "row": {"name": "%s", "legs": %d}}]\
    """
        .formatted(name, legs);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
