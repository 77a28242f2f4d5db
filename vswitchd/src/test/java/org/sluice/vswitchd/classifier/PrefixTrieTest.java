package org.sluice.vswitchd.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.vswitchd.classifier.PrefixTrie.Bits;
import org.sluice.vswitchd.classifier.PrefixTrie.Found;

class PrefixTrieTest {
  private final PrefixTrie trie = new PrefixTrie();
  private final List<Bits> oracle = new ArrayList<>();

  /** A prefix of an IPv4 address. */
  private static Bits prefix(int a, int b, int c, int d, int length) {
    long address = (long) a << 24 | b << 16 | c << 8 | d;
    return new Bits(address << 32, 0, length);
  }

  private Found lookup(int a, int b, int c, int d) {
    return trie.lookup(prefix(a, b, c, d, 32));
  }

  @Test
  void shouldFindAllPrefixesOfAnAddress() {
    trie.add(prefix(10, 0, 0, 0, 8));
    trie.add(prefix(10, 1, 0, 0, 16));
    trie.add(prefix(10, 1, 128, 0, 17));

    Found found = lookup(10, 1, 2, 3);
    assertTrue(found.has(8));
    assertTrue(found.has(16));
    assertFalse(found.has(17));
    assertEquals(17, found.looked(17));
  }

  @Test
  void shouldRestOnTheFirstBitThatTells() {
    trie.add(prefix(10, 0, 0, 0, 8));

    assertFalse(lookup(192, 168, 0, 1).has(8));
    assertEquals(1, lookup(192, 168, 0, 1).looked(8));
    assertEquals(0, lookup(10, 9, 9, 9).looked(16), "nothing longer could match");
  }

  @Test
  void shouldNotLookAtMoreBitsForNetworksBecauseOfAHostNextToTheAddress() {
    trie.add(prefix(10, 1, 0, 0, 16));
    trie.add(prefix(10, 8, 0, 0, 16));
    trie.add(prefix(10, 128, 0, 0, 16));
    trie.add(prefix(10, 2, 3, 4, 32));

    Found found = lookup(10, 2, 3, 5);
    assertEquals(15, found.looked(16), "10.0/14 has no network that begins as 10.2");
    assertEquals(32, found.looked(32));
  }

  @Test
  void shouldForgetAPrefixWithItsLastRule() {
    trie.add(prefix(10, 0, 0, 0, 8));
    trie.add(prefix(10, 0, 0, 0, 8));
    trie.remove(prefix(10, 0, 0, 0, 8));
    assertTrue(lookup(10, 0, 0, 1).has(8));

    trie.remove(prefix(10, 0, 0, 0, 8));
    assertFalse(lookup(10, 0, 0, 1).has(8));
    assertEquals(0, lookup(10, 0, 0, 1).looked(8));
  }

  /** Every answer is as that of a list that is gone through from end to end. */
  @ParameterizedTest
  @ValueSource(ints = {32, 128})
  void shouldAnswerAsAListDoes(int width) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int step = 0; step < 20_000; step++) {
      boolean grows = step / 4000 % 2 == 0;
      if (oracle.isEmpty() || random.nextInt(5) < (grows ? 3 : 1)) {
        Bits added = some(random, width, 1 + random.nextInt(width));
        trie.add(added);
        oracle.add(added);
      } else {
        Bits removed = oracle.remove(random.nextInt(oracle.size()));
        trie.remove(removed);
      }
      Bits value = some(random, width, width);
      check(value, width, "seed " + seed + " value " + value);
    }
  }

  /** Few bits of it are set, so that prefixes share much. */
  private static Bits some(Random random, int width, int length) {
    long high = fewBits(random);
    long low = fewBits(random);
    return new Bits(width == 32 ? high & -1L << 32 : high, width == 32 ? 0 : low, length);
  }

  private static long fewBits(Random random) {
    long bits = 0;
    for (int i = random.nextInt(12); i > 0; i--) {
      bits |= 1L << random.nextInt(Long.SIZE);
    }
    return bits;
  }

  private void check(Bits value, int width, String run) {
    Found found = trie.lookup(value);
    for (int length = 1; length <= width; length++) {
      int shared = -1;
      for (Bits prefix : oracle) {
        if (prefix.length() == length) {
          shared = Math.max(shared, value.common(prefix));
        }
      }
      assertEquals(shared == length, found.has(length), run + " length " + length);
      if (shared != length) {
        assertEquals(shared + 1, found.looked(length), run + " length " + length);
      }
    }
  }
}
