package org.sluice.tools.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.netdev.pcap.PcapReader;
import org.sluice.datapath.netdev.pcap.PcapWriter;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

/** The command from its arguments to its files, lines and exit status. */
class ReplayCommandTest {
  private static final Path EXAMPLES = Path.of("..", "examples", "firewall");
  private static final String FORGED = EXAMPLES.resolve("captures/forged-rst") + "/";

  @TempDir private Path folder;

  private record Outcome(int status, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }
  }

  private static Outcome replay(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = new ReplayCommand(printTo(out), printTo(err)).run(arguments);
    return new Outcome(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream printTo(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** A broadcast frame without meaning, at each of the times. */
  private Path capture(String name, long... timesNs) throws IOException {
    byte[] frame = new byte[60];
    frame[5] = 7;
    frame[12] = 0x12;
    Path path = folder.resolve(name);
    try (PcapWriter writer = PcapWriter.create(path)) {
      for (long timeNs : timesNs) {
        writer.write(timeNs, frame);
      }
    }
    return path;
  }

  private static List<Long> times(Path path) throws IOException {
    List<Long> times = new ArrayList<>();
    try (PcapReader reader = PcapReader.open(path)) {
      for (PcapReader.Frame frame = reader.next(); frame != null; frame = reader.next()) {
        times.add(frame.timeNs());
      }
    }
    return times;
  }

  private Outcome replayForgedReset(String out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--flows",
                EXAMPLES.resolve("stateful.flows").toString(),
                "--in",
                "1=" + FORGED + "client.pcap",
                "--in",
                "2=" + FORGED + "server.pcap",
                "--in",
                "3=" + FORGED + "attacker.pcap",
                "--out",
                folder.resolve(out).toString()));
    arguments.addAll(List.of(more));
    return replay(arguments.toArray(String[]::new));
  }

  @Test
  void shouldSayWhyTheForgedResetEndedWhenPacketsAreAskedFor() {
    Outcome outcome = replayForgedReset("out", "--packets");
    assertEquals("", outcome.err());
    String forged =
        outcome.lines().stream().filter(line -> line.contains("port 3   tcp")).findFirst().get();
    assertTrue(forged.endsWith("dropped, conntrack_inv_window (rule 0xc2, 0xc3)"), forged);
    assertTrue(outcome.out().contains("Connections: 1\n  tcp,orig=(src=10.77.0.1"));
  }

  /**
   * The example of translation by plain actions: out, and what is sent back to where it came from.
   */
  @Test
  void shouldTranslateAddressesWithoutState() throws IOException {
    Path flows = EXAMPLES.resolveSibling("translation").resolve("stateless.flows");
    Path client = EXAMPLES.resolve("captures/ftp-passive/client.pcap");
    Path back = capture("back.pcap");
    assertEquals("", translate(flows, client, back).err());
    List<byte[]> left = frames(folder.resolve("out").resolve("2.pcap"));
    assertEquals(frames(client).size(), left.size());
    assertEquals("0200000002010200000000010800", hex(left.getFirst(), 0, 14));
    assertEquals("c6336401" + "0a4d0002", hex(left.getFirst(), 26, 34));
    assertTrue(isIntact(left.getFirst()));

    byte[] answer = left.getFirst().clone();
    System.arraycopy(left.getFirst(), 26, answer, 30, 4);
    System.arraycopy(left.getFirst(), 30, answer, 26, 4);
    try (PcapWriter writer = PcapWriter.create(back)) {
      writer.write(0, answer);
    }
    translate(flows, client, back);
    byte[] arrived = frames(folder.resolve("out").resolve("1.pcap")).getFirst();
    assertEquals("0200000077010200000000010800", hex(arrived, 0, 14));
    assertEquals("0a4d0002" + "0a4d0001", hex(arrived, 26, 34));
    assertTrue(isIntact(arrived));
  }

  private Outcome translate(Path flows, Path inside, Path outside) {
    return replay(
        "--flows",
        flows.toString(),
        "--in",
        "1=" + inside,
        "--in",
        "2=" + outside,
        "--out",
        folder.resolve("out").toString());
  }

  private static List<byte[]> frames(Path path) throws IOException {
    List<byte[]> frames = new ArrayList<>();
    try (PcapReader reader = PcapReader.open(path)) {
      for (PcapReader.Frame frame = reader.next(); frame != null; frame = reader.next()) {
        frames.add(frame.bytes());
      }
    }
    return frames;
  }

  private static String hex(byte[] frame, int from, int to) {
    return HexFormat.of().formatHex(frame, from, to);
  }

  /** Whether the checksums of both headers are right. */
  private static boolean isIntact(byte[] frame) {
    PacketBatch batch = new PacketBatch();
    Packet packet = batch.append();
    OffHeap.copyIn(frame, 0, packet.address, frame.length);
    packet.length = frame.length;
    assertTrue(Parser.parse(packet));
    return Checksum.isIpv4HeaderValid(packet) && Checksum.isTransportValid(packet);
  }

  @Test
  void shouldGiveTheSameWhenReplayedAgain() throws IOException {
    Outcome first = replayForgedReset("out", "--packets");
    byte[] one = Files.readAllBytes(folder.resolve("out").resolve("1.pcap"));
    Outcome second = replayForgedReset("out", "--packets");
    assertEquals(first, second);
    assertArrayEquals(one, Files.readAllBytes(folder.resolve("out").resolve("1.pcap")));
  }

  @Test
  void shouldPrintAnObjectOnEachLineWhenJsonIsAskedFor() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<String> drops = new ArrayList<>();
    int packets = 0;
    for (String line : replayForgedReset("out", "--packets", "--json").lines()) {
      JsonNode object = mapper.readTree(line);
      switch (object.get("type").asText()) {
        case "packet" -> packets++;
        case "drop" -> drops.add(object.get("reason").asText());
        default -> {}
      }
    }
    assertEquals(13, packets);
    assertEquals(List.of("conntrack_inv_window"), drops);
  }

  @Test
  void shouldObeyTimestampsWhenARuleTimesOutBetweenFrames() throws IOException {
    long secondNs = 1_000_000_000L;
    Path flows =
        file("a.flows", "idle_timeout=10,in_port=1,actions=2\n# then\npriority=1,actions=3\n");
    Path capture = capture("a.pcap", 5 * secondNs, 14 * secondNs, 26 * secondNs);
    Path out = folder.resolve("out");
    Outcome outcome =
        replay("--flows", flows.toString(), "--in", "1=" + capture, "--out", out.toString());
    assertEquals(0, outcome.status(), outcome.err());
    assertEquals(List.of(5 * secondNs, 14 * secondNs), times(out.resolve("2.pcap")));
    assertEquals(List.of(26 * secondNs), times(out.resolve("3.pcap")));
  }

  @Test
  void shouldMergeCapturesByTimeWhenThereAreSeveral() throws IOException {
    Path flows = file("a.flows", "actions=3");
    Path one = capture("1.pcap", 1000, 4000);
    Path two = capture("2.pcap", 2000, 3000);
    Path out = folder.resolve("out");
    replay("--flows", flows.toString(), "--in", "1=" + one, "--in", "2=" + two, "--out", out + "");
    assertEquals(List.of(1000L, 2000L, 3000L, 4000L), times(out.resolve("3.pcap")));
  }

  private void assertRefused(String expected, String... arguments) {
    Outcome outcome = replay(arguments);
    assertEquals(1, outcome.status());
    assertEquals("sluice replay: " + expected + "\n", outcome.err());
    assertEquals("", outcome.out());
    assertFalse(Files.exists(folder.resolve("out")));
  }

  @Test
  void shouldRefuseInOneLineWhenAnArgumentIsWrong() throws IOException {
    String flows = file("a.flows", "actions=2").toString();
    String out = folder.resolve("out").toString();
    String one = "1=" + capture("a.pcap", 0);
    assertRefused(
        "--in 1: not PORT=FILE, as in --in 1=client.pcap",
        "--flows",
        flows,
        "--in",
        "1",
        "--out",
        out);
    assertRefused(
        "--in x=y: 'x' is not a port number, 1 to 65279",
        "--flows",
        flows,
        "--in",
        "x=y",
        "--out",
        out);
    assertRefused(
        "--in " + one + ": port 1 has a capture already; merge the two first",
        "--flows",
        flows,
        "--in",
        one,
        "--in",
        one,
        "--out",
        out);
    assertRefused(
        "--out " + flows + ": not a folder", "--flows", flows, "--in", one, "--out", flows);
    assertRefused("unrecognized option '--bogus'; try './sluice replay --help'", "--bogus");
  }

  @Test
  void shouldRefuseInOneLineAndWriteNothingWhenAFileIsWrong() throws IOException {
    String good = file("good.flows", "actions=2").toString();
    String bad = file("bad.flows", "# no such action\nactions=outptu:2\n").toString();
    String out = folder.resolve("out").toString();
    Path capture = capture("a.pcap", 0, 1, 2);
    String one = "1=" + capture;
    assertRefused(bad + ":2: unknown action outptu", "--flows", bad, "--in", one, "--out", out);
    String missing = folder.resolve("none.pcap").toString();
    assertRefused(
        missing + ": No such file or directory",
        "--flows",
        good,
        "--in",
        "1=" + missing,
        "--out",
        out);
    String binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff}).toString();
    assertRefused(
        binary + ": open failed (not a text file)", "--flows", binary, "--in", one, "--out", out);
    assertRefused("--out needs the name of a folder", "--flows", good, "--in", one, "--out", "");
    byte[] whole = Files.readAllBytes(capture);
    Files.write(capture, Arrays.copyOf(whole, whole.length - 1));
    assertRefused(capture + ": cut off after frame 2", "--flows", good, "--in", one, "--out", out);
    assertRefused(
        bad + ": not a capture file in pcap format",
        "--flows",
        good,
        "--in",
        "1=" + bad,
        "--out",
        out);
  }
}
