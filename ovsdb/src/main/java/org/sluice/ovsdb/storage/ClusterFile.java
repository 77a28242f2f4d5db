package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.sluice.ovsdb.data.OvsdbException;

/**
 * Makes the file of a cluster's member: enough to found a cluster and to join one. Serving one is
 * left to Open vSwitch's server. The format is in {@link ClusterLog}. Immutable.
 *
 * @param serverId of the member
 * @param clusterId null if it is not known yet
 * @param name of the database
 * @param localAddress where the member listens to the others
 */
public record ClusterFile(UUID serverId, UUID clusterId, String name, String localAddress) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /**
   * Makes the file of a cluster's first member.
   *
   * @param contents schema and rows at the beginning
   * @param electionMs the cluster's election timer; 0 for the default
   */
  public void found(Path path, ClusterContents contents, long electionMs)
      throws IOException, OvsdbException {
    ObjectNode header = header();
    header.put("prev_term", 1).put("prev_index", 1);
    header.put("prev_eid", UUID.randomUUID().toString());
    header.putObject("prev_servers").put(serverId.toString(), localAddress);
    header.putArray("prev_data").add(contents.schema()).add(contents.rows());
    byte[] records = LogRecord.encode(FileKind.CLUSTERED, header);
    if (electionMs > 0) {
      ObjectNode timer = JSON.objectNode().put("term", 1).put("index", 2);
      records =
          joined(
              records,
              LogRecord.encode(FileKind.CLUSTERED, timer.put("election_timer", electionMs)));
    }
    DatabaseFile.createNew(path, records);
  }

  /**
   * Makes the file of a member that is to join a cluster through the members at {@code remotes}.
   */
  public void join(Path path, List<String> remotes) throws IOException, OvsdbException {
    ObjectNode header = header();
    ArrayNode addresses = header.putArray("remote_addresses");
    remotes.stream().sorted().distinct().forEach(addresses::add);
    DatabaseFile.createNew(path, LogRecord.encode(FileKind.CLUSTERED, header));
  }

  private ObjectNode header() {
    ObjectNode header = JSON.objectNode().put("server_id", serverId.toString());
    if (clusterId != null) {
      header.put("cluster_id", clusterId.toString());
    }
    return header.put("local_address", localAddress).put("name", name);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return (new String(first, StandardCharsets.ISO_8859_1)
            + new String(second, StandardCharsets.ISO_8859_1))
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
