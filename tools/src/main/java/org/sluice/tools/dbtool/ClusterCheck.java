package org.sluice.tools.dbtool;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.storage.ClusterHeader;
import org.sluice.tools.options.BadUsage;

/**
 * {@code check-cluster}: whether the files of a cluster's members can have come about together,
 * after the properties in figure 3.2 of Ongaro's "Consensus: Bridging Theory and Practice". Used
 * once, by one thread.
 */
final class ClusterCheck {
  private final PrintStream out;
  private final List<MemberHistory> members = new ArrayList<>();
  private final ClusterTerms terms = new ClusterTerms(this::nameOf);

  ClusterCheck(PrintStream out) {
    this.out = out;
  }

  /** Takes a member's file, if it is one already. */
  void add(String file) throws IOException, OvsdbException {
    ClusterHeader header = ClusterHeader.read(Path.of(file));
    if (header.remotes() != null) {
      out.println(file + " has not joined the cluster, omitting");
      return;
    }
    for (MemberHistory other : members) {
      if (other.header().serverId().equals(header.serverId())) {
        throw failed(
            "Duplicate server ID %s in %s and %s."
                .formatted(ShowClusterLog.shortened(header.serverId()), file, other.file()));
      }
    }
    if (!members.isEmpty()) {
      requireSameCluster(members.getFirst(), file, header);
    }
    members.add(new MemberHistory(file, header, terms, out));
  }

  private static void requireSameCluster(MemberHistory first, String file, ClusterHeader header) {
    ClusterHeader other = first.header();
    if (!other.clusterId().equals(header.clusterId())) {
      throw failed(
          "%s has cluster ID %s but %s has cluster ID %s"
              .formatted(
                  first.file(),
                  ShowClusterLog.shortened(other.clusterId()),
                  file,
                  ShowClusterLog.shortened(header.clusterId())));
    }
    if (!other.name().equals(header.name())) {
      throw failed(
          "%s is named \"%s\" but %s is named \"%s\""
              .formatted(first.file(), other.name(), file, header.name()));
    }
  }

  /** Complains about the first thing that cannot be. */
  void run() throws IOException, OvsdbException {
    for (MemberHistory member : members) {
      member.read();
    }
    terms.requireComplete();
    for (MemberHistory a : members) {
      for (MemberHistory b : members) {
        if (a != b) {
          requireMatching(a, b);
        }
      }
    }
    members.forEach(ClusterCheck::requireOwnServer);
  }

  /** Logs that have an entry of the same term at an index are the same up to there. */
  private static void requireMatching(MemberHistory a, MemberHistory b) {
    boolean mustEqual = false;
    long first = Math.max(a.start(), b.start());
    for (long index = Math.min(a.end(), b.end()) - 1; index >= first; index--) {
      mustEqual |= a.term(index) == b.term(index);
      if (mustEqual && !a.text(index).equals(b.text(index))) {
        throw failed(
            "log entries with index %d differ:\n%s has %s\n%s has %s"
                .formatted(index, a.file(), a.text(index), b.file(), b.text(index)));
      }
    }
  }

  private static void requireOwnServer(MemberHistory member) {
    String own = ShowClusterLog.shortened(member.header().serverId());
    if (member.servers().stream().noneMatch(id -> id.startsWith(own))) {
      throw failed("%s: server %s not found in server list".formatted(member.file(), own));
    }
  }

  /** What a server is called: its file, if there is one. */
  private String nameOf(UUID server) {
    return members.stream()
        .filter(member -> member.header().serverId().equals(server))
        .map(MemberHistory::file)
        .findFirst()
        .orElseGet(() -> ShowClusterLog.shortened(server));
  }

  static BadUsage failed(String what) {
    return new BadUsage(what);
  }
}
