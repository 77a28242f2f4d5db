package org.sluice.datapath.netdev.pcap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapTest {
  private static final long START_NS = 1_700_000_000_000_000_000L;

  @TempDir private Path directory;

  private static byte[] frame(int fill, int length) {
    byte[] frame = new byte[length];
    Arrays.fill(frame, (byte) fill);
    return frame;
  }

  private Path capture(int frames) throws IOException {
    Path path = directory.resolve("in.pcap");
    try (PcapWriter writer = PcapWriter.create(path)) {
      for (int i = 0; i < frames; i++) {
        writer.write(START_NS + i * 1_000_000L, frame(i, 60 + i));
      }
    }
    return path;
  }

  @Test
  void shouldReadBackWhatWasWritten() throws IOException {
    try (PcapReader reader = PcapReader.open(capture(3))) {
      for (int i = 0; i < 3; i++) {
        PcapReader.Frame read = reader.next();
        assertEquals(START_NS + i * 1_000_000L, read.timeNs());
        assertArrayEquals(frame(i, 60 + i), read.bytes());
      }
      assertNull(reader.next());
    }
  }

  @Test
  void shouldReadNanosecondsAndOtherByteOrder() throws IOException {
    ByteBuffer file = ByteBuffer.allocate(24 + 16 + 2);
    file.putInt(0xa1b23c4d).putInt(0x00020004).putLong(0).putInt(65535).putInt(1);
    file.putInt(5).putInt(7).putInt(2).putInt(100).put((byte) 8).put((byte) 9);
    Path path = directory.resolve("big-endian.pcap");
    Files.write(path, file.array());
    try (PcapReader reader = PcapReader.open(path)) {
      PcapReader.Frame read = reader.next();
      assertEquals(5_000_000_007L, read.timeNs());
      assertEquals(100, read.originalBytes());
      assertArrayEquals(new byte[] {8, 9}, read.bytes());
    }
  }

  @Test
  void shouldSayWhatIsWrongWhenFileIsNoCapture() throws IOException {
    assertTrue(openError("missing.pcap", null).endsWith("missing.pcap: No such file or directory"));
    assertTrue(openError("empty", new byte[0]).endsWith("empty: empty, not a capture file"));
    assertTrue(openError("short", new byte[9]).endsWith("short: only 9 bytes, not a capture file"));
    assertThrows(IOException.class, () -> PcapReader.open(directory), directory + ": a folder");
    assertTrue(openError("text", new byte[99]).contains("not a capture file"));
    assertTrue(openError("ng", pcapng()).contains("editcap -F pcap"));
    byte[] whole = Files.readAllBytes(capture(2));
    Path cut = directory.resolve("cut.pcap");
    Files.write(cut, Arrays.copyOf(whole, whole.length - 5));
    try (PcapReader reader = PcapReader.open(cut)) {
      reader.next();
      IOException e = assertThrows(IOException.class, reader::next);
      assertTrue(e.getMessage().endsWith("cut.pcap: cut off after frame 1"), e.getMessage());
    }
  }

  private static byte[] pcapng() {
    return ByteBuffer.allocate(28).putInt(0x0a0d0d0a).array();
  }

  private String openError(String name, byte[] content) throws IOException {
    Path path = directory.resolve(name);
    if (content != null) {
      Files.write(path, content);
    }
    return assertThrows(IOException.class, () -> PcapReader.open(path)).getMessage();
  }
}
