package org.sluice.ovsdb.server;

import org.sluice.base.jsonrpc.JsonRpcException;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;

/**
 * The log, how often a stranger may make us write to it, and the log of every message. Thread-safe.
 */
record ClientLogs(Vlog log, VlogRateLimit complaints, MessageLog messages) {
  /** Says that a client sent what is no message. */
  void complain(String client, JsonRpcException mistake) {
    messages.log().log(complaints, LogLevel.WARN, "%s: %s", client, mistake.getMessage());
  }
}
