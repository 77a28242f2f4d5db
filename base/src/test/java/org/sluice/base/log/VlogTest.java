package org.sluice.base.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.base.clock.ManualClock;
import org.sluice.base.linux.FileDescriptors;
import org.sluice.base.linux.Sockets;
import org.sluice.base.memory.OffHeap;

class VlogTest {
  @TempDir private Path directory;

  private final ManualClock clock = new ManualClock(0, 1_700_000_000_123L);
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final VlogRegistry registry =
      new VlogRegistry(clock, "ovs-test", new PrintStream(bytes, true, StandardCharsets.UTF_8));
  private final Vlog bridge = registry.vlog("bridge");

  private String console() {
    String text = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    return text;
  }

  @Test
  void shouldWriteOvsFormatWhenLogging() throws IOException {
    Path file = directory.resolve("x.log");
    assertNull(registry.openFile(file));
    bridge.warn("port %s is %d", "p1", 7);
    assertEquals(
        """
        2023-11-14T22:13:20Z|00001|vlog|INFO|opened log file %s
        2023-11-14T22:13:20Z|00002|bridge|WARN|port p1 is 7
        """
            .formatted(file),
        console());
    assertEquals(
        """
        2023-11-14T22:13:20.123Z|00001|vlog|INFO|opened log file %s
        2023-11-14T22:13:20.123Z|00002|bridge|WARN|port p1 is 7
        """
            .formatted(file),
        Files.readString(file));
  }

  @Test
  void shouldNameThreadWhenItIsNotTheMainOne() throws Exception {
    Thread pmd = Thread.ofPlatform().name("pmd0").start(() -> bridge.info("a"));
    pmd.join();
    Thread.startVirtualThread(() -> bridge.info("100%")).join();
    assertEquals(
        """
        2023-11-14T22:13:20Z|00001|bridge(pmd0)|INFO|a
        2023-11-14T22:13:20Z|00001|bridge|INFO|100%
        """,
        console());
  }

  @Test
  void shouldGoOnWithNewFileWhenReopenedAfterRotation() throws IOException {
    Path file = directory.resolve("x.log");
    registry.openFile(file);
    Files.move(file, directory.resolve("x.log.1"));
    bridge.info("to the old one");
    assertNull(registry.reopenFile());
    bridge.info("to the new one");
    assertNull(registry.reopenFile());
    registry.closeFile();
    bridge.info("to none");
    List<String> old = Files.readAllLines(directory.resolve("x.log.1"));
    assertTrue(old.get(2).endsWith("closing log file"), old.toString());
    List<String> lines = Files.readAllLines(file);
    assertEquals(2, lines.size());
    assertTrue(lines.get(1).endsWith("to the new one"));
  }

  @Test
  void shouldGoOnWhenAThreadThatLogsIsInterrupted() throws IOException {
    Path file = directory.resolve("x.log");
    registry.openFile(file);
    Thread.currentThread().interrupt();
    bridge.info("interrupted");
    assertTrue(Thread.interrupted());
    bridge.info("and on");
    assertEquals(3, Files.readAllLines(file).size());
  }

