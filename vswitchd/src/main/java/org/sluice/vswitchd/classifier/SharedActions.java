package org.sluice.vswitchd.classifier;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.sluice.openflow.action.OfAction;

/**
 * Lists of actions that are kept once for many rules: a table of a hundred thousand rules does a
 * hundred different things. The latest are known; whether a list is shared makes no difference but
 * for memory. Any thread.
 */
final class SharedActions {
  private static final int KNOWN = 1024;
  private static final AtomicReferenceArray<List<OfAction>> LATEST =
      new AtomicReferenceArray<>(KNOWN);

  private SharedActions() {}

  /** A list equal to {@code actions}, which is immutable. */
  static List<OfAction> of(List<OfAction> actions) {
    int hash = actions.hashCode();
    int slot = (hash ^ hash >>> 16) & KNOWN - 1;
    List<OfAction> known = LATEST.get(slot);
    if (actions.equals(known)) {
      return known;
    }
    LATEST.set(slot, actions);
    return actions;
  }
}
