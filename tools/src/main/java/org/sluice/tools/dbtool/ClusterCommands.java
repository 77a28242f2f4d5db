package org.sluice.tools.dbtool;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.data.Identifiers;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.storage.ClusterAddress;
import org.sluice.ovsdb.storage.ClusterContents;
import org.sluice.ovsdb.storage.ClusterFile;
import org.sluice.ovsdb.storage.ClusterHeader;
import org.sluice.ovsdb.storage.FileKind;
import org.sluice.ovsdb.storage.StandaloneCopy;
import org.sluice.tools.options.BadUsage;

/**
 * The commands that make the file of a cluster's member, and that look into one. Used by the main
 * thread.
 */
final class ClusterCommands {
  private static final int NOT_KNOWN = 2;
  private static final long MIN_ELECTION_MS = 100;
  private static final long MAX_ELECTION_MS = 600_000;

  private final Clock clock;
  private final Vlog log;
  private final PrintStream out;
  private final PrintStream err;
  private UUID clusterId;
  private long electionMs;

  ClusterCommands(Clock clock, Vlog log, PrintStream out, PrintStream err) {
    this.clock = clock;
    this.log = log;
    this.out = out;
    this.err = err;
  }

  /** Takes {@code --cid}. */
  void clusterId(String text) {
    clusterId = Uuids.parse(text);
    if (clusterId == null || clusterId.equals(Uuids.ZERO)) {
      throw new BadUsage(text + ": not a valid UUID");
    }
  }

  /** Takes {@code --election-timer}; what is no number is too small. */
  void electionTimer(String text) {
    electionMs = text.matches("[0-9]{1,9}") ? Long.parseLong(text) : -1;
  }

  int create(List<String> arguments) throws IOException, OvsdbException {
    String local = arguments.get(2);
    ClusterContents contents = ClusterContents.read(Path.of(arguments.get(1)), clock.wallMs(), log);
    ClusterAddress.require(local);
    if (electionMs != 0 && (electionMs < MIN_ELECTION_MS || electionMs > MAX_ELECTION_MS)) {
      throw failed(
          "election timer must be between %d and %d, in msec."
              .formatted(MIN_ELECTION_MS, MAX_ELECTION_MS));
    }
    new ClusterFile(UUID.randomUUID(), UUID.randomUUID(), contents.name(), local)
        .found(Path.of(arguments.getFirst()), contents, electionMs);
    return 0;
  }

  int join(List<String> arguments) throws IOException, OvsdbException {
    String name = arguments.get(1);
    String local = arguments.get(2);
    List<String> remotes = arguments.subList(3, arguments.size());
    if (!Identifiers.isId(name)) {
      throw new BadUsage(
          name
              + ": not a valid schema name (use \"schema-name\" command to find the correct name)");
    }
    ClusterAddress.require(local);
    for (String remote : remotes) {
      ClusterAddress.require(remote);
    }
    if (remotes.contains(local)) {
      throw failed("remote addresses cannot be the same as the local address");
    }
    new ClusterFile(UUID.randomUUID(), clusterId, name, local)
        .join(Path.of(arguments.getFirst()), remotes);
    return 0;
  }

  private static OvsdbException failed(String text) {
    return OvsdbError.of("ovsdb error", text).thrown();
  }

  int clusterId(List<String> arguments) throws IOException, OvsdbException {
    UUID id = read(arguments).clusterId();
    if (id.equals(Uuids.ZERO)) {
      err.println(arguments.getFirst() + ": cluster ID not yet known");
      return NOT_KNOWN;
    }
    return print(id);
  }

  int serverId(List<String> arguments) throws IOException, OvsdbException {
    return print(read(arguments).serverId());
  }

  int localAddress(List<String> arguments) throws IOException, OvsdbException {
    return print(read(arguments).localAddress());
  }

  int check(List<String> arguments) throws IOException, OvsdbException {
    ClusterCheck check = new ClusterCheck(out);
    for (String file : arguments) {
      check.add(file);
    }
    check.run();
    return 0;
  }

  int toStandalone(List<String> arguments) throws IOException, OvsdbException {
    Path member = Path.of(arguments.getLast());
    if (FileKind.of(member) != FileKind.CLUSTERED) {
      throw new BadUsage("Database is not clustered db.");
    }
    new StandaloneCopy(member, clock.wallMs()).create(Path.of(arguments.getFirst()));
    return 0;
  }

  private static ClusterHeader read(List<String> arguments) throws IOException, OvsdbException {
    Path path = Path.of(arguments.getFirst());
    if (FileKind.of(path) != FileKind.CLUSTERED) {
      throw new BadUsage(path + ": not a clustered database");
    }
    return ClusterHeader.read(path);
  }

  private int print(Object line) {
    out.println(line);
    return 0;
  }
}
