package org.sluice.bench.ovsdb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sluice.bench.contest.ServerProcess;

/**
 * A server that is a program: Debian's, or this one.
 *
 * @param name what results call it
 * @param command the program and what precedes its arguments
 */
record DatabasePeer(String name, List<String> command) {
  /** The one of the installation that this program is part of. */
  static DatabasePeer ours() throws IOException {
    return new DatabasePeer("sluice", ServerProcess.ours("ovsdb-server"));
  }

  /** Debian's. */
  static DatabasePeer installed() throws IOException {
    String program = ServerProcess.installed("ovsdb-server", "openvswitch-switch");
    return new DatabasePeer("ovsdb-server", List.of(program));
  }

  /** Starts it with one database file; it may listen at {@code socket} a little later. */
  ServerProcess start(Path file, Path socket) throws IOException {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of("--unixctl=none", "-vconsole:warn", "--remote=punix:" + socket));
    words.add(file.toString());
    return ServerProcess.start(words, file.getParent(), name + ".log", Map.of());
  }
}
