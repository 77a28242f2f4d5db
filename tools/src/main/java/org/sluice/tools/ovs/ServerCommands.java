package org.sluice.tools.ovs;

import java.io.IOException;
import java.nio.file.Path;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.server.OvsdbServer;

/** The database server's control commands, {@code ovsdb-server/...}. Stateless. */
final class ServerCommands {
  private final OvsdbServer server;

  ServerCommands(OvsdbServer server) {
    this.server = server;
  }

  void registerIn(UnixctlCommands commands) {
    commands.register("ovsdb-server/add-db", "DB", 1, 1, this::addDatabase);
    commands.register("ovsdb-server/remove-db", "DB", 1, 1, this::removeDatabase);
    commands.register("ovsdb-server/list-dbs", "", 0, 0, _ -> lines(server.databases()));
    commands.register("ovsdb-server/add-remote", "REMOTE", 1, 1, this::addRemote);
    commands.register("ovsdb-server/remove-remote", "REMOTE", 1, 1, this::removeRemote);
    commands.register("ovsdb-server/list-remotes", "", 0, 0, _ -> lines(server.remotes()));
    commands.register("ovsdb-server/compact", "[DB]", 0, 1, this::compact);
  }

  private static UnixctlReply lines(Iterable<String> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return UnixctlReply.text(text.toString());
  }

  private UnixctlReply addDatabase(UnixctlRequest request) {
    try {
      server.addDatabase(Path.of(request.args().getFirst()));
      return UnixctlReply.NOTHING;
    } catch (IOException | OvsdbException e) {
      return UnixctlReply.error(e.getMessage());
    }
  }

  private UnixctlReply removeDatabase(UnixctlRequest request) {
    return server.removeDatabase(request.args().getFirst())
        ? UnixctlReply.NOTHING
        : UnixctlReply.error("failed to remove database " + request.args().getFirst());
  }

  private UnixctlReply addRemote(UnixctlRequest request) {
    try {
      server.addRemote(request.args().getFirst());
      return UnixctlReply.NOTHING;
    } catch (IOException | IllegalArgumentException e) {
      return UnixctlReply.error(e.getMessage());
    }
  }

  private UnixctlReply removeRemote(UnixctlRequest request) {
    try {
      return server.removeRemote(request.args().getFirst())
          ? UnixctlReply.NOTHING
          : UnixctlReply.error("no such remote");
    } catch (IOException e) {
      return UnixctlReply.error(e.getMessage());
    }
  }

  private UnixctlReply compact(UnixctlRequest request) {
    String problem = server.compact(request.args().isEmpty() ? null : request.args().getFirst());
    return problem == null ? UnixctlReply.NOTHING : UnixctlReply.error(problem);
  }
}
