package org.sluice.vswitchd.ofproto;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.sluice.openflow.action.Learn;
import org.sluice.openflow.action.OfAction;
import org.sluice.vswitchd.classifier.Rule;

/**
 * Which learned rules go when nobody is left who would learn them: those that a {@code
 * learn(delete_learned)} action makes, known by their table and cookie. Counts the rules with such
 * an action. Under the writer lock.
 */
final class Teachers {
  private final Map<Lesson, Integer> counts = new HashMap<>();

  /** What an action teaches: rules of a table with a cookie. */
  record Lesson(int table, long cookie) {}

  /** A rule is there from now on. */
  void add(Rule rule) {
    forEach(rule.actions(), lesson -> counts.merge(lesson, 1, Integer::sum));
  }

  /** A rule is there no more; {@code last} is told what it was the last to teach. */
  void remove(Rule rule, Consumer<Lesson> last) {
    forEach(
        rule.actions(),
        lesson -> {
          if (counts.merge(lesson, -1, Teachers::sumOrNone) == null) {
            last.accept(lesson);
          }
        });
  }

  private static Integer sumOrNone(int a, int b) {
    return a + b == 0 ? null : a + b;
  }

  /** Whether a rule teaches that. */
  boolean has(Lesson lesson) {
    return counts.containsKey(lesson);
  }

  private static void forEach(List<OfAction> actions, Consumer<Lesson> visitor) {
    for (OfAction action : actions) {
      if (action instanceof Learn learn && (learn.flags() & Learn.DELETE_LEARNED) != 0) {
        visitor.accept(new Lesson(learn.table(), learn.cookie()));
      } else if (action instanceof OfAction.Clone clone) {
        forEach(clone.actions(), visitor);
      }
    }
  }
}
