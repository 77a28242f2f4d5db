package org.sluice.tools.dbtool;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.storage.ClusterEntry;
import org.sluice.ovsdb.storage.ClusterHeader;
import org.sluice.ovsdb.storage.ClusterLog;
import org.sluice.ovsdb.storage.ClusterRecord;
import org.sluice.tools.table.JsonPrinter;

/** {@code show-log} of a cluster's member. Used once, by one thread. */
final class ShowClusterLog {
  private final ShowLog transactions;
  private final PrintStream out;

  private ShowClusterLog(ShowLog transactions, PrintStream out) {
    this.transactions = transactions;
    this.out = out;
  }

  /**
   * Prints the records of {@code file}.
   *
   * @param transactions prints what entries did to rows
   */
  static void run(Path file, ShowLog transactions, PrintStream out)
      throws IOException, OvsdbException {
    ShowClusterLog show = new ShowClusterLog(transactions, out);
    try (ClusterLog log = ClusterLog.open(file)) {
      int number = 0;
      for (JsonNode json = log.nextJson(); json != null; json = log.nextJson()) {
        out.print("record " + number + ":\n");
        show.record(number++, json);
        out.println();
      }
    }
  }

  /** What makes no sense does not keep the rest from being shown. */
  private void record(int number, JsonNode json) throws OvsdbException {
    ClusterHeader header = null;
    ClusterRecord record = null;
    try {
      if (number == 0) {
        header = ClusterHeader.fromJson(json);
      } else {
        record = ClusterRecord.fromJson(json);
      }
    } catch (OvsdbException e) {
      out.println(e.getMessage());
    }
    if (header != null) {
      header(header);
    } else if (record != null) {
      record(record);
    }
  }

  private void header(ClusterHeader header) throws OvsdbException {
    // The quotation marks do not match; whoever reads this text knows it so.
    out.print(" name: \"" + header.name() + "'\n");
    out.print(" local address: \"" + header.localAddress() + "\"\n");
    out.print(" server_id: " + shortened(header.serverId()) + "\n");
    if (!header.clusterId().equals(Uuids.ZERO)) {
      out.print(" cluster_id: " + shortened(header.clusterId()) + "\n");
    }
    if (header.remotes() != null) {
      out.print(" remote_addresses: " + String.join(" ", header.remotes()) + "\n");
    } else if (header.snapshot().index() != 0) {
      snapshot(header.snapshot());
    }
  }

  private void snapshot(ClusterEntry entry) throws OvsdbException {
    out.print(" prev_index: " + Long.toUnsignedString(entry.index()) + "\n");
    out.print(" prev_term: " + Long.toUnsignedString(entry.term()) + "\n");
    contents("prev_", entry);
  }

  private void record(ClusterRecord record) throws OvsdbException {
    if (record.comment() != null) {
      out.print(" comment: \"" + record.comment() + "\"\n");
    }
    if (record.term() != 0) {
      out.print(" term: " + Long.toUnsignedString(record.term()) + "\n");
    }
    switch (record.event()) {
      case ClusterRecord.Appended(ClusterEntry entry) -> {
        out.print(" index: " + Long.toUnsignedString(entry.index()) + "\n");
        contents("", entry);
      }
      case ClusterRecord.TermBegan() -> {}
      case ClusterRecord.Voted(UUID server) -> out.print(" vote: " + shortened(server) + "\n");
      case ClusterRecord.Elected(UUID server) -> out.print(" leader: " + shortened(server) + "\n");
      case ClusterRecord.Noted(String text) -> out.print(" note: \"" + text + "\"\n");
      case ClusterRecord.Committed(long index) ->
          out.print(" commit_index: " + Long.toUnsignedString(index) + "\n");
    }
  }

  private void contents(String prefix, ClusterEntry entry) throws OvsdbException {
    if (entry.servers() != null) {
      servers(prefix, entry.servers());
    }
    if (!entry.eid().equals(Uuids.ZERO)) {
      out.print(" " + prefix + "eid: " + shortened(entry.eid()) + "\n");
    }
    if (entry.data() != null) {
      data(prefix, entry.data());
    }
  }

  private void servers(String prefix, JsonNode servers) {
    Map<String, String> sorted = new TreeMap<>();
    servers
        .properties()
        .forEach(server ->
            sorted.put(
                server.getKey(),
                server.getKey().substring(0, 4)
                    + "("
                    + JsonPrinter.compact(server.getValue())
                    + ")"));
    out.print(" " + prefix + "servers: " + String.join(", ", sorted.values()) + "\n");
  }

  private void data(String prefix, JsonNode data) throws OvsdbException {
    if (!data.isArray() || data.size() != 2) {
      out.print(" ***invalid data***\n");
      return;
    }
    if (!data.get(0).isNull()) {
      DatabaseSchema schema = DatabaseSchema.fromJson(data.get(0));
      out.printf(
          " %sschema: \"%s\", version=\"%s\", cksum=\"%s\"\n",
          prefix, schema.name(), schema.version(), schema.checksum());
      transactions.schema(schema);
    }
    if (data.get(1).isObject()) {
      transactions.record(data.get(1));
    }
  }

  /** An identifier as people are shown it. */
  static String shortened(UUID id) {
    return id.toString().substring(0, 4);
  }
}
