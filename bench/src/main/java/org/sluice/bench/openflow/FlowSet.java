package org.sluice.bench.openflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.text.FlowParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;

/**
 * Flows that are all different: some service of some address, tracked and sent on. Stateless.
 *
 * <pre>
 *   table=2,priority=105,tcp,nw_dst=10.0.30.66,tp_dst=99,actions=ct(commit),output:3
 * </pre>
 */
final class FlowSet {
  private FlowSet() {}

  static String text(int number, int tables) {
    return "table=%d,priority=%d,tcp,nw_dst=10.%d.%d.%d,tp_dst=%d,actions=ct(commit),output:%d"
        .formatted(
            number % tables,
            100 + number % 7,
            number >> 16,
            number >> 8 & 255,
            number & 255,
            80 + number % 50,
            1 + number % 8);
  }

  /** Writes the first {@code count} flows as ovs-ofctl reads them. */
  static Path write(Path file, int count) throws IOException {
    List<String> lines = IntStream.range(0, count).mapToObj(i -> text(i, 4)).toList();
    return Files.write(file, lines);
  }

  /** The request that adds flow {@code number}. */
  static FlowMod add(int number, int tables) throws IOException {
    try {
      return FlowParser.parse(FlowMod.Command.ADD, text(number, tables), Names.NONE);
    } catch (OfSyntaxException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
