package org.sluice.openflow.print;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.codec.Dialect;
import org.sluice.openflow.codec.Inspected;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.GroupMod.Bucket;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.text.Names;

/**
 * Random messages of many forms: they are read back as they were, and Debian's {@code ovs-ofctl}
 * prints the same of them, many in one run.
 */
class MessageInteropTest {
  private static final Path OVS_OFCTL = Path.of("/usr/bin/ovs-ofctl");
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int ROUNDS = 40;

  private final Random random = new Random(SEED);

  private long below(long bound) {
    return random.nextLong(bound);
  }

  private int u16() {
    return random.nextInt(1 << 16);
  }

  private int port() {
    return random.nextInt(0xff00);
  }

  private FlowRemoved.Counts counts() {
    return new FlowRemoved.Counts(below(1L << 40), below(1L << 50));
  }

  /** Whole milliseconds: what is finer is printed otherwise by older versions. */
  private long duration() {
    return below(100_000) * 1_000_000_000 + below(1000) * 1_000_000;
  }

  private GroupMod group(OfVersion version) {
    GroupMod.Type type = GroupMod.Type.values()[random.nextInt(4)];
    int count = type == GroupMod.Type.INDIRECT ? 1 : 1 + random.nextInt(3);
    boolean ids = version == OfVersion.OF10 || version == OfVersion.OF15;
    List<Bucket> buckets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int weight = type == GroupMod.Type.SELECT ? u16() : 0;
      boolean watched = type == GroupMod.Type.FAST_FAILOVER;
      buckets.add(
          new Bucket(
              ids ? i : Bucket.ID_ALL,
              weight,
              watched ? port() : OfPort.ANY,
              GroupMod.ANY,
              List.of(OfAction.Output.to(1 + random.nextInt(1000)))));
    }
    GroupMod.Command command =
        random.nextBoolean() ? GroupMod.Command.ADD : GroupMod.Command.MODIFY;
    return new GroupMod(
        command, random.nextInt(1 << 30), type, Bucket.ID_ALL, buckets, GroupMod.Selection.DEFAULT);
  }

  private MeterMod meter() {
    int rate = 1 + random.nextInt(1 << 20);
    MeterMod.Band drop = new MeterMod.Band(MeterMod.Band.DROP, rate, 0, 0);
    MeterMod.Band remark =
        new MeterMod.Band(MeterMod.Band.DSCP_REMARK, 1 + rate, 0, 1 + random.nextInt(3));
    return new MeterMod(
        MeterMod.Command.values()[random.nextInt(2)],
        new MeterMod.Config(
            1 + random.nextInt(1 << 20),
            random.nextBoolean() ? MeterMod.Config.KBPS : MeterMod.Config.PKTPS,
            List.of(drop, remark)));
  }

  private Multipart.GroupStats groupStats() {
    return new Multipart.GroupStats(
        random.nextInt(1 << 30), random.nextInt(100), counts(), duration(), List.of(counts()));
  }

  private MeterMod.Stats meterStats() {
    return new MeterMod.Stats(
        1 + random.nextInt(1000), random.nextInt(50), counts(), duration(), List.of(counts()));
  }

  /** What every version has. */
  private void addCommon(List<OfMessage> messages, OfVersion version) {
    messages.add(
        new OfMessage.EchoRequest(Bytes.of(new byte[] {1, 2, (byte) random.nextInt(100)})));
    messages.add(new OfMessage.BarrierRequest());
    messages.add(new OfMessage.GetConfigReply(new OfMessage.SwitchConfig(0, u16())));
    messages.add(
        new OfMessage.PortMod(
            port(), below(1L << 48), PortDescription.Config.DOWN, PortDescription.Config.DOWN, 0));
    messages.add(new Multipart.PortStatsRequest(port()));
    messages.add(new Multipart.QueueStatsRequest(port(), random.nextInt(100)));
    messages.add(
        new Multipart.QueueStatsReply(
            List.of(
                new Multipart.QueueStats(
                    port(),
                    random.nextInt(9),
                    below(1L << 40),
                    below(1L << 40),
                    3,
                    version.isBefore(OfVersion.OF13) ? -1 : duration())),
            false));
    messages.add(new Multipart.AggregateReply(below(1L << 40), below(1L << 50), 7, false));
    messages.add(group(version));
    messages.add(new Multipart.GroupStatsReply(List.of(statsOf(version)), false));
    messages.add(
        new OfMessage.RoleRequest(
            OfMessage.Role.PRIMARY,
            version.isBefore(OfVersion.OF12) ? null : Long.valueOf(below(1L << 40)),
            version.isBefore(OfVersion.OF12)));
  }

  private Multipart.GroupStats statsOf(OfVersion version) {
    Multipart.GroupStats stats = groupStats();
    boolean timed = version == OfVersion.OF10 || version.isAtLeast(OfVersion.OF13);
    return timed
        ? stats
        : new Multipart.GroupStats(
            stats.group(), stats.referenceCount(), stats.counts(), -1, stats.buckets());
  }

  private void addLater(List<OfMessage> messages, OfVersion version) {
    if (version.isAtLeast(OfVersion.OF13)) {
      messages.add(meter());
      messages.add(new Multipart.MeterStatsReply(List.of(meterStats()), false));
      messages.add(new Multipart.MeterConfigReply(List.of(meter().meter()), false));
      messages.add(
          new OfMessage.BundleControl(
              random.nextInt(1000), OfMessage.BundleControl.Type.OPEN_REQUEST, 3));
    }
    messages.add(
        new Multipart.FlowMonitorRequest(
            List.of(
                new FlowMonitor(
                    random.nextInt(1 << 20),
                    FlowMonitor.Command.ADD,
                    FlowMonitor.INITIAL | FlowMonitor.ADD,
                    FlowMod.Filter.NONE,
                    1,
                    Match.any())),
            false));
  }

  private List<byte[]> encoded(OfVersion version) {
    List<OfMessage> messages = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      addCommon(messages, version);
      if (version == OfVersion.OF10 || version.isAtLeast(OfVersion.OF13)) {
        addLater(messages, version);
      }
    }
    List<byte[]> all = new ArrayList<>();
    for (OfMessage message : messages) {
      all.addAll(OfEncoder.encode(message, random.nextInt(1 << 16), Dialect.of(version)));
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource(OfVersion.class)
  void shouldWriteTheSameBytesWhenAMessageIsReadAndWritten(OfVersion version) {
    for (byte[] bytes : encoded(version)) {
      Inspected inspected = OfDecoder.inspect(bytes);
      String text = new MessagePrinter(Names.NONE, 2).print(bytes);
      assertNull(inspected.error(), "seed " + SEED + " " + text);
      byte[] again =
          OfEncoder.encode(inspected.message(), inspected.xid(), Dialect.of(version)).getFirst();
      assertEquals(
          HexDump.format(bytes, false), HexDump.format(again, false), "seed " + SEED + " " + text);
    }
  }

  @ParameterizedTest
  @EnumSource(OfVersion.class)
  void shouldPrintAsOvsOfctlWhenItReadsTheSameBytes(OfVersion version, @TempDir Path folder)
      throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(OVS_OFCTL), "ovs-ofctl is not installed");
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    StringBuilder ours = new StringBuilder();
    for (byte[] bytes : encoded(version)) {
      file.writeBytes(bytes);
      ours.append(new MessagePrinter(Names.NONE, 2).print(bytes));
    }
    Path input = Files.write(folder.resolve("messages"), file.toByteArray());
    assertEquals(ours.toString(), parsed(input, folder), "seed " + SEED);
  }

  private static String parsed(Path input, Path folder) throws IOException, InterruptedException {
    Path output = folder.resolve("out");
    Process process =
        new ProcessBuilder(OVS_OFCTL.toString(), "ofp-parse", input.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.waitFor();
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}
