package org.sluice.base.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Iterator;

/**
 * One JSON-RPC 1.0 message.
 *
 * <pre>
 *   request       {"method": STRING, "params": ARRAY, "id": ANY BUT NULL}
 *   notification  {"method": STRING, "params": ARRAY, "id": null}
 *   reply         {"result": ANY BUT NULL, "error": null, "id": ANY BUT NULL}
 *   error         {"result": null, "error": ANY BUT NULL, "id": ANY BUT NULL}
 * </pre>
 *
 * A member that is null counts as absent. Immutable as long as nobody changes the trees inside.
 */
public sealed interface JsonRpcMessage {
  /** Asks the peer to do something and to answer. */
  record Request(String method, ArrayNode params, JsonNode id) implements JsonRpcMessage {
    @Override
    public ObjectNode toJson() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("method", method).set("params", params);
      return json.set("id", id);
    }
  }

  /** Tells the peer something; there is no answer. */
  record Notification(String method, ArrayNode params) implements JsonRpcMessage {
    @Override
    public ObjectNode toJson() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("method", method).set("params", params);
      return json.putNull("id");
    }
  }

  /** The answer to the request with the same {@code id}. */
  record Reply(JsonNode result, JsonNode id) implements JsonRpcMessage {
    @Override
    public ObjectNode toJson() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.set("result", result);
      return json.putNull("error").set("id", id);
    }
  }

  /** The refusal of the request with the same {@code id}. */
  record ErrorReply(JsonNode error, JsonNode id) implements JsonRpcMessage {
    @Override
    public ObjectNode toJson() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.putNull("result").set("error", error);
      return json.set("id", id);
    }
  }

  /** The message as it goes over the wire. */
  ObjectNode toJson();

  /** What kind of message this is, in the words of log messages. */
  default String kind() {
    return switch (this) {
      case Request _ -> "request";
      case Notification _ -> "notification";
      case Reply _ -> "reply";
      case ErrorReply _ -> "error";
    };
  }

  /** Reads a message from its JSON; says what is wrong with it otherwise. */
  static JsonRpcMessage fromJson(JsonNode json) throws JsonRpcException {
    if (!(json instanceof ObjectNode object)) {
      throw new JsonRpcException("message is not a JSON object");
    }
    checkMembers(object);
    if (MessageShape.member(object, "result") != null) {
      MessageShape.REPLY.check(object);
      return new Reply(object.get("result"), object.get("id"));
    }
    if (MessageShape.member(object, "error") != null) {
      MessageShape.ERROR.check(object);
      return new ErrorReply(object.get("error"), object.get("id"));
    }
    if (MessageShape.member(object, "id") != null) {
      MessageShape.REQUEST.check(object);
      return new Request(method(object), params(object), object.get("id"));
    }
    MessageShape.NOTIFICATION.check(object);
    return new Notification(method(object), params(object));
  }

  private static void checkMembers(ObjectNode object) throws JsonRpcException {
    JsonNode method = object.get("method");
    if (method != null && !method.isTextual()) {
      throw new JsonRpcException("method is not a JSON string");
    }
    Iterator<String> names = object.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!MessageShape.MEMBERS.contains(name)) {
        throw new JsonRpcException("message has unexpected member " + TextNode.valueOf(name));
      }
    }
    JsonNode params = MessageShape.member(object, "params");
    if (params != null && !params.isArray()) {
      throw new JsonRpcException("\"params\" must be JSON array");
    }
  }

  private static String method(ObjectNode object) {
    return object.get("method").textValue();
  }

  private static ArrayNode params(ObjectNode object) {
    return (ArrayNode) object.get("params");
  }
}
