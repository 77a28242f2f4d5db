package org.sluice.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A flow file and a capture in a folder of their own, which goes when this is closed.
 *
 * @param folder where they lie
 */
record BenchFiles(Path folder) implements Closeable {
  /** Makes them. */
  static BenchFiles write(String flows, BenchRow.CaptureWriter writer) throws IOException {
    BenchFiles files = new BenchFiles(Files.createTempDirectory("sluice-bench"));
    try {
      Files.writeString(files.flows(), flows);
      writer.write(files.capture());
      return files;
    } catch (IOException e) {
      files.close();
      throw e;
    }
  }

  Path flows() {
    return folder.resolve("flows");
  }

  Path capture() {
    return folder.resolve("capture.pcap");
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(flows());
    Files.deleteIfExists(capture());
    Files.delete(folder);
  }
}
