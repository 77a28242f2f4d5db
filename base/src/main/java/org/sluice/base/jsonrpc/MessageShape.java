package org.sluice.base.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Which members one kind of message must have; it must not have the others. Immutable. */
record MessageShape(String kind, Set<String> required) {
  static final List<String> MEMBERS = List.of("method", "params", "result", "error", "id");

  static final MessageShape REQUEST = new MessageShape("request", Set.of("method", "params", "id"));
  static final MessageShape NOTIFICATION =
      new MessageShape("notification", Set.of("method", "params"));
  static final MessageShape REPLY = new MessageShape("reply", Set.of("result", "id"));
  static final MessageShape ERROR = new MessageShape("error", Set.of("error", "id"));

  /** The member's value; null stands for absent, as in the protocol. */
  static JsonNode member(ObjectNode object, String name) {
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  void check(ObjectNode object) throws JsonRpcException {
    for (String name : MEMBERS) {
      boolean must = required.contains(name);
      if (must != (member(object, name) != null)) {
        String verb = must ? " must have \"" : " must not have \"";
        throw new JsonRpcException(kind + verb + name + "\"");
      }
    }
  }
}
