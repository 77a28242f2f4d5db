package org.sluice.base.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawTextTest {
  /** The second column is what Open vSwitch's utf8_validate() says of the bytes. */
  @ParameterizedTest
  @CsvSource({
    "ff, 0xff",
    "61c3, 0xc3 0x00",
    "c328, 0xc3 0x28",
    "c080, 0xc0",
    "eda0bd, 0xed 0xa0",
    "edb49e, 0xed 0xb4",
    "e28228, 0xe2 0x82 0x28",
    "f0908028, 0xf0 0x90 0x80 0x28",
    "f490, 0xf4 0x90",
    "f5, 0xf5",
    "80, 0x80",
  })
  void shouldTellWhichBytesAreWrong(String hex, String wrong) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    String text = RawText.decode(bytes, 0, bytes.length);
    assertEquals(wrong, RawText.wrongBytes(text));
    assertArrayEquals(bytes, RawText.encode(text));
  }

  @Test
  void shouldFindNothingWrongWithText() {
    for (String text : new String[] {"", "abc", "é\u07ff\u0800\uffff", "𝄞\udbff\udfff"}) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      assertEquals(text, RawText.decode(bytes, 0, bytes.length));
      assertNull(RawText.wrongBytes(text));
    }
  }

  @Test
  void shouldLoseNothingOfAnyBytes() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      String text = RawText.decode(bytes, 0, bytes.length);
      assertArrayEquals(bytes, RawText.encode(text), "seed " + seed);
    }
  }
}
