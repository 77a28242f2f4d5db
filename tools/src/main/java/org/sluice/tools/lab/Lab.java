package org.sluice.tools.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Tries every probe under every policy and says what the switch gave as the reason. Used by one
 * thread.
 *
 * <p>The reason is found by difference: the rules and the drop reasons whose counters a probe
 * moved.
 */
final class Lab {
  private final SwitchUnderTest target;
  private final Prober prober;
  private final Consumer<String> progress;

  /** {@code progress} is told in a few words what is being done. */
  Lab(SwitchUnderTest target, Prober prober, Consumer<String> progress) {
    this.target = target;
    this.prober = prober;
    this.progress = progress;
  }

  /** All rows, and for each policy how its caches did. */
  record Result(
      List<Row> rows, Map<Policy, SwitchUnderTest.CacheCounts> caches, List<String> connections) {
    boolean ok() {
      return rows.stream().allMatch(Row::ok);
    }
  }

  Result run() throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    Map<Policy, SwitchUnderTest.CacheCounts> caches = new EnumMap<>(Policy.class);
    for (Policy policy : Policy.values()) {
      target.install(policy);
      SwitchUnderTest.CacheCounts before = target.caches();
      for (Probe probe : Probe.values()) {
        progress.accept(policy.title() + ": " + probe.title());
        rows.add(tryOne(policy, probe));
      }
      caches.put(policy, target.caches().since(before));
    }
    return new Result(rows, caches, target.connections());
  }

  private Row tryOne(Policy policy, Probe probe) throws IOException, InterruptedException {
    SwitchUnderTest.Counts before = target.counts();
    Verdict got = prober.run(probe);
    return new Row(policy, probe, got, reason(before, target.counts(), got));
  }

  private static String reason(
      SwitchUnderTest.Counts before, SwitchUnderTest.Counts after, Verdict got) {
    TreeSet<String> moved = new TreeSet<>();
    for (SwitchUnderTest.RuleCount rule : after.rules()) {
      boolean relevant = rule.drops() == (got == Verdict.BLOCKED);
      if (relevant && packets(after, rule.cookie()) > packets(before, rule.cookie())) {
        moved.add(String.format("0x%x", rule.cookie()));
      }
    }
    StringBuilder text = new StringBuilder(String.join(" ", moved));
    if (got == Verdict.BLOCKED) {
      after.drops().forEach((name, count) -> appendIfMoved(text, before, name, count));
    }
    return text.toString().strip();
  }

  private static void appendIfMoved(
      StringBuilder text, SwitchUnderTest.Counts before, String name, long count) {
    if (count > before.drops().getOrDefault(name, 0L)) {
      text.append(' ').append(name);
    }
  }

  private static long packets(SwitchUnderTest.Counts counts, long cookie) {
    return counts.rules().stream()
        .filter(rule -> rule.cookie() == cookie)
        .mapToLong(SwitchUnderTest.RuleCount::packets)
        .sum();
  }
}
