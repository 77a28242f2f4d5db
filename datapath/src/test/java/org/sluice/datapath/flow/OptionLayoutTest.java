package org.sluice.datapath.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OptionLayoutTest {
  private static final Field ONE = Field.TUN_METADATA1;
  private static final Field TWO = Field.TUN_METADATA2;

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void shouldPutValuesAtTheEndOfTheirPlace() {
    OptionLayout layout = OptionLayout.NONE.with(ONE, 6, false);
    FlowKey key = new FlowKey();
    layout.set(key, ONE, bytes(0x12, 0x34));
    assertArrayEquals(bytes(0, 0, 0, 0, 0x12, 0x34), layout.get(key, ONE));
    layout.set(key, ONE, bytes(1, 2, 3, 4, 5, 6, 7, 8));
    assertArrayEquals(bytes(3, 4, 5, 6, 7, 8), layout.get(key, ONE));
  }

  @Test
  void shouldGiveEachOptionItsValueAsAField() {
    OptionLayout layout = OptionLayout.NONE.with(ONE, 12, false);
    FlowKey key = new FlowKey();
    key.layOut(layout);
    key.set(ONE, 0xaabbL, 0x1122334455667788L);
    assertEquals(0xaabbL, key.getHigh(ONE));
    assertEquals(0x1122334455667788L, key.get(ONE));
    assertArrayEquals(
        bytes(0, 0, 0xaa, 0xbb, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88),
        layout.get(key, ONE));
  }

  /** Options of random lengths come and go; those that stay must not notice. */
  @Test
  void shouldLeaveOthersWhereTheyAreWhenOptionsComeAndGo() {
    long seed = 7;
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      OptionLayout layout = OptionLayout.NONE;
      FlowKey key = new FlowKey();
      Map<Field, byte[]> values = new EnumMap<>(Field.class);
      for (int step = 0; step < 60; step++) {
        Field option = Field.option(random.nextInt(64));
        if (layout.has(option)) {
          layout.remove(key, option);
          layout = layout.without(option);
          values.remove(option);
        } else {
          int length = 4 * random.nextInt(32);
          OptionLayout more = layout.with(option, length, false);
          assertEquals(
              layout.takenBytes() + length <= OptionLayout.MAX_BYTES, more != null, "seed " + seed);
          if (more != null) {
            layout = more;
            byte[] value = new byte[length];
            random.nextBytes(value);
            layout.set(key, option, value);
            values.put(option, value);
          }
        }
        for (Map.Entry<Field, byte[]> entry : values.entrySet()) {
          assertArrayEquals(entry.getValue(), layout.get(key, entry.getKey()), "seed " + seed);
        }
        assertEquals(values.size(), Long.bitCount(key.word(Word.TUN_OPTIONS)), "seed " + seed);
      }
    }
  }

  @Test
  void shouldAdoptAMatchOfAnotherLayout() {
    OptionLayout short2 = OptionLayout.NONE.with(TWO, 1, true).with(ONE, 2, false);
    FlowKey key = new FlowKey();
    FlowMask mask = new FlowMask();
    key.layOut(short2);
    mask.layOut(short2);
    short2.set(key, ONE, bytes(0xab, 0xcd));
    mask.cover(ONE);
    short2.set(key, TWO, bytes(0xef));
    mask.cover(TWO);
    Match match = new Match(key, mask);

    OptionLayout table = OptionLayout.NONE.with(ONE, 4, false).with(TWO, 8, false);
    Match adopted = table.adopt(match);
    assertNotNull(adopted);
    assertArrayEquals(bytes(0, 0, 0xab, 0xcd), adopted.option(ONE));
    assertArrayEquals(bytes(0xff, 0xff, 0xff, 0xff), adopted.optionMask(ONE));
    assertArrayEquals(bytes(0, 0, 0, 0, 0, 0, 0, 0xef), adopted.option(TWO));
    assertArrayEquals(bytes(0, 0, 0, 0, 0, 0, 0, 0xff), adopted.optionMask(TWO));
    assertTrue(table.agrees(adopted));
    assertFalse(table.without(ONE).agrees(adopted));
    assertNull(table.without(ONE).adopt(match));
  }

  @Test
  void shouldKeepMatchesOfDifferentLayoutsApart() {
    Match first = any(OptionLayout.NONE.with(ONE, 4, false));
    Match second = any(OptionLayout.NONE.with(ONE, 8, false));
    assertEquals(4, first.option(ONE).length);
    assertEquals(8, second.option(ONE).length);
  }

  private static Match any(OptionLayout layout) {
    FlowMask mask = new FlowMask();
    mask.layOut(layout);
    layout.set(mask, ONE, new byte[0]);
    FlowKey key = new FlowKey();
    Arrays.fill(key.words(), Word.TUN_OPTIONS, Word.TUN_METADATA, -1L);
    return new Match(key, mask);
  }
}
