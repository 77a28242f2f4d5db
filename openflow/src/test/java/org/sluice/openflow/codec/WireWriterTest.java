package org.sluice.openflow.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WireWriterTest {
  @Test
  void shouldKeepEveryByteWhenItGrowsAtAnyOfThem() {
    for (int before = 0; before < 1100; before++) {
      byte[] bytes = new WireWriter().zeros(before).u8(1).u16(0x203).u32(0x4050607).toArray();
      WireReader in = new WireReader(bytes).skip(before);
      assertEquals(0x01020304050607L, in.uint(7), "after " + before);
    }
  }
}
