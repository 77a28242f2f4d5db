package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.ovsdb.data.JsonComplaint;

/**
 * Prints a monitor's answer and its updates until the server goes, or until it is told to exit. The
 * main thread receives; control commands, each on its connection's thread, hold it up and end it.
 */
final class MonitorLoop {
  private final Server server;
  private final Background background;
  private final MonitorPrinter printer;
  private final Output output;
  private CountDownLatch blocked;
  private volatile boolean exiting;

  MonitorLoop(Server server, Background background, MonitorPrinter printer, Output output) {
    this.server = server;
    this.background = background;
    this.printer = printer;
    this.output = output;
  }

  void run(String database, ArrayNode request, MonitorVersion version)
      throws IOException, InterruptedException {
    register(background.commands());
    JsonNode id = server.send(version.method(), request);
    while (!exiting) {
      JsonRpcMessage message;
      try {
        message = server.receiveOrFail();
      } catch (ClientFailure e) {
        if (exiting) {
          return;
        }
        throw e;
      }
      awaitUnblocked();
      handle(database, message, id, version);
    }
  }

  private void handle(String database, JsonRpcMessage message, JsonNode id, MonitorVersion version)
      throws IOException {
    switch (message) {
      case JsonRpcMessage.Reply(JsonNode result, JsonNode to) when to.equals(id) -> {
        printReply(result, version);
        output.flush();
        background.ready();
      }
      case JsonRpcMessage.ErrorReply(JsonNode error, JsonNode to) when to.equals(id) ->
          throw new ClientFailure(
              "%s: %s failed: %s".formatted(server.name(), version.method(), output.json(error)));
      case JsonRpcMessage.Notification(String method, ArrayNode _)
          when method.equals("monitor_canceled") ->
          throw new ClientFailure("%s: %s database was removed".formatted(server.name(), database));
      case JsonRpcMessage.Notification(String method, ArrayNode params) -> {
        printUpdate(version.ofNotification(method), params);
        output.flush();
      }
      default -> {}
    }
  }

  private void printReply(JsonNode result, MonitorVersion version) {
    switch (version) {
      case MONITOR -> printer.printUpdates(result, true);
      case MONITOR_COND -> printer.printUpdates2(result);
      case MONITOR_COND_SINCE -> {
        if (!result.isArray() || result.size() != 3) {
          throw new ClientFailure("<result> should be an array of 3 elements");
        }
        output.println(
            "found: %s, last_id: %s".formatted(result.get(0).asText(), result.get(1).asText()));
        printer.printUpdates2(result.get(2));
      }
    }
  }

  private void printUpdate(MonitorVersion version, ArrayNode params) {
    int expected = version == MonitorVersion.MONITOR_COND_SINCE ? 3 : 2;
    if (version == null || params.size() != expected || !params.get(0).isNull()) {
      return;
    }
    switch (version) {
      case MONITOR -> printer.printUpdates(params.get(1), false);
      case MONITOR_COND -> printer.printUpdates2(params.get(1));
      case MONITOR_COND_SINCE -> {
        output.print("\nlast_id: " + params.get(1).asText());
        printer.printUpdates2(params.get(2));
      }
    }
  }

  private void register(UnixctlCommands commands) {
    commands.register("exit", "", 0, 0, _ -> exit());
    commands.register("ovsdb-client/block", "", 0, 0, _ -> block());
    commands.register("ovsdb-client/unblock", "", 0, 0, _ -> unblock());
    commands.register("ovsdb-client/cond_change", "TABLE COND", 2, 2, this::changeCondition);
  }

  private UnixctlReply exit() {
    exiting = true;
    try {
      server.close();
    } catch (IOException e) {
      return UnixctlReply.error(e.getMessage());
    }
    return UnixctlReply.NOTHING;
  }

  private synchronized UnixctlReply block() {
    if (blocked != null) {
      return UnixctlReply.text("already blocking");
    }
    blocked = new CountDownLatch(1);
    return UnixctlReply.NOTHING;
  }

  private synchronized UnixctlReply unblock() {
    if (blocked == null) {
      return UnixctlReply.text("already unblocked");
    }
    blocked.countDown();
    blocked = null;
    return UnixctlReply.NOTHING;
  }

  private void awaitUnblocked() throws InterruptedException {
    CountDownLatch latch;
    synchronized (this) {
      latch = blocked;
    }
    if (latch != null) {
      latch.await();
    }
  }

  private UnixctlReply changeCondition(UnixctlRequest request) {
    ArrayNode params = Server.array().addNull().addNull();
    ObjectNode change = params.addObject().putArray(request.args().get(0)).addObject();
    try {
      change.set("where", JsonComplaint.parse(request.args().get(1)));
      server.send("monitor_cond_change", params);
    } catch (JsonComplaint | IOException e) {
      return UnixctlReply.error(e.getMessage());
    }
    return UnixctlReply.text("condition changed");
  }
}
