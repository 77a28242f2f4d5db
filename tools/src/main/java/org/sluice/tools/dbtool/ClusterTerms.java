package org.sluice.tools.dbtool;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/**
 * What the members of a cluster say about its terms: who led in each, and how much was committed.
 * Used once, by one thread.
 */
final class ClusterTerms {
  /** A term's leader: who said so first, and how long its log was when it was elected, if known. */
  private record Leader(MemberHistory witness, UUID server, long logEnd) {}

  private record Commit(MemberHistory witness, long index) {}

  private final Function<UUID, String> names;
  private final Map<Long, Leader> leaders = new TreeMap<>(Long::compareUnsigned);
  private final Map<Long, Commit> commits = new TreeMap<>(Long::compareUnsigned);
  private long newest;

  ClusterTerms(Function<UUID, String> names) {
    this.names = names;
  }

  /** What messages call a server. */
  String name(UUID server) {
    return names.apply(server);
  }

  /** Notes that there was such a term. */
  void seen(long term) {
    newest = Long.compareUnsigned(term, newest) > 0 ? term : newest;
  }

  /** Notes who led in a term; there can be only one. */
  void elected(long term, MemberHistory witness, UUID server) {
    long logEnd = witness.header().serverId().equals(server) ? witness.end() : 0;
    Leader known = leaders.get(term);
    if (known == null) {
      leaders.put(term, new Leader(witness, server, logEnd));
      return;
    }
    if (!known.server().equals(server)) {
      throw ClusterCheck.failed(
          ("term %s has two different leaders: %s says that the leader is %s and"
                  + " %s says that the leader is %s")
              .formatted(
                  Long.toUnsignedString(term),
                  known.witness().file(),
                  name(known.server()),
                  witness.file(),
                  name(server)));
    }
    if (Long.compareUnsigned(logEnd, known.logEnd()) > 0) {
      leaders.put(term, new Leader(known.witness(), server, logEnd));
    }
  }

  /** Notes that in a term all entries up to {@code index} were committed. */
  void committed(long term, MemberHistory witness, long index) {
    Commit known = commits.get(term);
    if (known == null || Long.compareUnsigned(index, known.index()) > 0) {
      commits.put(term, new Commit(witness, index));
    }
  }

  /** Who leads has in its log all that was committed in earlier terms. */
  void requireComplete() {
    if (newest == 0) {
      throw ClusterCheck.failed("all logs are empty");
    }
    SortedSet<Long> terms = new TreeSet<>(Long::compareUnsigned);
    terms.addAll(leaders.keySet());
    terms.addAll(commits.keySet());
    Commit latest = null;
    for (long term : terms) {
      requireComplete(term, leaders.get(term), latest);
      Commit next = commits.get(term);
      if (next != null
          && (latest == null || Long.compareUnsigned(next.index(), latest.index()) > 0)) {
        latest = next;
      }
    }
  }

  private static void requireComplete(long term, Leader leader, Commit committed) {
    if (leader != null
        && leader.logEnd() != 0
        && committed != null
        && Long.compareUnsigned(committed.index(), leader.logEnd()) >= 0) {
      throw ClusterCheck.failed(
          ("leader %s for term %s has log entries only up to index %s, but index %s was committed"
                  + " in a previous term (e.g. by %s)")
              .formatted(
                  leader.witness().file(),
                  Long.toUnsignedString(term),
                  Long.toUnsignedString(leader.logEnd() - 1),
                  Long.toUnsignedString(committed.index()),
                  committed.witness().file()));
    }
  }
}
