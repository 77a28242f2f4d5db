package org.sluice.tools.ofctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.openflow.codec.Dialect;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.tools.CapturedErrors;

/** Monitors of switches that hang up. */
class MonitorLoopTest {
  private static final Set<OfVersion> VERSIONS = Set.of(OfVersion.OF14);

  @RegisterExtension final CapturedErrors errors = new CapturedErrors();
  @TempDir Path directory;

  private final OfctlOptions options = new OfctlOptions();
  private final VlogRegistry log = new VlogRegistry(Clock.system(), OvsOfctl.PROGRAM, System.err);
  private final NoteLog notes = new NoteLog(log);
  private Switches switches;
  private Exchange exchange;

  @BeforeEach
  void prepare() {
    switches = new Switches(options, directory, notes, log);
    exchange = new Exchange(options, System.err, notes);
  }

  private void monitor(MonitorLoop.Start start) throws IOException, InterruptedException {
    Path socket = directory.resolve("mgmt");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      Thread.ofVirtual().start(() -> greet(listener));
      try (SwitchSession session = switches.open(socket.toString(), VERSIONS)) {
        monitor(session, socket.toString(), start);
      }
    }
  }

  /** Monitors until the switch hangs up. */
  private void monitor(SwitchSession session, String name, MonitorLoop.Start start) {
    MonitorLoop loop = new MonitorLoop(session, switches, exchange, name, options);
    assertThrows(OfctlException.class, () -> loop.run(start, new MonitorLoop.Manner(false, false)));
  }

  private static void greet(ServerSocketChannel listener) {
    try (SocketChannel channel = listener.accept()) {
      byte[] hello =
          OfEncoder.encode(OfMessage.Hello.of(VERSIONS), 1, Dialect.of(OfVersion.OF14)).getFirst();
      channel.write(ByteBuffer.wrap(hello));
      channel.read(ByteBuffer.allocate(100));
    } catch (IOException _) {
      // The tool has hung up.
    }
  }

  private void setOutput(UnixctlCommands commands, String file) {
    String path = directory.resolve(file).toString();
    UnixctlRequest request = new UnixctlRequest("ofctl/set-output-file", List.of(path), false);
    assertEquals(UnixctlReply.NOTHING, commands.run(request).join());
  }

  /** Files of this process below the test's folder. */
  private List<String> openFiles() throws IOException {
    try (Stream<Path> numbers = Files.list(Path.of("/proc/self/fd"))) {
      return numbers
          .map(MonitorLoopTest::target)
          .filter(path -> path.startsWith(directory + "/out"))
          .toList();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException _) {
      return ""; // closed meanwhile
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldKeepOnlyTheFileOpenThatItWritesTo() throws Exception {
    monitor(commands -> {
      for (int i = 0; i < 20; i++) {
        setOutput(commands, "out" + i);
      }
      assertEquals(List.of(directory + "/out19"), openFiles());
      return () -> System.err.println("the end");
    });
    assertEquals(List.of("the end"), Files.readAllLines(directory.resolve("out19")));
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldGoOnReadingWhileItsBarrierWaitsForTheSwitchToListen() throws Exception {
    FloodingSwitch flooding = new FloodingSwitch(OfVersion.OF14, 100);
    SwitchSession session =
        SwitchSession.over(
            flooding, flooding.name(), VERSIONS, new AtomicInteger(), log.vlog("vconn"));
    CompletableFuture<UnixctlReply> answer = new CompletableFuture<>();
    monitor(
        session,
        flooding.name(),
        commands -> {
          Thread.ofVirtual().start(() -> answer.complete(barrier(commands)));
          awaitRequest(flooding);
          return () -> {};
        });
    assertEquals(UnixctlReply.NOTHING, answer.join());
  }

  private static UnixctlReply barrier(UnixctlCommands commands) {
    return commands.run(new UnixctlRequest("ofctl/barrier", List.of(), false)).join();
  }

  private static void awaitRequest(FloodingSwitch flooding) throws IOException {
    try {
      flooding.awaitRequest();
    } catch (InterruptedException _) {
      throw new InterruptedIOException();
    }
  }
}
