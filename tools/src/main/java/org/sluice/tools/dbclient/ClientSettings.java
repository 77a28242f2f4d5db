package org.sluice.tools.dbclient;

/**
 * The options that change what commands do. Immutable.
 *
 * @param timestamp whether {@code monitor} says when each update came
 * @param force whether {@code restore} overlooks differences of the schemas
 * @param leaderOnly whether a cluster's other members are passed over
 * @param changeAware whether {@code set_db_change_aware} is sent; null for where it is known
 */
record ClientSettings(boolean timestamp, boolean force, boolean leaderOnly, Boolean changeAware) {
  boolean mustBeChangeAware() {
    return changeAware != null && changeAware;
  }

  boolean mayBeChangeAware() {
    return changeAware == null || changeAware;
  }
}
