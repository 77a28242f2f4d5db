package org.sluice.ovsdb.transaction;

/** Whoever sent a request: what they hold, and who they are to the access rules. */
@FunctionalInterface
public interface LockHolder {
  /** Whether the sender holds the lock of that name now. */
  boolean holds(String lock);

  /** The sender's role; empty for no restriction. */
  default String role() {
    return "";
  }

  /** The name in the sender's certificate; null if unknown. */
  default String clientId() {
    return null;
  }
}
