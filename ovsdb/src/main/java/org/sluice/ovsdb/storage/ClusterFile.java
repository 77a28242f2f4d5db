package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.ovsdb.data.JsonComplaint;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;

/**
 * The beginning of a member's file of a clustered database: enough to found a cluster, to join one,
 * and to tell whose file it is. Serving one is left to Open vSwitch's server. Immutable.
 *
 * <p>The file is framed as {@link DatabaseFile} says, with {@code CLUSTER} for {@code JSON}. The
 * first record is
 *
 * <pre>
 *   {"server_id": UUID, "local_address": TEXT, "name": TEXT,
 *    "cluster_id": UUID,                  unless it is still to be learnt
 *    "remote_addresses": [TEXT, ...],     whom to ask to be let in; or instead
 *    "prev_term": 1, "prev_index": 1, "prev_eid": UUID,
 *    "prev_servers": {UUID: TEXT}, "prev_data": [SCHEMA, TRANSACTION]}
 * </pre>
 *
 * <p>and each further one an entry of the cluster's log.
 *
 * @param serverId of the member
 * @param clusterId null if it is not known yet
 * @param name of the database
 * @param localAddress where the member listens to the others
 */
public record ClusterFile(UUID serverId, UUID clusterId, String name, String localAddress) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String MAGIC = "OVSDB CLUSTER ";
  private static final Pattern HEADER =
      Pattern.compile(MAGIC + "([0-9]{1,9}) ([0-9a-f]{40})\n.*", Pattern.DOTALL);

  /** Reads whose file it is. */
  public static ClusterFile read(Path path) throws IOException, OvsdbException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(path))) {
      JsonNode json = JsonComplaint.parse(body(path, in));
      String clusterId = json.path("cluster_id").asText();
      UUID server = Uuids.parse(json.path("server_id").asText());
      UUID cluster = clusterId.isEmpty() ? null : Uuids.parse(clusterId);
      boolean whole =
          server != null
              && clusterId.isEmpty() == (cluster == null)
              && json.path("name").isTextual()
              && json.path("local_address").isTextual();
      if (!whole) {
        throw OvsdbError.syntax(json, path + ": not the header of a clustered database").thrown();
      }
      return new ClusterFile(
          server, cluster, json.get("name").textValue(), json.get("local_address").textValue());
    } catch (JsonComplaint e) {
      throw OvsdbError.of(OvsdbError.SYNTAX_ERROR, path + ": " + e.getMessage()).thrown();
    }
  }

  private static byte[] body(Path path, InputStream in) throws IOException, OvsdbException {
    StringBuilder line = new StringBuilder();
    while (line.length() < LogRecord.MAX_HEADER && line.indexOf("\n") < 0) {
      line.append((char) in.read());
    }
    Matcher header = HEADER.matcher(line);
    if (!header.matches()) {
      throw OvsdbError.of("ovsdb error", path + ": not a clustered database").thrown();
    }
    int length = Integer.parseInt(header.group(1));
    byte[] body = in.readNBytes(length);
    String sha1 = LogRecord.sha1(body);
    if (!sha1.equals(header.group(2))) {
      String text =
          "%s: %d bytes starting at offset %d have SHA-1 hash %s but should have hash %s"
              .formatted(path, body.length, line.length(), sha1, header.group(2));
      throw OvsdbError.of(OvsdbError.SYNTAX_ERROR, text).thrown();
    }
    return body;
  }

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
    byte[] records = LogRecord.encode(MAGIC, header);
    if (electionMs > 0) {
      ObjectNode timer = JSON.objectNode().put("term", 1).put("index", 2);
      records = joined(records, LogRecord.encode(MAGIC, timer.put("election_timer", electionMs)));
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
    DatabaseFile.createNew(path, LogRecord.encode(MAGIC, header));
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
