package org.sluice.tools.dbtool;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.storage.ClusterEntry;
import org.sluice.ovsdb.storage.ClusterHeader;
import org.sluice.ovsdb.storage.ClusterLog;
import org.sluice.ovsdb.storage.ClusterRecord;
import org.sluice.tools.table.JsonPrinter;

/**
 * What one member's file says happened, checked for what cannot have happened in this order. Used
 * once, by one thread.
 */
final class MemberHistory {
  /** An entry of the log, as it is compared with other members'. */
  private record Entry(long term, String text, JsonNode servers) {}

  private final String file;
  private final ClusterHeader header;
  private final ClusterTerms terms;
  private final PrintStream out;
  private final long start;
  private final List<Entry> entries = new ArrayList<>();

  /** Which record of the file is being read. */
  private int number;

  private long term;
  private UUID vote = Uuids.ZERO;
  private UUID leader = Uuids.ZERO;
  private int leaderNumber;
  private long commitIndex;

  /**
   * Nothing of it is read yet but the header.
   *
   * @param terms is told what the member knows about the cluster
   * @param out is told what is unusual
   */
  MemberHistory(String file, ClusterHeader header, ClusterTerms terms, PrintStream out) {
    this.file = file;
    this.header = header;
    this.terms = terms;
    this.out = out;
    this.start = header.snapshot().index() + 1;
    this.commitIndex = header.snapshot().index();
  }

  String file() {
    return file;
  }

  ClusterHeader header() {
    return header;
  }

  /** The index of the first entry after what the log begins with. */
  long start() {
    return start;
  }

  /** The index that the next entry would have. */
  long end() {
    return start + entries.size();
  }

  /** The term of the entry at {@code index}. */
  long term(long index) {
    return entries.get((int) (index - start)).term();
  }

  /** The entry at {@code index}. */
  String text(long index) {
    return entries.get((int) (index - start)).text();
  }

  /** The identifiers of all servers that were members according to this log. */
  Set<String> servers() {
    Set<String> servers = new HashSet<>();
    header.snapshot().servers().fieldNames().forEachRemaining(servers::add);
    for (Entry entry : entries) {
      if (entry.servers() != null) {
        entry.servers().fieldNames().forEachRemaining(servers::add);
      }
    }
    return servers;
  }

  /** Reads the file; complains about the first thing that cannot be. */
  void read() throws IOException, OvsdbException {
    try (ClusterLog log = ClusterLog.open(Path.of(file))) {
      log.header();
      for (ClusterRecord record = log.next(); record != null; record = log.next()) {
        number++;
        record(record);
      }
    }
  }

  private void record(ClusterRecord record) {
    if (record.term() > term) {
      term = record.term();
      vote = Uuids.ZERO;
      leader = Uuids.ZERO;
    }
    terms.seen(term);
    switch (record.event()) {
      case ClusterRecord.Appended(ClusterEntry entry) -> append(entry);
      case ClusterRecord.TermBegan() -> {}
      case ClusterRecord.Voted(UUID server) -> vote(record.term(), server);
      case ClusterRecord.Elected(UUID server) -> elect(server);
      case ClusterRecord.Noted(String text) -> note(text);
      case ClusterRecord.Committed(long index) -> commit(index);
    }
  }

  private void append(ClusterEntry entry) {
    long index = entry.index();
    if (index < commitIndex || index < start) {
      throw failed(
          "attempts to truncate log from %d to %d entries, but commit index is already %d"
              .formatted(end(), index, commitIndex));
    }
    if (index > end()) {
      throw failed("with index %d skips past expected index %d".formatted(index, end()));
    }
    if (index < end()) {
      truncate(index);
    }
    long before = entries.isEmpty() ? header.snapshot().term() : entries.getLast().term();
    if (entry.term() < before) {
      throw failed(
          "with index %d term %d precedes previous entry's term %d"
              .formatted(index, entry.term(), before));
    }
    entries.add(new Entry(entry.term(), JsonPrinter.compact(entry.toJson()), entry.servers()));
  }

  private void truncate(long index) {
    String what = "truncates log from %d to %d entries".formatted(end(), index);
    if (header.serverId().equals(leader)) {
      throw failed(what + " while server is leader");
    }
    out.println(record() + what);
    entries.subList((int) (index - start), entries.size()).clear();
  }

  private void vote(long voteTerm, UUID server) {
    if (voteTerm < term) {
      throw failed("votes for term %d but current term is %d".formatted(voteTerm, term));
    }
    if (!vote.equals(Uuids.ZERO) && !vote.equals(server)) {
      throw failed(
          "votes for %s in term %d but a previous record for the same term voted for %s"
              .formatted(terms.name(vote), voteTerm, terms.name(server)));
    }
    vote = server;
  }

  private void elect(UUID server) {
    if (leader.equals(Uuids.ZERO)) {
      leader = server;
      leaderNumber = number;
    } else if (!leader.equals(server)) {
      throw failed(
          ("reports leader %s for term %d but record %d previously reported the leader as %s"
                  + " in that term")
              .formatted(terms.name(server), term, leaderNumber, terms.name(leader)));
    }
    terms.elected(term, this, server);
  }

  private void note(String text) {
    if (text.equals("left")) {
      out.println(record() + "shows that the server left the cluster");
    }
  }

  private void commit(long index) {
    if (index < commitIndex) {
      throw failed("regresses commit index from %d to %d".formatted(commitIndex, index));
    }
    if (index >= end()) {
      throw failed(
          "advances commit index to %d but last log index is %d".formatted(index, end() - 1));
    }
    commitIndex = index;
    terms.committed(term, this, index);
  }

  private String record() {
    return file + ": record " + number + " ";
  }

  private RuntimeException failed(String what) {
    return ClusterCheck.failed(record() + what);
  }
}
