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
  /** Who stands in a line, and whether he has come to its head by theft. */
  private record Place(Session session, boolean stolen) {}

  private final Map<String, Deque<Place>> lines = new HashMap<>();

  private Deque<Place> line(String lock) {
    return lines.computeIfAbsent(lock, _ -> new ArrayDeque<>());
  }

  boolean isOwner(String lock, Session session) {
    return owner(lock) == session;
  }

  private Session owner(String lock) {
    Deque<Place> line = lines.get(lock);
    return line == null ? null : line.getFirst().session();
  }

  /** Whether a session that has asked for a lock may still get it; a robbed thief does not. */
  boolean isInLine(String lock, Session session) {
    Deque<Place> line = lines.get(lock);
    return line != null && line.stream().anyMatch(place -> place.session() == session);
  }

  /** Stands in line; whether the session now owns the lock. */
  boolean lock(String lock, Session session) {
    line(lock).addLast(new Place(session, false));
    session.locks.add(lock);
    return isOwner(lock, session);
  }

  /**
   * Goes to the head of the line; returns who owned the lock, or null. Who has waited for it waits
   * again then; who has stolen it has lost it.
   */
  Session steal(String lock, Session session) {
    Deque<Place> line = line(lock);
    Place victim = line.peekFirst();
    if (victim != null && victim.stolen()) {
      line.removeFirst();
    }
    line.addFirst(new Place(session, true));
    session.locks.add(lock);
    return victim == null ? null : victim.session();
  }

  /** Leaves the line; returns who owns the lock because of that, or null. */
  Session unlock(String lock, Session session) {
    session.locks.remove(lock);
    if (!isInLine(lock, session)) {
      return null;
    }
    boolean owned = isOwner(lock, session);
    Deque<Place> line = lines.get(lock);
    line.removeIf(place -> place.session() == session);
    if (line.isEmpty()) {
      lines.remove(lock);
    }
    return owned ? owner(lock) : null;
  }
}
