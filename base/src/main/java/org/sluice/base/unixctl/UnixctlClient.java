package org.sluice.base.unixctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcException;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.base.jsonrpc.JsonRpcMessage;

/** Asks a running program to carry out commands. Owned by one thread. */
public final class UnixctlClient implements AutoCloseable {
  private final JsonRpcConnection rpc;
  private int requests;

  private UnixctlClient(JsonRpcConnection rpc) {
    this.rpc = rpc;
  }

  /** Connects to a control socket. */
  public static UnixctlClient connect(Path socket) throws IOException {
    return new UnixctlClient(JsonRpcConnection.connectUnix(socket, JsonRpcLimits.DATABASE));
  }

  /** Asks for documents instead of text from now on. */
  public UnixctlReply useJson() throws IOException {
    return run("set-options", List.of("--format", "json"));
  }

  /** Carries out one command and waits for its reply, however long that takes. */
  public UnixctlReply run(String command, List<String> args) throws IOException {
    ArrayNode params = JsonNodeFactory.instance.arrayNode();
    args.forEach(params::add);
    IntNode id = IntNode.valueOf(requests++);
    rpc.send(new JsonRpcMessage.Request(command, params, id));
    return switch (rpc.receive()) {
      case JsonRpcMessage.Reply(JsonNode result, JsonNode of) when of.equals(id) ->
          result.isTextual() ? UnixctlReply.text(result.textValue()) : UnixctlReply.json(result);
      case JsonRpcMessage.ErrorReply(JsonNode error, JsonNode of) when of.equals(id) ->
          UnixctlReply.error(error.isTextual() ? error.textValue() : error.toString());
      case null -> throw new JsonRpcException("connection closed before the reply");
      default -> throw new JsonRpcException("the reply belongs to no request");
    };
  }

  @Override
  public void close() throws IOException {
    rpc.close();
  }
}
