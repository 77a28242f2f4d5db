package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.sluice.ovsdb.data.MemberReader;
import org.sluice.ovsdb.data.MemberReader.Kind;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;

/**
 * The first record of a member's file: whose it is, and what the cluster's log began with. The form
 * is in {@link ClusterLog}. Immutable.
 *
 * @param serverId of the member
 * @param clusterId {@link Uuids#ZERO} if it is not known yet
 * @param name of the database
 * @param localAddress where the member listens to the others
 * @param remotes whom to ask to be let in, in order; null if it is a member already
 * @param snapshot what the log began with; null if it is not a member yet
 */
public record ClusterHeader(
    UUID serverId,
    UUID clusterId,
    String name,
    String localAddress,
    List<String> remotes,
    ClusterEntry snapshot) {

  /** Reads the header of a member's file. */
  public static ClusterHeader read(Path file) throws IOException, OvsdbException {
    try (ClusterLog log = ClusterLog.open(file)) {
      return log.header();
    }
  }

  /** Reads the record's body. */
  public static ClusterHeader fromJson(JsonNode json) throws OvsdbException {
    MemberReader members = new MemberReader(json, "raft header");
    UUID server = ClusterEntry.uuid(members, "server_id");
    String name = members.required("name", Kind.STRING).textValue();
    String local = members.required("local_address", Kind.STRING).textValue();
    JsonNode addresses = members.optional("remote_addresses", Kind.ARRAY);
    boolean joining = addresses != null;
    List<String> remotes = joining ? remotes(members, addresses, local) : null;
    ClusterEntry snapshot = joining ? null : ClusterEntry.ofSnapshot(members);
    UUID cluster =
        joining && members.optional("cluster_id") == null
            ? Uuids.ZERO
            : ClusterEntry.uuid(members, "cluster_id");
    members.finish();
    return new ClusterHeader(server, cluster, name, local, remotes, snapshot);
  }

  private static List<String> remotes(MemberReader members, JsonNode addresses, String local)
      throws OvsdbException {
    if (addresses.isEmpty()) {
      throw OvsdbError.syntax(addresses, "at least one remote address is required").thrown();
    }
    List<String> remotes = new ArrayList<>();
    for (JsonNode address : addresses) {
      if (!address.isTextual()) {
        throw OvsdbError.syntax(address, "server address is not string").thrown();
      }
      ClusterAddress.require(address.textValue());
      if (!address.textValue().equals(local)) {
        remotes.add(address.textValue());
      }
    }
    if (remotes.isEmpty()) {
      throw members.fail("at least one remote address (other than the local address) is required");
    }
    return remotes.stream().sorted().distinct().toList();
  }
}
