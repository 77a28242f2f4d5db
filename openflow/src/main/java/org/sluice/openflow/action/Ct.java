package org.sluice.openflow.action;

import java.util.List;

/**
 * Sends the packet through connection tracking.
 *
 * @param flags {@link #COMMIT}, {@link #FORCE}
 * @param zoneField bits that hold the zone, or null where {@code zone} says it
 * @param table where a copy that knows its connection continues; {@link #NO_TABLE} for nowhere
 * @param alg port number of the protocol whose gateway follows the connection, as {@link CtGateway}
 *     has it, or 0
 * @param actions run on the connection: {@link Nat} and writes of ct_mark and ct_label
 */
public record Ct(
    int flags, FieldSlice zoneField, int zone, int table, int alg, List<OfAction> actions)
    implements OfAction {
  public static final int COMMIT = 1;
  public static final int FORCE = 2;
  public static final int NO_TABLE = 0xff;

  public Ct {
    actions = List.copyOf(actions);
  }

  /** Whether the connection is remembered. */
  public boolean commit() {
    return (flags & COMMIT) != 0;
  }

  /** Whether a connection in the other direction is replaced. */
  public boolean force() {
    return (flags & FORCE) != 0;
  }

  /** Whether a copy continues in another table. */
  public boolean recirculates() {
    return table != NO_TABLE;
  }

  /** The translation asked for; null for none. */
  public Nat nat() {
    for (OfAction action : actions) {
      if (action instanceof Nat nat) {
        return nat;
      }
    }
    return null;
  }
}
