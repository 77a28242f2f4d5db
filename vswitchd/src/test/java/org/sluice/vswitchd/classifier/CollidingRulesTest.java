package org.sluice.vswitchd.classifier;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.WordMask;
import org.sluice.openflow.message.FlowMod;

/**
 * A host chooses the lower half of its IPv6 address, and a learning switch makes rules of it. With
 * a hash function that everybody can read, it chooses addresses whose rules all share one chain.
 */
class CollidingRulesTest {
  private static final int COUNT = 20_000;

  /** That function, before it was seeded, and what its multiplier is undone by. */
  private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

  private static long mixed(long hash, long word) {
    long mixed = (hash ^ word) * MULTIPLIER;
    return mixed ^ mixed >>> 29;
  }

  private static long inverse(long odd) {
    long inverse = odd;
    for (int i = 0; i < 5; i++) {
      inverse *= 2 - odd * inverse; // Newton: twice as many bits are right each time
    }
    return inverse;
  }

  /** The {@code i}th word that gives the sum 7 after {@code before}. */
  private static long colliding(long before, int i) {
    long wanted = (long) i << 32 | ((i ^ 7) & 0xffff_ffffL);
    long product = wanted ^ wanted >>> 29 ^ wanted >>> 58;
    long word = product * inverse(MULTIPLIER) ^ before;
    long sum = mixed(before, word);
    assert (int) (sum ^ sum >>> 32) == 7;
    return word;
  }

  private static Match address(long low) {
    FlowKey key = new FlowKey();
    key.set(Field.IPV6_SRC, 0x2001_0db8_0000_0000L, low);
    FlowMask mask = new FlowMask();
    mask.cover(Field.IPV6_SRC);
    return new Match(key, mask);
  }

  @Test
  @Timeout(20)
  void shouldSpreadRulesThatCollideUnderAHashThatIsKnown() {
    TableVersions versions = new TableVersions();
    Classifier table = new Classifier(versions);
    Rule.Body body = new Rule.Body(0, FlowMod.Timeouts.NONE, 0, 0, List.of());
    long before = mixed(0, 0x2001_0db8_0000_0000L);
    Set<Integer> hashes = new HashSet<>();
    for (int i = 0; i < COUNT; i++) {
      Match match = address(colliding(before, i));
      hashes.add(WordMask.hash(match.values()));
      table.insert(new Rule(0, match, 1, body, 0));
      versions.publish();
    }
    assertTrue(hashes.size() > COUNT * 99L / 100, () -> hashes.size() + " hashes");
  }
}
