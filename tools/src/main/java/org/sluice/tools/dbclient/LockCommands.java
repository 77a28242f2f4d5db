package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.tools.dbclient.ClientCommand.Call;

/**
 * {@code lock}, {@code steal} and {@code unlock}: each asks for its lock and then tells what
 * becomes of it, since a lock lives as long as its connection. The main thread receives; control
 * commands may ask for more.
 */
final class LockCommands {
  private record LockRequest(String method, String lock) {}

  private final Output output;
  private final Background background;
  private final Deque<LockRequest> waiting = new ArrayDeque<>();
  private JsonNode open;
  private volatile boolean exiting;

  LockCommands(Output output, Background background) {
    this.output = output;
    this.background = background;
  }

  void lock(Call call) throws IOException {
    run(call, "lock");
  }

  void steal(Call call) throws IOException {
    run(call, "steal");
  }

  void unlock(Call call) throws IOException {
    run(call, "unlock");
  }

  private void run(Call call, String method) throws IOException {
    background.start();
    Server server = call.server();
    register(background.commands(), server);
    ask(server, new LockRequest(method, call.words().getFirst()));
    while (!exiting) {
      try {
        handle(server, server.receiveOrFail());
      } catch (ClientFailure e) {
        if (!exiting) {
          throw e;
        }
      }
    }
  }

  private void register(UnixctlCommands commands, Server server) {
    for (String method : new String[] {"unlock", "steal", "lock"}) {
      commands.register(
          method,
          "LOCK",
          1,
          1,
          request -> {
            try {
              ask(server, new LockRequest(method, request.args().getFirst()));
              return UnixctlReply.NOTHING;
            } catch (IOException e) {
              return UnixctlReply.error(e.getMessage());
            }
          });
    }
    commands.register("exit", "", 0, 0, _ -> exit(server));
  }

  private UnixctlReply exit(Server server) {
    exiting = true;
    try {
      server.close();
    } catch (IOException e) {
      return UnixctlReply.error(e.getMessage());
    }
    return UnixctlReply.NOTHING;
  }

  /** One request at a time: a lock's earlier one must be answered before the next is made. */
  private synchronized void ask(Server server, LockRequest request) throws IOException {
    waiting.add(request);
    if (open == null) {
      askNext(server);
    }
  }

  private synchronized void askNext(Server server) throws IOException {
    LockRequest next = waiting.poll();
    open = next == null ? null : server.send(next.method, Server.array().add(next.lock));
  }

  private void handle(Server server, JsonRpcMessage message) throws IOException {
    switch (message) {
      case JsonRpcMessage.Reply(JsonNode result, JsonNode id) when isOpen(id) ->
          answered(server, result);
      case JsonRpcMessage.ErrorReply(JsonNode error, JsonNode id) when isOpen(id) ->
          answered(server, error);
      case JsonRpcMessage.Notification(String method, ArrayNode params) -> {
        output.println(method);
        output.printJson(params);
      }
      default -> {}
    }
    output.flush();
  }

  private synchronized boolean isOpen(JsonNode id) {
    return id.equals(open);
  }

  private void answered(Server server, JsonNode result) throws IOException {
    output.printJson(result);
    output.flush();
    askNext(server);
    background.ready();
    background.silenceErrors();
  }
}