  @Test
  void shouldSayWhyWhenFileCannotBeOpened() {
    assertEquals("Logging to file not configured", registry.reopenFile());
    Path file = directory.resolve("no/x.log");
    assertEquals("No such file or directory", registry.openFile(file));
    assertTrue(
        console()
            .endsWith(
                "|vlog|WARN|failed to open "
                    + file
                    + " for logging: "
                    + "No such file or directory\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | no destination, level, or module \"nonsense\"",
        "bridge:vconn:dbg | cannot specify multiple modules",
        "dbg:info | cannot specify multiple levels",
        "file,console | cannot specify multiple destinations",
        "PATTERN | missing destination",
        "PATTERN:paper:x | unknown destination \"paper\"",
        "FACILITY:cat | invalid facility",
      })
  void shouldRefuseWhenSpecificationIsWrong(String specification, String error) {
    assertEquals(error, registry.set(specification));
  }

  @Test
  void shouldObeyWhenSpecificationIsRight() {
    assertNull(registry.set("bridge"));
    assertTrue(bridge.isEnabled(LogLevel.DBG));
    assertFalse(registry.vlog("vconn").isEnabled(LogLevel.DBG));
    assertNull(registry.set("any:console:off"));
    assertNull(registry.set("FACILITY:local1"));
    bridge.err("silent");
    assertEquals("", console());
    assertNull(registry.set("CONSOLE:bridge:Warn"));
    assertNull(registry.set("PATTERN:console:%-6p|%6c|%t|%A %03r %% %m%n<%B>"));
    bridge.err("x\n\n");
    bridge.info("y");
    assertEquals("ERR   |bridge|main|ovs-test 000 % x\n<139>\n", console());
    assertTrue(registry.levels().contains("bridge            WARN        DBG        DBG\n"));
  }

  @Test
  void shouldCountWhatIsLostWhenRateIsExceeded() {
    VlogRateLimit limit = new VlogRateLimit(60, 2);
    for (int i = 0; i < 5; i++) {
      bridge.log(limit, LogLevel.WARN, "m%d", i);
    }
    clock.advanceNs(3_000_000_000L);
    bridge.log(limit, LogLevel.WARN, "m5");
    assertEquals(
        """
        2023-11-14T22:13:20Z|00001|bridge|WARN|m0
        2023-11-14T22:13:20Z|00002|bridge|WARN|m1
        2023-11-14T22:13:23Z|00003|bridge|WARN|Dropped 3 log messages in last 3 seconds \
        (most recently, 3 seconds ago) due to excessive rate
        2023-11-14T22:13:23Z|00004|bridge|WARN|m5
        """,
        console());
  }

  @Test
  void shouldLeaveOtherArgumentsWhenTakingOptions() {
    VlogOptions options = new VlogOptions(registry, directory.resolve("d.log"));
    List<String> others =
        options.take(
            List.of("-vconsole:off", "--log-file", "--syslog-method", "null", "db", "--", "-v"));
    assertEquals(List.of("db", "--", "-v"), others);
    assertFalse(Files.exists(directory.resolve("d.log")));
    assertTrue(options.openFile());
    assertTrue(Files.exists(directory.resolve("d.log")));
    var e = assertThrows(IllegalArgumentException.class, () -> options.take(List.of("-vx")));
    assertEquals("processing \"x\": no destination, level, or module \"x\"", e.getMessage());
  }

  @Test
  void shouldGoOnWithoutALogFileOnlyIfNoneWasNamed() {
    VlogOptions options = new VlogOptions(registry, directory.resolve("no/d.log"));
    options.take(List.of("--log-file"));
    assertTrue(options.openFile());
    options.take(List.of("--log-file=" + directory.resolve("no/x.log")));
    assertFalse(options.openFile());
  }

  @Test
  void shouldSendToTheSyslogOfAHost() throws IOException {
    try (DatagramSocket daemon = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DatagramSocket target = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      VlogOptions options = new VlogOptions(registry, directory.resolve("d.log"));
      options.take(List.of("--syslog-method=udp:127.0.0.1:" + daemon.getLocalPort()));
      options.take(List.of("--syslog-target", "127.0.0.1:" + target.getLocalPort()));
      bridge.warn("port %s is %d", "p1", 7);
      assertEquals("<28>ovs|00001|bridge|WARN|port p1 is 7", receive(daemon));
      String line = receive(target);
      assertTrue(line.startsWith("<28>1 2023-11-14T22:13:20.123Z "), line);
      assertTrue(line.endsWith(" bridge - \ufeffport p1 is 7"), line);
    }
  }

  private static String receive(DatagramSocket socket) throws IOException {
    socket.setSoTimeout(10_000);
    DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
    socket.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }

  @Test
  void shouldSendToAUnixSyslogAlsoWhenItComesLater() {
    Path path = directory.resolve("log");
    registry.setSyslogMethod("unix:" + path);
    bridge.err("lost");
    byte[] address = path.toString().getBytes(StandardCharsets.UTF_8);
    int fd = Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_DGRAM, 0);
    try (Arena arena = Arena.ofConfined()) {
      long memory = arena.allocate(1000, 8).address();
      OffHeap.putShort(memory, (short) Sockets.AF_UNIX);
      OffHeap.copyIn(address, 0, memory + 2, address.length);
      assertEquals(0, Sockets.bind(fd, memory, 2 + address.length + 1));
      bridge.err("heard\nin two lines");
      for (String line : List.of("<27>ovs|00002|bridge|ERR|heard", "<27>in two lines")) {
        byte[] received = new byte[(int) Sockets.receive(fd, memory, 1000, Sockets.MSG_DONTWAIT)];
        OffHeap.copyOut(memory, received, 0, received.length);
        assertEquals(line, new String(received, StandardCharsets.UTF_8));
      }
    } finally {
      FileDescriptors.close(fd);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tcp:1.2.3.4, unsupported syslog method 'tcp:1.2.3.4'",
    "udp:127.0.0.1:x, udp:127.0.0.1:x: bad syslog target",
    "unix:, unix:: Invalid argument",
  })
  void shouldRefuseASyslogMethodThatIsNone(String method, String why) {
    var e = assertThrows(IllegalArgumentException.class, () -> registry.setSyslogMethod(method));
    assertEquals(why, e.getMessage());
  }
}
