package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.sluice.ovsdb.data.MemberReader;
import org.sluice.ovsdb.data.MemberReader.Kind;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;

/**
 * A record of a member's file after the first. The form is in {@link ClusterLog}. Immutable.
 *
 * @param comment for people, or null
 * @param term 0 for what belongs to none
 * @param event what it tells
 */
public record ClusterRecord(String comment, long term, Event event) {
  /** What a record tells. */
  public sealed interface Event {}

  /** The member's log was extended, or cut before the entry's index and then extended. */
  public record Appended(ClusterEntry entry) implements Event {}

  /** A term began. */
  public record TermBegan() implements Event {}

  /** The member voted for {@code server} in the term. */
  public record Voted(UUID server) implements Event {}

  /** {@code server} was elected in the term. */
  public record Elected(UUID server) implements Event {}

  /** Something else, such as that the member left. */
  public record Noted(String text) implements Event {}

  /** All entries up to {@code index} are committed. */
  public record Committed(long index) implements Event {}

  /** Reads the record's body. */
  public static ClusterRecord fromJson(JsonNode json) throws OvsdbException {
    MemberReader members = new MemberReader(json, "raft log record");
    JsonNode comment = members.optional("comment", Kind.STRING);
    Event event = termless(members);
    long term = 0;
    if (event == null) {
      term = members.required("term", Kind.INTEGER).longValue();
      event = ofTerm(members, term);
    }
    members.finish();
    return new ClusterRecord(comment == null ? null : comment.textValue(), term, event);
  }

  private static Event termless(MemberReader members) throws OvsdbException {
    JsonNode note = members.optional("note", Kind.STRING);
    if (note != null) {
      return new Noted(note.textValue());
    }
    long commit = number(members, "commit_index");
    return commit == 0 ? null : new Committed(commit);
  }

  private static Event ofTerm(MemberReader members, long term) throws OvsdbException {
    UUID leader = server(members, "leader", "record says leader is all-zeros SID");
    if (leader != null) {
      return new Elected(leader);
    }
    UUID vote = server(members, "vote", "record votes for all-zeros SID");
    if (vote != null) {
      return new Voted(vote);
    }
    long index = number(members, "index");
    return index == 0 ? new TermBegan() : new Appended(ClusterEntry.of(members, term, index));
  }

  private static UUID server(MemberReader members, String name, String ifZero)
      throws OvsdbException {
    if (members.optional(name) == null) {
      return null;
    }
    UUID server = ClusterEntry.uuid(members, name);
    if (server.equals(Uuids.ZERO)) {
      throw members.fail(ifZero);
    }
    return server;
  }

  private static long number(MemberReader members, String name) throws OvsdbException {
    JsonNode value = members.optional(name, Kind.INTEGER);
    return value == null ? 0 : value.longValue();
  }
}
