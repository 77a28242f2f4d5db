package org.sluice.tools.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.sluice.datapath.netdev.pcap.PcapReader;
import org.sluice.datapath.netdev.pcap.PcapWriter;

/**
 * The probes as captures: {@code FOLDER/PROBE/HOST.pcap} holds what that host sent during that
 * probe under the stateful policy, times counted from the probe's start. Immutable.
 */
final class Captures {
  private static final int MAX_FRAMES = 10_000;

  private final Path folder;

  Captures(Path folder) {
    this.folder = folder;
  }

  /** A frame that a host sent; {@code host} counts in {@link Network#NAMES}. */
  record Sent(int host, long atNs, Frame frame) {}

  /** Everything sent during a probe, in order of time. */
  List<Sent> read(Probe probe) throws IOException {
    List<Sent> all = new ArrayList<>();
    for (int host = 0; host < Network.NAMES.size(); host++) {
      Path file = file(probe, Network.NAMES.get(host));
      if (Files.exists(file)) {
        readHost(host, file, all);
      }
    }
    if (all.isEmpty()) {
      throw new IOException(folder.resolve(probe.title()) + ": there are no captures");
    }
    all.sort(Comparator.comparingLong(Sent::atNs));
    return all;
  }

  private static void readHost(int host, Path file, List<Sent> all) throws IOException {
    try (PcapReader reader = PcapReader.open(file)) {
      PcapReader.Frame frame;
      while ((frame = reader.next()) != null && all.size() < MAX_FRAMES) {
        all.add(new Sent(host, frame.timeNs(), new Frame(frame.bytes())));
      }
    }
  }

  /** Writes what was sent during a probe, in place of what was there. */
  void write(Probe probe, List<Sent> sent) throws IOException {
    Files.createDirectories(folder.resolve(probe.title()));
    for (int host = 0; host < Network.NAMES.size(); host++) {
      Path file = file(probe, Network.NAMES.get(host));
      Files.deleteIfExists(file);
      int wanted = host;
      List<Sent> own = sent.stream().filter(s -> s.host() == wanted).toList();
      if (!own.isEmpty()) {
        try (PcapWriter writer = PcapWriter.create(file)) {
          for (Sent one : own) {
            writer.write(one.atNs(), one.frame().bytes());
          }
        }
      }
    }
  }

  private Path file(Probe probe, String host) {
    return folder.resolve(probe.title()).resolve(host + ".pcap");
  }
}
