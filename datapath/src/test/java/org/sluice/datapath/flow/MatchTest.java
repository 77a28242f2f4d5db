package org.sluice.datapath.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is kept in few words, beside the same said with whole keys and masks. */
class MatchTest {
  private static final Field[] FIELDS = {
    Field.IN_PORT,
    Field.IP_SRC,
    Field.NW_PROTO,
    Field.ETH_TYPE,
    Field.IPV6_DST,
    Field.TCP_DST,
    Field.CT_LABEL
  };

  private static FlowKey randomKey(Random random) {
    FlowKey key = new FlowKey();
    for (Field field : FIELDS) {
      key.set(field, field.isWide() ? random.nextInt(2) : 0, random.nextInt(2));
    }
    return key;
  }

  private static FlowMask randomMask(Random random) {
    FlowMask mask = new FlowMask();
    for (Field field : FIELDS) {
      if (random.nextInt(3) == 0) {
        mask.set(field, field.isWide() ? random.nextInt(2) : 0, random.nextInt(4));
      }
    }
    return mask;
  }

  @Test
  void shouldSayTheSameAsWholeKeysAndMasks() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      FlowMask mask = randomMask(random);
      FlowKey key = randomKey(random).masked(mask);
      FlowMask otherMask = randomMask(random);
      FlowKey otherKey = randomKey(random).masked(otherMask);
      Match match = new Match(key, mask);
      Match other = new Match(otherKey, otherMask);
      FlowKey packet = randomKey(random);
      String text = "seed " + seed;

      assertEquals(key, match.key(), text);
      assertEquals(mask, match.mask(), text);
      assertEquals(packet.agrees(key, mask), match.matches(packet), text);
      boolean includes = otherMask.includes(mask) && key.agrees(otherKey, mask);
      assertEquals(includes, match.includes(other), text);
      assertEquals(overlap(match, other), match.overlaps(other), text);
      assertEquals(key.equals(otherKey) && mask.equals(otherMask), match.equals(other), text);
      int first = random.nextInt(Word.COUNT);
      int end = first + random.nextInt(Word.COUNT - first);
      boolean isAny = Arrays.stream(mask.words(), first, end).anyMatch(word -> word != 0);
      assertEquals(isAny, match.touchesAny(first, end), text);
      for (Field field : FIELDS) {
        assertEquals(key.get(field), match.get(field), text);
        assertEquals(key.getHigh(field), match.getHigh(field), text);
        assertEquals(mask.get(field), match.mask(field), text);
        assertEquals(mask.getHigh(field), match.maskHigh(field), text);
        assertEquals(mask.touches(field), match.touches(field), text);
        assertEquals(mask.covers(field), match.covers(field), text);
      }
    }
  }

  private static boolean overlap(Match a, Match b) {
    FlowMask both = a.mask();
    for (int i = 0; i < Word.COUNT; i++) {
      both.words()[i] &= b.mask().word(i);
    }
    return a.key().agrees(b.key(), both);
  }

  @Test
  void shouldKeepOneMaskForManyRules() {
    FlowMask mask = new FlowMask();
    mask.cover(Field.TCP_DST);
    FlowKey other = new FlowKey();
    other.set(Field.TCP_DST, 80);
    assertSame(new Match(new FlowKey(), mask).wordMask(), new Match(other, mask.copy()).wordMask());
  }
}
