package org.sluice.bench.ovsdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What it costs here to have a few bytes on the disk for sure. Stateless. */
final class SyncCost {
  private static final int ROUNDS = 100;
  private static final int LENGTH = 300;

  /** A disk takes longer; a file system in memory or a virtual disk that lies does not. */
  private static final double SUSPICIOUS_US = 50;

  private SyncCost() {}

  /**
   * Microseconds of one write and sync in {@code folder}.
   *
   * @param fresh whether the file grows by it; else it goes where something was written before
   */
  static double microseconds(Path folder, boolean fresh) throws IOException {
    Path file = folder.resolve("sync.test");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      if (!fresh) {
        channel.write(ByteBuffer.allocate(ROUNDS * LENGTH));
        channel.force(true);
        channel.position(0);
      }
      long startNs = System.nanoTime();
      for (int i = 0; i < ROUNDS; i++) {
        channel.write(ByteBuffer.allocate(LENGTH));
        channel.force(false);
      }
      return (System.nanoTime() - startNs) / 1e3 / ROUNDS;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** One line about it. */
  static String describe(Path folder) throws IOException {
    double us = microseconds(folder, true);
    String hint =
        us < SUSPICIOUS_US
            ? ": too fast for a disk, so durability costs less here than it would on one"
            : "";
    return "One append and sync in %s takes %.0f microseconds, into space written before %.0f%s."
        .formatted(Files.getFileStore(folder).type(), us, microseconds(folder, false), hint);
  }
}
