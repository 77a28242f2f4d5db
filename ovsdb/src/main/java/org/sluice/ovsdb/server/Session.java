package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.ovsdb.transaction.LockHolder;

/** One client: its monitors, locks and waiting requests. Belongs to the server's writer thread. */
final class Session implements LockHolder {
  private final Peer peer;
  private final LockTable lockTable;
  final Map<JsonNode, Monitor> monitors = new LinkedHashMap<>();
  final Map<JsonNode, WaitingRequest> waiting = new LinkedHashMap<>();

  /** Requests that another server is to answer, by their ids. */
  final Map<JsonNode, JsonRpcMessage.Request> forwarded = new LinkedHashMap<>();

  final Set<String> locks = new HashSet<>();
  boolean databaseChangeAware;
  long lastHeardMs;
  boolean probed;

  /** Whether something goes to the client at the end of this batch. */
  boolean hears;

  /** How many bytes that is. */
  long heldBytes;

  /** How much of {@link KeptItems} is this client's. */
  long keptBytes;

  /** Whether some monitor has changes to tell that the client was too slow for. */
  boolean lagging;

  Session(Peer peer, LockTable lockTable, long nowMs) {
    this.peer = peer;
    this.lockTable = lockTable;
    this.lastHeardMs = nowMs;
  }

  /** The client has given a sign of life. */
  void heard(Now now) {
    lastHeardMs = now.monotonicMs();
    probed = false;
  }

  private RemoteOptions options() {
    return peer.remote() == null ? RemoteOptions.NONE : peer.remote().options();
  }

  /** Whether the client may change nothing. */
  boolean isReadOnly() {
    return options().readOnly();
  }

  @Override
  public String role() {
    return options().role();
  }

  @Override
  public String clientId() {
    return peer.clientId();
  }

  /** How long the client may be silent; 0 for ever. */
  long probeMs(long usualMs) {
    Remote remote = peer.remote();
    boolean mayVanish = remote != null && remote.needsProbes();
    return options().probeMs(mayVanish ? usualMs : 0);
  }

  Peer peer() {
    return peer;
  }

  /** How many of {@link KeptItems} are this client's. */
  int keptItems() {
    return monitors.size() + locks.size() + waiting.size() + forwarded.size();
  }

  /** Whether so much is to be sent that no request is dealt with that would add to it. */
  boolean isFull() {
    return heldBytes + peer.backlogBytes() > Peer.BACKLOG_BYTES;
  }

  /** Whether a lock that the client has asked for may still become its own. */
  boolean waitsFor(String lock) {
    return !holds(lock) && lockTable.isInLine(lock, this);
  }

  @Override
  public boolean holds(String lock) {
    return lockTable.isOwner(lock, this);
  }
}
