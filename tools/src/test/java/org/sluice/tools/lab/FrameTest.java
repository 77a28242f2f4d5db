package org.sluice.tools.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final Frame.Ends ENDS = new Frame.Ends(2, 4, 0x0a4d0001, 0x0a4d0002);

  @Test
  void shouldShowWhatItWasBuiltFrom() {
    byte[] data = "hello".getBytes(StandardCharsets.US_ASCII);
    Frame.Segment segment = new Frame.Segment(1000, 80, 0xfffffff0L, 7, Frame.TCP_ACK);
    Frame frame = Frame.tcp(ENDS, segment, data);
    assertTrue(frame.isTcp());
    assertEquals(0x0a4d0001, frame.sourceIp());
    assertEquals(1000, frame.sourcePort());
    assertEquals(80, frame.destinationPort());
    assertEquals(0xfffffff0L, frame.sequence());
    assertEquals(7, frame.acknowledgement());
    assertEquals(Frame.TCP_ACK, frame.tcpFlags());
    assertArrayEquals(data, frame.payload());
  }

  @Test
  void shouldHaveARightChecksumAlready() {
    Frame.Segment segment = new Frame.Segment(1, 2, 3, 4, Frame.TCP_SYN);
    Frame frame = Frame.tcp(ENDS, segment, new byte[] {1, 2, 3});
    assertEquals(frame, frame.withTcpChecksum());
  }

  @Test
  void shouldAnswerForAnyBytes() {
    long seed = Long.getLong("seed", 5);
    Random random = new Random(seed);
    byte[] whole = Frame.tcp(ENDS, new Frame.Segment(1, 2, 3, 4, 2), new byte[40]).bytes();
    for (int round = 0; round < 2000; round++) {
      byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      for (int i = 0; i < 3 && bytes.length > 0; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Frame frame = new Frame(bytes);
      for (Probe probe : Probe.values()) {
        assertFalse(Marks.decides(probe, frame) && bytes.length < 34, "seed " + seed);
      }
    }
  }
}
