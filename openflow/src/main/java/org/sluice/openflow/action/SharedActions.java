package org.sluice.openflow.action;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Lists of actions that are kept once for many rules: a table of a hundred thousand rules does a
 * hundred different things. The latest are known; whether a list is shared makes no difference but
 * for memory, and for how far apart lies what is looked at for each rule. Any thread.
 */
public final class SharedActions {
  private static final int KNOWN = 1024;
  private static final AtomicReferenceArray<List<OfAction>> LATEST =
      new AtomicReferenceArray<>(KNOWN);

  private SharedActions() {}

  /** An immutable list equal to {@code actions}. */
  public static List<OfAction> of(List<OfAction> actions) {
    int hash = actions.hashCode();
    int slot = (hash ^ hash >>> 16) & KNOWN - 1;
    List<OfAction> known = LATEST.get(slot);
    if (actions.equals(known)) {
      return known;
    }
    List<OfAction> copy = List.copyOf(actions);
    LATEST.set(slot, copy);
    return copy;
  }
}
