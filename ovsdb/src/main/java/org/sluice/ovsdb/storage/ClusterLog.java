package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;

/**
 * Reads the file of a clustered database's member, record by record. Used by one thread.
 *
 * <p>The file is framed as {@link DatabaseFile} says, with {@code CLUSTER} for {@code JSON}. The
 * first record is
 *
 * <pre>
 *   {"server_id": UUID, "local_address": TEXT, "name": TEXT,
 *    "cluster_id": UUID,                  unless it is still to be learnt
 *    "remote_addresses": [TEXT, ...],     whom to ask to be let in; or instead
 *    "prev_term": NUMBER, "prev_index": NUMBER, "prev_eid": UUID,
 *    "prev_servers": {UUID: TEXT}, "prev_data": [SCHEMA, TRANSACTION],
 *    "prev_election_timer": MILLISECONDS}
 * </pre>
 *
 * <p>and each other one of
 *
 * <pre>
 *   {"term": NUMBER, "index": NUMBER,     an entry, with any of
 *    "data": [SCHEMA, TRANSACTION], "eid": UUID, "servers": {UUID: TEXT},
 *    "election_timer": MILLISECONDS}
 *   {"term": NUMBER}
 *   {"term": NUMBER, "vote": UUID}
 *   {"term": NUMBER, "leader": UUID}
 *   {"commit_index": NUMBER}
 *   {"note": TEXT}
 * </pre>
 *
 * <p>each perhaps with a {@code "comment"}. A {@code SCHEMA} that is not null is the database's
 * from there on; a {@code TRANSACTION} that is null beside one asks each member to convert its
 * rows.
 */
public final class ClusterLog implements Closeable {
  private final Path path;
  private final LogReader reader;

  private ClusterLog(Path path, LogReader reader) {
    this.path = path;
    this.reader = reader;
  }

  /** Opens a member's file. */
  public static ClusterLog open(Path path) throws IOException, OvsdbException {
    return new ClusterLog(path, new LogReader(path, FileKind.CLUSTERED));
  }

  /** The first record; to be read first, once. */
  public ClusterHeader header() throws IOException, OvsdbException {
    JsonNode json = nextJson();
    if (json == null) {
      throw OvsdbError.of("ovsdb error", path + ": cannot identify file type").thrown();
    }
    return ClusterHeader.fromJson(json);
  }

  /** The next record, or null at the end. */
  public ClusterRecord next() throws IOException, OvsdbException {
    JsonNode json = nextJson();
    return json == null ? null : ClusterRecord.fromJson(json);
  }

  /** The same as it stands there, for who goes on behind a record that makes no sense. */
  public JsonNode nextJson() throws IOException, OvsdbException {
    JsonNode json = reader.next();
    reader.requireWhole();
    return json;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
