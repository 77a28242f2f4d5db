package org.sluice.base.unixctl;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;

/**
 * One client: one request at a time, each answered before the next is read.
 *
 * <p>Belongs to the virtual thread in {@link #serve}; {@link #close} may come from another and
 * waits a little for a reply on its way.
 */
final class UnixctlConnection {
  private static final int CLOSE_PATIENCE_SECONDS = 1;

  private final JsonRpcConnection rpc;
  private final UnixctlCommands commands;
  private final Vlog log;
  private final VlogRateLimit limit;
  private final ReentrantLock answering = new ReentrantLock();
  private boolean json;

  UnixctlConnection(
      JsonRpcConnection rpc, UnixctlCommands commands, Vlog log, VlogRateLimit limit) {
    this.rpc = rpc;
    this.commands = commands;
    this.log = log;
    this.limit = limit;
  }

  /** Answers until the client goes or misbehaves. */
  void serve() {
    try {
      JsonRpcMessage message = rpc.receive();
      while (message instanceof JsonRpcMessage.Request request) {
        answer(request);
        message = rpc.receive();
      }
      if (message != null) {
        log.log(limit, LogLevel.WARN, "unix: received unexpected %s message", message.kind());
      }
    } catch (IOException e) {
      log.dbg("unix: %s", e.getMessage());
    } finally {
      closeNow();
    }
  }

  private void answer(JsonRpcMessage.Request request) throws IOException {
    answering.lock();
    try {
      log.dbg("received request %s%s, id=%s", request.method(), request.params(), request.id());
      send(reply(request), request);
    } finally {
      answering.unlock();
    }
  }

  private void send(UnixctlReply reply, JsonRpcMessage.Request request) throws IOException {
    JsonNode id = request.id();
    switch (reply) {
      case UnixctlReply.Failure(String error) ->
          send(new JsonRpcMessage.ErrorReply(TextNode.valueOf(endLine(error)), id));
      case UnixctlReply.Json(JsonNode document) -> send(new JsonRpcMessage.Reply(document, id));
      case UnixctlReply.Text(String text) ->
          send(
              new JsonRpcMessage.Reply(json ? wrapped(text) : TextNode.valueOf(endLine(text)), id));
      case UnixctlReply.LongText(Reader text) -> sendLong(text, request);
    }
  }

  private void send(JsonRpcMessage reply) throws IOException {
    log.dbg("replying with %s", reply.toJson());
    rpc.send(reply);
  }

  private void sendLong(Reader text, JsonRpcMessage.Request request) throws IOException {
    log.dbg("replying with text that is made meanwhile");
    try {
      rpc.send(out -> writeLong(text, request.id(), out));
    } catch (RuntimeException e) {
      log.err("%s: internal error: %s", request.method(), e);
      throw new IOException("the reply broke off", e);
    }
  }

  private void writeLong(Reader text, JsonNode id, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeFieldName("result");
    if (json) {
      out.writeStartObject();
      out.writeStringField("reply-format", "plain");
      out.writeFieldName("reply");
      out.writeString(text, -1);
      out.writeEndObject();
    } else {
      out.writeString(text, -1);
    }
    out.writeNullField("error");
    out.writePOJOField("id", id);
    out.writeEndObject();
  }

  private UnixctlReply reply(JsonRpcMessage.Request request) {
    List<String> args = new ArrayList<>();
    for (JsonNode param : request.params()) {
      if (!param.isTextual()) {
        return UnixctlReply.error("\"" + request.method() + "\" command has non-string argument");
      }
      args.add(param.textValue());
    }
    return run(new UnixctlRequest(request.method(), args, json));
  }

  private UnixctlReply run(UnixctlRequest request) {
    try {
      UnixctlReply reply = commands.run(request).get();
      boolean options = request.command().equals("set-options");
      return options && !(reply instanceof UnixctlReply.Failure)
          ? setOptions(request.args())
          : reply;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UnixctlReply.error("interrupted");
    } catch (ExecutionException | RuntimeException e) {
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      log.err("%s: internal error: %s", request.command(), cause);
      return UnixctlReply.error("internal error: " + cause);
    }
  }

  private UnixctlReply setOptions(List<String> args) {
    String option = args.getFirst();
    boolean attached = option.startsWith("--format=");
    if (!attached && !option.equals("--format")) {
      return UnixctlReply.error("unrecognized option '" + option + "'");
    }
    if (!attached && args.size() < 2) {
      return UnixctlReply.error("option '--format' requires an argument");
    }
    String format = attached ? option.substring("--format=".length()) : args.get(1);
    if (!format.equalsIgnoreCase("text") && !format.equalsIgnoreCase("json")) {
      return UnixctlReply.error("option format has invalid value " + format);
    }
    json = format.equalsIgnoreCase("json");
    return UnixctlReply.NOTHING;
  }

  /** Clients before Open vSwitch 3.5 print a reply as it is and expect it to end its line. */
  private static String endLine(String text) {
    return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
  }

  private static JsonNode wrapped(String text) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    return document.put("reply-format", "plain").put("reply", text);
  }

  /** Ends the connection, after the reply in progress if that comes soon. */
  void close() {
    boolean idle = false;
    try {
      idle = answering.tryLock(CLOSE_PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closeNow();
    if (idle) {
      answering.unlock();
    }
  }

  private void closeNow() {
    try {
      rpc.close();
    } catch (IOException e) {
      log.dbg("unix: close: %s", e.getMessage());
    }
  }
}
