package org.sluice.openflow.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.text.FlowFormatter;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;

/** Random flows written by us are what Debian's {@code ovs-ofctl} reads, and read back the same. */
class FlowInteropTest {
  private static final Path OVS_OFCTL = Path.of("/usr/bin/ovs-ofctl");
  private static final long SEED = Long.getLong("seed", System.nanoTime());

  private static FlowStats stats(FlowMod mod) {
    return new FlowStats(
        mod.table(),
        mod.priority(),
        mod.match(),
        mod.cookie().value(),
        mod.timeouts(),
        new FlowStats.Ages(12_500_000_000L, -1, -1),
        new FlowRemoved.Counts(7, 420),
        0,
        0,
        mod.actions());
  }

  private static List<FlowStats> flows(boolean extended, int count) throws OfSyntaxException {
    RandomFlows random = new RandomFlows(SEED);
    List<FlowStats> flows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      flows.add(stats(random.next(extended)));
    }
    return flows;
  }

  private static byte[] encode(List<FlowStats> flows, OfVersion version) {
    boolean nxm = version == OfVersion.OF10;
    Multipart.FlowStatsReply reply = new Multipart.FlowStatsReply(flows, nxm, false);
    List<byte[]> messages = OfEncoder.encode(reply, 1, Dialect.of(version));
    assertEquals(1, messages.size());
    return messages.getFirst();
  }

  private static List<FlowStats> decode(byte[] bytes) {
    Decoded decoded = OfDecoder.decode(bytes, false);
    Decoded.Ok ok = assertInstanceOf(Decoded.Ok.class, decoded, "seed " + SEED);
    return assertInstanceOf(Multipart.FlowStatsReply.class, ok.message()).flows();
  }

  @ParameterizedTest
  @EnumSource(OfVersion.class)
  void shouldDecodeWhatItEncodedWhenEncodedTwice(OfVersion version) throws OfSyntaxException {
    for (FlowStats flow : flows(version != OfVersion.OF11, 300)) {
      List<FlowStats> once = decode(encode(List.of(flow), version));
      List<FlowStats> twice = decode(encode(once, version));
      assertEquals(once, twice, "seed " + SEED + " " + flow);
    }
  }

  @ParameterizedTest
  @EnumSource(OfVersion.class)
  void shouldPrintAsOvsOfctlWhenOvsOfctlReadsOurBytes(OfVersion version, @TempDir Path folder)
      throws OfSyntaxException, IOException, InterruptedException {
    assumeTrue(Files.isExecutable(OVS_OFCTL), "ovs-ofctl is not installed");
    byte[] message = encode(flows(true, 100), version);
    List<String> ours = new ArrayList<>();
    for (FlowStats flow : decode(message)) {
      ours.add(FlowFormatter.format(flow, Names.NONE, true));
    }
    List<String> theirs = ofpPrint(message, folder);
    assertEquals(
        String.join("\n", ours),
        String.join("\n", theirs.subList(1, theirs.size())),
        "seed " + SEED);
  }

  private static List<String> ofpPrint(byte[] message, Path folder)
      throws IOException, InterruptedException {
    Path output = folder.resolve("out");
    Process process =
        new ProcessBuilder(
                OVS_OFCTL.toString(), "ofp-print", HexFormat.of().formatHex(message), "2")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.waitFor();
    String text = Files.readString(output, StandardCharsets.UTF_8);
    return text.lines().map(String::strip).toList();
  }

  @Test
  void shouldSplitAReplyWhenItDoesNotFitIntoOneMessage() throws OfSyntaxException {
    List<FlowStats> flows = flows(true, 2000);
    Multipart.FlowStatsReply reply = new Multipart.FlowStatsReply(flows, false, false);
    List<FlowStats> seen = new ArrayList<>();
    List<byte[]> messages = OfEncoder.encode(reply, 1, Dialect.of(OfVersion.OF13));
    messages.forEach(message -> seen.addAll(decode(message)));
    assertEquals(flows.size(), seen.size());
  }
}
