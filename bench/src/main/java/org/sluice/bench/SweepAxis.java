package org.sluice.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What there can be more and more of. */
enum SweepAxis {
  FLOWS("flows", "one rule forwards all of them", 1_000_000),
  CONNECTIONS("connections", "each packet tracked", 1_000_000),
  RULES("rules", "1,000 flows that only the last rule matches", 1_000_000),
  MASKS("masks", "a sender provokes one with each tenth packet", Traffic.PROVOKED_MASKS);

  /** Open vSwitch has 262,144 buffers for a port at most. */
  private static final int PEER_FRAMES = 200_000;

  private static final int FEW_FLOWS = 1000;
  private static final List<Integer> DECADES =
      List.of(1, 10, 100, 1000, 10_000, 100_000, 1_000_000);

  private final String title;
  private final String note;
  private final int most;

  SweepAxis(String title, String note, int most) {
    this.title = title;
    this.note = note;
    this.most = most;
  }

  /** Its name in charts. */
  String title() {
    return title;
  }

  /** What else there is, in a few words. */
  String note() {
    return note;
  }

  /** How many there are in turn: powers of ten, and the most that there can be. */
  List<Integer> sizes(int least, int limit) {
    return DECADES.stream()
        .map(size -> Math.min(size, most))
        .filter(size -> size >= least && size <= limit)
        .distinct()
        .toList();
  }

  /**
   * Whether the peer can be given so many: what DPDK plays again and again has to fit its buffers.
   */
  boolean isForPeer(int size) {
    return this == RULES || this == MASKS || size <= PEER_FRAMES;
  }

  /** Rules and traffic with {@code size} of them. */
  BenchFiles files(int size) throws IOException {
    return switch (this) {
      case FLOWS -> BenchFiles.write(BenchPolicy.FWD.flows(), file -> Traffic.writeUdp(file, size));
      case CONNECTIONS ->
          BenchFiles.write(BenchPolicy.STATEFUL.flows(), file -> Traffic.writeUdp(file, size));
      case RULES ->
          BenchFiles.write(PolicyText.exact(size - 1), file -> Traffic.writeUdp(file, FEW_FLOWS));
      case MASKS ->
          BenchFiles.write(
              BenchPolicy.TSE.flows(), file -> Traffic.writeProvoked(file, true, size));
    };
  }

  /** Its name on the command line and in files. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
