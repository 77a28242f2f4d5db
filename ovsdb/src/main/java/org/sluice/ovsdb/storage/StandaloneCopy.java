package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.storage.ClusterRecord.Appended;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.SchemaConversion;

/**
 * Makes a standalone database of what a cluster's member has, history and all: also of what is not
 * committed, since only the cluster could tell, but not of what another leader has replaced. Used
 * once, by one thread.
 */
public final class StandaloneCopy {
  private static final String CONVERTED = "converted by ovsdb-tool";

  private final Path member;
  private final long wallMs;

  /**
   * Will copy a member's file.
   *
   * @param wallMs the time
   */
  public StandaloneCopy(Path member, long wallMs) {
    this.member = member;
    this.wallMs = wallMs;
  }

  /** Makes the file {@code target}; it appears whole or not at all. */
  public void create(Path target) throws IOException, OvsdbException {
    BitSet valid = valid();
    DatabaseFile.createNew(target, (out, fresh) -> copy(valid, out, fresh));
  }

  /** An entry of the member's log, and which record of its file it is. */
  private record Place(long index, int number) {}

  /** Which records hold entries that were not replaced later. */
  private BitSet valid() throws IOException, OvsdbException {
    Deque<Place> entries = new ArrayDeque<>();
    try (ClusterLog log = ClusterLog.open(member)) {
      log.header();
      int number = 1;
      for (ClusterRecord record = log.next(); record != null; record = log.next()) {
        if (record.event() instanceof Appended(ClusterEntry entry)) {
          while (!entries.isEmpty() && entries.getLast().index() >= entry.index()) {
            entries.removeLast();
          }
          entries.addLast(new Place(entry.index(), number));
        }
        number++;
      }
    }
    BitSet valid = new BitSet();
    entries.forEach(entry -> valid.set(entry.number()));
    return valid;
  }

  private void copy(BitSet valid, FileChannel out, Path fresh) throws IOException, OvsdbException {
    try (ClusterLog log = ClusterLog.open(member)) {
      ClusterHeader header = log.header();
      if (header.snapshot() != null) {
        append(header.snapshot().data(), out, fresh);
      }
      int number = 1;
      for (ClusterRecord record = log.next(); record != null; record = log.next()) {
        if (valid.get(number++) && record.event() instanceof Appended(ClusterEntry entry)) {
          append(entry.data(), out, fresh);
        }
      }
    }
    if (out.size() == 0) {
      throw OvsdbError.of("ovsdb error", member + ": holds no schema yet").thrown();
    }
  }

  private void append(JsonNode data, FileChannel out, Path fresh)
      throws IOException, OvsdbException {
    if (data == null) {
      return;
    }
    if (!data.isArray() || data.size() != 2) {
      throw OvsdbError.syntax(data, "Incorrect raft record array length").thrown();
    }
    JsonNode schema = data.get(0);
    JsonNode rows = data.get(1);
    if (!schema.isNull()) {
      convert(DatabaseSchema.fromJson(schema), rows.isNull(), out, fresh);
    }
    if (!rows.isNull()) {
      write(LogRecord.encode(rows), out);
    }
  }

  /** From here on there is another schema; the rows follow, or are those that there are. */
  private void convert(DatabaseSchema schema, boolean keepRows, FileChannel out, Path fresh)
      throws IOException, OvsdbException {
    Database old = keepRows && out.size() > 0 ? DatabaseFile.read(fresh) : null;
    out.truncate(0);
    write(LogRecord.encode(schema.toJson()), out);
    if (old != null) {
      Database converted = SchemaConversion.convert(old, schema);
      write(LogRecord.encode(DatabaseContents.of(converted).body(CONVERTED, wallMs)), out);
    }
  }

  private static void write(byte[] record, FileChannel out) throws IOException {
    DatabaseFile.writeFully(out, ByteBuffer.wrap(record), out.size());
  }
}
