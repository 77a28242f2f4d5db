package org.sluice.base.unixctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.Clock;
import org.sluice.base.daemon.Pidfile;
import org.sluice.base.log.VlogRegistry;

class UnixctlTest {
  private static final Path APPCTL = Path.of("/usr/bin/ovs-appctl");

  @TempDir private Path directory;

  private final ByteArrayOutputStream console = new ByteArrayOutputStream();
  private final VlogRegistry vlogs =
      new VlogRegistry(
          Clock.system(), "test", new PrintStream(console, true, StandardCharsets.UTF_8));
  private final UnixctlCommands commands = new UnixctlCommands("test (Open vSwitch) 4.0.90");
  private final CompletableFuture<UnixctlReply> later = new CompletableFuture<>();
  private UnixctlServer server;

  @BeforeEach
  void start() throws IOException {
    new VlogUnixctl(vlogs).registerIn(commands);
    commands.register("twice", "WORD", 1, 2, r -> UnixctlReply.text(r.args().getFirst().repeat(2)));
    commands.register("broken", "", 0, 0, r -> UnixctlReply.text(r.args().getFirst()));
    commands.registerDeferred("wait", "", 0, 0, r -> later);
    server = UnixctlServer.start(directory.resolve("t.ctl"), commands, vlogs.vlog("unixctl"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private UnixctlReply run(String command, String... args) throws IOException {
    try (UnixctlClient client = UnixctlClient.connect(server.path())) {
      return client.run(command, List.of(args));
    }
  }

  @Test
  void shouldAnswerWhenCommandIsKnown() throws IOException {
    assertEquals(UnixctlReply.text("abab\n"), run("twice", "ab"));
    assertEquals(UnixctlReply.text("test (Open vSwitch) 4.0.90\n"), run("version"));
    assertEquals(run("list-commands"), run("help"));
  }

  @Test
  void shouldSayWhatIsWrongWhenRequestDoesNotFit() throws IOException {
    assertEquals(
        UnixctlReply.error(
            "\"foo\" is not a valid command (use \"list-commands\" to see a list of valid"
                + " commands)\n"),
        run("foo"));
    assertEquals(
        UnixctlReply.error("\"twice\" command requires at least 1 arguments\n"), run("twice"));
    assertEquals(
        UnixctlReply.error("\"twice\" command takes at most 2 arguments\n"),
        run("twice", "a", "b", "c"));
    assertEquals(
        UnixctlReply.error("no destination, level, or module \"x\"\n"), run("vlog/set", "x"));
  }

  @Test
  void shouldGoOnServingWhenHandlerFails() throws IOException {
    assertTrue(run("broken") instanceof UnixctlReply.Failure);
    assertTrue(console.toString(StandardCharsets.UTF_8).contains("|unixctl|ERR|broken"));
    assertEquals(UnixctlReply.text("aa\n"), run("twice", "a"));
  }

  @Test
  void shouldWrapTextWhenJsonIsAskedFor() throws IOException {
    try (UnixctlClient client = UnixctlClient.connect(server.path())) {
      assertEquals(
          UnixctlReply.error("option format has invalid value xml\n"),
          client.run("set-options", List.of("--format", "xml")));
      client.useJson();
      assertEquals(
          "Json[document={\"reply-format\":\"plain\",\"reply\":\"aa\"}]",
          client.run("twice", List.of("a")).toString());
      String list = client.run("list-commands", List.of()).toString();
      assertTrue(list.contains("\"twice\":\"WORD\""), list);
    }
  }

  /** Who reads has the beginning before the rest is there, so nobody holds all of it. */
  @Test
  @Timeout(60)
  void shouldSendALongReplyWhileItIsMade() throws Exception {
    CountDownLatch isBegun = new CountDownLatch(1);
    int[] portions = {0};
    PortionReader reader =
        new PortionReader(out -> {
          boolean isFirst = portions[0]++ == 0;
          if (!isFirst) {
            awaitThat(isBegun);
          }
          out.append(isFirst ? "beginning\n".repeat(10_000) : "rest\n");
          return isFirst;
        });
    commands.register("long", "", 0, 0, _ -> UnixctlReply.longText(reader));
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(server.path()))) {
      Scanner answers = new Scanner(channel, StandardCharsets.UTF_8).useDelimiter("}");
      // Half of the reply fills no buffer between here and there.
      channel.write(StandardCharsets.UTF_8.encode("{\"method\":\"long\",\"params\":[],\"id\":7}"));
      assertEquals("{\"result\":\"beginning", answers.findWithinHorizon(".*?beginning", 0));
      isBegun.countDown();
      String rest = answers.next();
      assertTrue(rest.endsWith("\\nrest\\n\",\"error\":null,\"id\":7"), rest);
    }
  }

  private static void awaitThat(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shouldSendALongReplyAsOthers() throws Exception {
    commands.register(
        "lines",
        "N",
        1,
        1,
        request -> UnixctlReply.longText(lines(Integer.parseInt(request.args().getFirst()))));
    String all = "a \"line\"\n".repeat(20_000);
    assertEquals(UnixctlReply.text(""), run("lines", "0"));
    assertEquals(UnixctlReply.text(all), run("lines", "20000"));
    try (UnixctlClient client = UnixctlClient.connect(server.path())) {
      client.useJson();
      assertEquals(
          "Json[document={\"reply-format\":\"plain\",\"reply\":\"a \\\"line\\\"\\n\"}]",
          client.run("lines", List.of("1")).toString());
    }
    assumeTrue(Files.isExecutable(APPCTL), "needs ovs-appctl");
    assertEquals("0:" + all, appctl("lines", "20000"));
  }

  private static Reader lines(int count) {
    int[] left = {count};
    return new PortionReader(out -> {
      out.append(left[0] > 0 ? "a \"line\"\n" : "");
      return --left[0] > 0;
    });
  }

  /** Half of a reply must not look like one. */
  @Test
  void shouldBreakOffWhenALongReplyCannotBeMade() throws Exception {
    int[] portions = {1};
    PortionReader reader =
        new PortionReader(out -> {
          if (--portions[0] < 0) {
            throw new IllegalStateException("no more lines");
          }
          out.append("a line\n".repeat(9_000));
          return true;
        });
    commands.register("half", "", 0, 0, _ -> UnixctlReply.longText(reader));
    assertThrows(IOException.class, () -> run("half"));
    assertTrue(console.toString(StandardCharsets.UTF_8).contains("|unixctl|ERR|half"));
    assertEquals(UnixctlReply.text("aa\n"), run("twice", "a"));
  }

  @Test
  void shouldDeliverReplyWhenServerClosesWhileCommandEnds() throws Exception {
    try (UnixctlClient client = UnixctlClient.connect(server.path())) {
      Thread ender =
          Thread.startVirtualThread(() -> {
            later.complete(UnixctlReply.text("done"));
            server.close();
          });
      // Whichever comes first, the request or the end, the client hears of it.
      try {
        assertEquals(UnixctlReply.text("done\n"), client.run("wait", List.of()));
      } catch (IOException e) {
        assertFalse(Files.exists(server.path()));
      }
      ender.join();
    }
    assertThrows(IOException.class, () -> run("version"));
  }

  @Test
  void shouldSpeakToDebiansOvsAppctl() throws Exception {
    assumeTrue(Files.isExecutable(APPCTL), "needs ovs-appctl");
    assertEquals("0:abab\n", appctl("twice", "ab"));
    assertTrue(appctl("list-commands").startsWith("0:The available commands are:\n  broken"));
    assertEquals("0:", appctl("vlog/set", "bridge:file:dbg"));
    assertTrue(appctl("vlog/list").contains("bridge            INFO       INFO        DBG\n"));
    String error = appctl("vlog/set", "nonsense");
    assertEquals(
        "2:no destination, level, or module \"nonsense\"\n"
            + "ovs-appctl: "
            + server.path()
            + ": server returned an error\n",
        error);
  }

  @Test
  void shouldBeFoundByDebiansOvsAppctlWhenNamed() throws Exception {
    assumeTrue(Files.isExecutable(APPCTL), "needs ovs-appctl");
    Path path = UnixctlServer.defaultPath(directory, "named");
    Pidfile pidfile = Pidfile.create(directory.resolve("named.pid"), false);
    try (var named = UnixctlServer.start(path, commands, vlogs.vlog("unixctl"))) {
      assertEquals("0:test (Open vSwitch) 4.0.90\n", appctlTo("named", "version"));
      assertTrue(Files.exists(directory.resolve("named.pid")) && Files.exists(named.path()));
    }
    pidfile.close();
  }

  private String appctl(String... arguments) throws Exception {
    return appctlTo(server.path().toString(), arguments);
  }

  private String appctlTo(String target, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(APPCTL.toString(), "-t", target));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("OVS_RUNDIR", directory.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + ":" + output;
  }
}
