package org.sluice.vswitchd.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;

/**
 * In which order the actions of an action set run: the order of their kind, not of their writing.
 * Of each kind but the ones that set fields only the last one written counts; without one that
 * sends the packet somewhere none does.
 */
final class ActionSet {
  /** One instance each, in this order. */
  private static final List<Predicate<OfAction>> FIRST =
      List.of(
          OfAction.PopVlan.class::isInstance,
          OfAction.PopMpls.class::isInstance,
          OfAction.Decap.class::isInstance,
          OfAction.Encap.class::isInstance,
          OfAction.PushMpls.class::isInstance,
          OfAction.PushVlan.class::isInstance,
          OfAction.DecTtl.class::isInstance,
          OfAction.DecMplsTtl.class::isInstance,
          OfAction.DecNshTtl.class::isInstance);

  /** The last of the first kind there is ends the set. */
  private static final List<Predicate<OfAction>> FINAL =
      List.of(
          OfAction.Group.class::isInstance,
          OfAction.Output.class::isInstance,
          OfAction.Resubmit.class::isInstance,
          OfAction.CtClear.class::isInstance,
          Ct.class::isInstance);

  private ActionSet() {}

  /** What the actions written come to; empty where they come to nothing. */
  static List<OfAction> inOrder(List<OfAction> written) {
    OfAction ending = null;
    for (Predicate<OfAction> kind : FINAL) {
      ending = ending == null ? last(written, kind) : ending;
    }
    if (ending == null) {
      return List.of();
    }
    List<OfAction> ordered = new ArrayList<>();
    for (Predicate<OfAction> kind : FIRST) {
      OfAction action = last(written, kind);
      if (action != null) {
        ordered.add(action);
      }
    }
    written.stream().filter(ActionSet::setsField).forEach(ordered::add);
    ordered.add(ending);
    return ordered;
  }

  /** The port that the set will output to, or {@link OfPort#UNSET}. */
  static int output(List<OfAction> written) {
    if (last(written, OfAction.Group.class::isInstance) != null) {
      return OfPort.UNSET;
    }
    OfAction output = last(written, OfAction.Output.class::isInstance);
    return output == null ? OfPort.UNSET : ((OfAction.Output) output).port();
  }

  private static boolean setsField(OfAction action) {
    return FIRST.stream().noneMatch(kind -> kind.test(action))
        && FINAL.stream().noneMatch(kind -> kind.test(action));
  }

  private static OfAction last(List<OfAction> written, Predicate<OfAction> kind) {
    for (int i = written.size() - 1; i >= 0; i--) {
      if (kind.test(written.get(i))) {
        return written.get(i);
      }
    }
    return null;
  }
}
