package org.sluice.datapath.packet;

import org.sluice.base.memory.OffHeap;

/**
 * The CRC-32C that SCTP uses as its checksum, over memory by address.
 *
 * <p>Eight bytes a step: table {@code k} holds what a byte comes to {@code k} zero bytes later.
 * (The JDK's own class wants an array or a buffer object per call.) Stateless.
 */
final class Crc32c {
  private static final int POLYNOMIAL = 0x82f6_3b78;
  private static final int[][] TABLES = tables();

  private Crc32c() {}

  private static int[][] tables() {
    int[][] tables = new int[8][256];
    for (int i = 0; i < 256; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) * POLYNOMIAL);
      }
      tables[0][i] = crc;
    }
    for (int k = 1; k < 8; k++) {
      for (int i = 0; i < 256; i++) {
        int before = tables[k - 1][i];
        tables[k][i] = (before >>> 8) ^ tables[0][before & 0xff];
      }
    }
    return tables;
  }

  /**
   * The CRC register after {@code bytes} more bytes; starts at -1 and is complemented at the end.
   */
  static int update(int register, long address, int bytes) {
    int crc = register;
    long at = address;
    long end = address + bytes;
    for (; at + 8 <= end; at += 8) {
      crc = step(Long.reverseBytes(OffHeap.getLongBe(at)) ^ (crc & 0xffff_ffffL));
    }
    for (; at < end; at++) {
      crc = (crc >>> 8) ^ TABLES[0][(crc ^ OffHeap.getByte(at)) & 0xff];
    }
    return crc;
  }

  /** The CRC register after one more byte, which is 0. */
  static int updateZero(int register) {
    return (register >>> 8) ^ TABLES[0][register & 0xff];
  }

  private static int step(long word) {
    int low = (int) word;
    int high = (int) (word >>> 32);
    return TABLES[7][low & 0xff]
        ^ TABLES[6][low >>> 8 & 0xff]
        ^ TABLES[5][low >>> 16 & 0xff]
        ^ TABLES[4][low >>> 24]
        ^ TABLES[3][high & 0xff]
        ^ TABLES[2][high >>> 8 & 0xff]
        ^ TABLES[1][high >>> 16 & 0xff]
        ^ TABLES[0][high >>> 24];
  }
}
