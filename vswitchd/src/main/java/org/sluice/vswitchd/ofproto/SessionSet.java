package org.sluice.vswitchd.ofproto;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.Role;
import org.sluice.openflow.message.OfVersion;

/** Whoever talks to one switch at present, and how they are told of events. Any thread. */
final class SessionSet {
  private static final int ROLE_BY_PRIMARY = 0;

  private final List<Session> sessions = new CopyOnWriteArrayList<>();

  /** The latest generation that any controller showed; guarded by the writer lock. */
  private Long generation;

  void add(Session session) {
    sessions.add(session);
  }

  void remove(Session session) {
    sessions.remove(session);
  }

  List<Session> all() {
    return sessions;
  }

  /** Whether a controller is there. */
  boolean hasController() {
    return sessions.stream().anyMatch(session -> session.kind() == Session.Kind.CONTROLLER);
  }

  /** Whether a controller is there that expects packets which match nothing. */
  boolean wantsMisses() {
    for (Session session : sessions) {
      if (session.version().isBefore(OfVersion.OF13) && session.kind() == Session.Kind.CONTROLLER) {
        return true;
      }
    }
    return false;
  }

  /**
   * Tells every session that wants it; {@code form} may answer null for one that cannot be told.
   */
  void tell(AsyncConfig.Kind kind, int reason, Function<Session, OfMessage> form) {
    for (Session session : sessions) {
      if (session.wants(kind, reason)) {
        OfMessage message = form.apply(session);
        if (message != null) {
          session.outbox().offer(message);
        }
      }
    }
  }

  Long generation() {
    return generation;
  }

  /** Whether {@code asked} is older than what a controller has shown before; else remembers it. */
  boolean isStale(Long asked) {
    if (asked == null) {
      return false;
    }
    if (generation != null && asked - generation < 0) {
      return true;
    }
    generation = asked;
    return false;
  }

  /** Gives {@code session} its role; the only one that can be primary ends an earlier one. */
  void assign(Session session, Role role) {
    if (role == Role.PRIMARY) {
      for (Session other : sessions) {
        if (other != session && other.role() == Role.PRIMARY) {
          other.setRole(Role.SECONDARY);
          if (!other.version().isBefore(OfVersion.OF13)) {
            other
                .outbox()
                .offer(new OfMessage.RoleStatus(Role.SECONDARY, ROLE_BY_PRIMARY, generation));
          }
        }
      }
    }
    session.setRole(role);
  }
}
