package org.sluice.ovsdb.transaction;

/** Whoever sent a request, as the {@code assert} operation sees them. */
@FunctionalInterface
public interface LockHolder {
  /** Whether the sender holds the lock of that name now. */
  boolean holds(String lock);
}
