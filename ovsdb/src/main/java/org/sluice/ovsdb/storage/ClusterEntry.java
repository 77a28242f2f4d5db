package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.UUID;
import org.sluice.ovsdb.data.MemberReader;
import org.sluice.ovsdb.data.MemberReader.Kind;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;

/**
 * One entry of a cluster's log, which all members have at the same index once it is committed.
 * Immutable.
 *
 * @param index of the entry; 0 if there is none
 * @param term in which a leader made it
 * @param data {@code [SCHEMA, TRANSACTION]}, either may be null; or null
 * @param eid names the data; {@link Uuids#ZERO} if there is none
 * @param servers the cluster's members from here on, {@code {UUID: ADDRESS}}; or null
 */
public record ClusterEntry(long index, long term, JsonNode data, UUID eid, JsonNode servers) {
  private static final String DATA = "data";

  /** Reads an entry that a record holds; {@code members} has read its term and index. */
  static ClusterEntry of(MemberReader members, long term, long index) throws OvsdbException {
    JsonNode servers = members.optional("servers", Kind.OBJECT);
    requireServers(servers);
    members.optional("election_timer", Kind.INTEGER);
    JsonNode data = members.optional(DATA, Kind.OBJECT, Kind.ARRAY);
    UUID eid = data == null ? Uuids.ZERO : uuid(members, "eid");
    return new ClusterEntry(index, term, data, eid, servers);
  }

  /** Reads the entry that stands in a header for all that went before. */
  static ClusterEntry ofSnapshot(MemberReader members) throws OvsdbException {
    JsonNode servers = members.required("prev_servers", Kind.OBJECT);
    requireServers(servers);
    JsonNode index = members.optional("prev_index", Kind.INTEGER);
    if (index == null || index.longValue() == 0) {
      return new ClusterEntry(0, 0, null, Uuids.ZERO, servers);
    }
    JsonNode data = members.required("prev_data");
    UUID eid = uuid(members, "prev_eid");
    long term = members.required("prev_term", Kind.INTEGER).longValue();
    members.optional("prev_election_timer", Kind.INTEGER);
    return new ClusterEntry(index.longValue(), term, data, eid, servers);
  }

  static UUID uuid(MemberReader members, String name) throws OvsdbException {
    UUID uuid = Uuids.parse(members.required(name, Kind.STRING).textValue());
    if (uuid == null) {
      throw members.fail("%s is not a UUID".formatted(name));
    }
    return uuid;
  }

  private static void requireServers(JsonNode servers) throws OvsdbException {
    if (servers == null) {
      return;
    }
    if (servers.isEmpty()) {
      throw OvsdbError.syntax(servers, "must have at least one server").thrown();
    }
    for (Map.Entry<String, JsonNode> server : servers.properties()) {
      if (Uuids.parse(server.getKey()) == null) {
        throw OvsdbError.syntax(servers, server.getKey() + " is not a UUID").thrown();
      }
      if (!server.getValue().isTextual()) {
        throw OvsdbError.syntax(server.getValue(), "server address is not string").thrown();
      }
      ClusterAddress.require(server.getValue().textValue());
    }
  }

  /** All but the index, as one object. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("term", term);
    if (data != null) {
      json.set(DATA, data);
      json.put("eid", eid.toString());
    }
    if (servers != null) {
      json.set("servers", servers);
    }
    return json;
  }
}
