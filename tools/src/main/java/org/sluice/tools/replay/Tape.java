package org.sluice.tools.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.sluice.datapath.netdev.pcap.PcapReader;

/**
 * Several captures as one, in the order of their timestamps; where two are equal, in the order in
 * which the captures were named. Used by one thread.
 */
final class Tape implements AutoCloseable {
  private final List<Source> sources = new ArrayList<>();
  private final PriorityQueue<Source> waiting =
      new PriorityQueue<>(
          Comparator.comparingLong((Source source) -> source.next.timeNs())
              .thenComparingInt(source -> source.order));

  /** A frame and the port that it enters by. */
  record Entry(int port, PcapReader.Frame frame) {}

  /** A capture, and the first of its frames that was not taken yet. */
  private static final class Source {
    private final int order;
    private final int port;
    private final PcapReader reader;
    private PcapReader.Frame next;

    Source(int order, int port, PcapReader reader) {
      this.order = order;
      this.port = port;
      this.reader = reader;
    }
  }

  /** Opens the captures; the exception's message says what is wrong with which. */
  Tape(List<PortFile> files) throws IOException {
    try {
      for (PortFile file : files) {
        Source source = new Source(sources.size(), file.port(), PcapReader.open(file.file()));
        sources.add(source);
        wind(source);
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void wind(Source source) throws IOException {
    source.next = source.reader.next();
    if (source.next != null) {
      waiting.add(source);
    }
  }

  /** The next frame of all; null at the end. */
  Entry next() throws IOException {
    Source source = waiting.poll();
    if (source == null) {
      return null;
    }
    Entry entry = new Entry(source.port, source.next);
    wind(source);
    return entry;
  }

  /** Reads captures to their ends, to learn whether they are whole. */
  static void check(List<PortFile> files) throws IOException {
    for (PortFile file : files) {
      try (PcapReader reader = PcapReader.open(file.file())) {
        PcapReader.Frame frame;
        do {
          frame = reader.next();
        } while (frame != null);
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Source source : sources) {
      source.reader.close();
    }
  }
}
