package org.sluice.ovsdb.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The named locks of RFC 7047 section 4.1.8: for each, its owner and those who wait in line behind.
 * Belongs to the writer thread.
 */
final class LockTable {
  private final Map<String, Deque<Session>> lines = new HashMap<>();

  boolean isOwner(String lock, Session session) {
    Deque<Session> line = lines.get(lock);
    return line != null && line.peekFirst() == session;
  }

  /** Stands in line; whether the session now owns the lock. */
  boolean lock(String lock, Session session) {
    Deque<Session> line = lines.computeIfAbsent(lock, _ -> new ArrayDeque<>());
    line.addLast(session);
    session.locks.add(lock);
    return line.peekFirst() == session;
  }

  /** Goes to the head of the line; returns who owned the lock, or null. */
  Session steal(String lock, Session session) {
    Deque<Session> line = lines.computeIfAbsent(lock, _ -> new ArrayDeque<>());
    Session victim = line.peekFirst();
    line.addFirst(session);
    session.locks.add(lock);
    return victim;
  }

  /** Leaves the line; returns who owns the lock because of that, or null. */
  Session unlock(String lock, Session session) {
    session.locks.remove(lock);
    Deque<Session> line = lines.get(lock);
    boolean owned = line.peekFirst() == session;
    line.remove(session);
    if (line.isEmpty()) {
      lines.remove(lock);
    }
    return owned ? line.peekFirst() : null;
  }
}
