package org.sluice.ovsdb.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcMessage;

/**
 * One connection to a server with its open requests. Any thread may request; answers run on the
 * thread that calls {@link #dispatch}, in the order in which the server sent them.
 */
final class ServerLink implements Closeable {
  /** Takes the answer to a request; {@code result} is null when {@code error} is not. */
  @FunctionalInterface
  interface Answer {
    void take(JsonNode result, JsonNode error) throws IOException;
  }

  private final JsonRpcConnection connection;
  private final Map<Long, Answer> open = new ConcurrentHashMap<>();
  private final AtomicLong nextId = new AtomicLong(1);
  private volatile boolean closed;

  ServerLink(JsonRpcConnection connection) {
    this.connection = connection;
  }

  void request(String method, ArrayNode params, Answer answer) throws IOException {
    long id = nextId.getAndIncrement();
    open.put(id, answer);
    if (closed && open.remove(id) != null) {
      throw new IOException("connection is closed");
    }
    try {
      connection.send(new JsonRpcMessage.Request(method, params, LongNode.valueOf(id)));
    } catch (IOException e) {
      if (open.remove(id) != null) {
        throw e;
      }
    }
  }

  /** The next message, or null at the end of the stream. */
  JsonRpcMessage receive() throws IOException {
    return connection.receive();
  }

  /** Answers an echo, hands a reply to who waits for it; false if the message is a notification. */
  boolean dispatch(JsonRpcMessage message) throws IOException {
    switch (message) {
      case JsonRpcMessage.Request(String method, ArrayNode params, JsonNode id) -> {
        if (method.equals("echo")) {
          connection.send(new JsonRpcMessage.Reply(params, id));
        }
      }
      case JsonRpcMessage.Reply(JsonNode result, JsonNode id) -> answer(id, result, null);
      case JsonRpcMessage.ErrorReply(JsonNode error, JsonNode id) -> answer(id, null, error);
      case JsonRpcMessage.Notification _ -> {
        return false;
      }
    }
    return true;
  }

  private void answer(JsonNode id, JsonNode result, JsonNode error) throws IOException {
    Answer answer = open.remove(id.longValue());
    if (answer != null) {
      answer.take(result, error);
    }
  }

  /** How many bytes have come from the server. */
  long receivedBytes() {
    return connection.receivedBytes();
  }

  /** Takes no more requests, and returns those that will never be answered. */
  List<Answer> abandon() {
    closed = true;
    List<Answer> left = new ArrayList<>();
    for (Long id : List.copyOf(open.keySet())) {
      Answer answer = open.remove(id);
      if (answer != null) {
        left.add(answer);
      }
    }
    return left;
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
