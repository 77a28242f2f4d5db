package org.sluice.ovsdb.server;

import java.nio.charset.StandardCharsets;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.data.JsonText;

/** Writes every message to the log, for those who look for what goes wrong. Thread-safe. */
record MessageLog(Vlog log) {
  void received(String peer, JsonRpcMessage message) {
    write(peer, "received", message);
  }

  void sent(String peer, JsonRpcMessage message) {
    write(peer, "send", message);
  }

  /** The same of a message that is encoded already, in pieces. */
  void sent(String peer, byte[]... message) {
    if (log.isEnabled(LogLevel.DBG)) {
      StringBuilder text = new StringBuilder();
      for (byte[] piece : message) {
        text.append(new String(piece, StandardCharsets.UTF_8));
      }
      log.dbg("%s: send %s", peer, text);
    }
  }

  private void write(String peer, String verb, JsonRpcMessage message) {
    if (log.isEnabled(LogLevel.DBG)) {
      log.dbg("%s: %s %s%s", peer, verb, message.kind(), fields(message));
    }
  }

  private static String fields(JsonRpcMessage message) {
    return switch (message) {
      case JsonRpcMessage.Request request ->
          ", method=\"%s\", params=%s, id=%s"
              .formatted(
                  request.method(), JsonText.of(request.params()), JsonText.of(request.id()));
      case JsonRpcMessage.Notification note ->
          ", method=\"%s\", params=%s".formatted(note.method(), JsonText.of(note.params()));
      case JsonRpcMessage.Reply reply ->
          ", result=%s, id=%s".formatted(JsonText.of(reply.result()), JsonText.of(reply.id()));
      case JsonRpcMessage.ErrorReply reply ->
          ", error=%s, id=%s".formatted(JsonText.of(reply.error()), JsonText.of(reply.id()));
    };
  }
}
