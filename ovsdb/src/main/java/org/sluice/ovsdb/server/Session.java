package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.sluice.ovsdb.transaction.LockHolder;

/** One client: its monitors, locks and waiting requests. Belongs to the server's writer thread. */
final class Session implements LockHolder {
  private final Peer peer;
  private final LockTable lockTable;
  final Map<JsonNode, Monitor> monitors = new LinkedHashMap<>();
  final Map<JsonNode, WaitingRequest> waiting = new LinkedHashMap<>();
  final Set<String> locks = new HashSet<>();
  boolean databaseChangeAware;
  long lastHeardMs;
  boolean probed;

  Session(Peer peer, LockTable lockTable, long nowMs) {
    this.peer = peer;
    this.lockTable = lockTable;
    this.lastHeardMs = nowMs;
  }

  Peer peer() {
    return peer;
  }

  @Override
  public boolean holds(String lock) {
    return lockTable.isOwner(lock, this);
  }
}
