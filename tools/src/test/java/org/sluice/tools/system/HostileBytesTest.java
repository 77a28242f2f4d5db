package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A running switch, all of whose sockets are sent what no honest peer sends. */
@Timeout(60)
class HostileBytesTest {
  private static final byte[] HELLO = {4, 0, 0, 8, 0, 0, 0, 1};
  private static final int OPENFLOW_MESSAGES = 200;

  @TempDir Path directory;
  private Tools tools;
  private SluiceProcess sluice;

  @BeforeEach
  void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("ovs-vsctl", "ovs-ofctl", "ovs-appctl");
    tools = new Tools(directory);
    sluice = SluiceProcess.start(directory, "run", "--dir", directory.toString());
    tools.run("ovs-vsctl", "add-br", "br-hostile");
  }

  @AfterEach
  void stop() throws Exception {
    if (sluice != null) {
      sluice.stop();
    }
  }

  /** Sends all that the other side takes, and goes. */
  private void send(String socket, byte[] bytes) throws IOException {
    try (SocketChannel channel =
        SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve(socket)))) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left);
      }
    } catch (IOException e) {
      // It hung up, which is its right.
      assertTrue(e.getMessage().matches("(?i)broken pipe|connection reset.*"), e.getMessage());
    }
  }

  private void assertWellAndQuiet(String... expected) throws Exception {
    assertTrue(tools.run("ovs-vsctl", "show").contains("br-hostile"));
    assertTrue(tools.run("ovs-ofctl", "dump-flows", "br-hostile").contains("NORMAL"));
    assertTrue(tools.run("ovs-appctl", "version").startsWith("ovs-vswitchd"));
    assertEquals(List.of(), sluice.complaints(expected));
  }

  @Test
  void shouldEndureHostileJson() throws Exception {
    String control = "ovs-vswitchd." + sluice.pid() + ".ctl";
    List<String> texts =
        List.of(
            "garbage ",
            "[".repeat(100_000),
            "{\"method\":1}",
            "{\"id\":0,\"method\":\"list_dbs\",\"params\":{}}",
            "{\"id\":0,\"method\":\"transact\",\"params\":[\"Open_vSwitch\",{\"op\":\"no\"}]}",
            "{\"id\":0,\"method\":\"echo\",\"params\":[\"" + "A".repeat(3_000_000) + "\"]}",
            "{\"id\":0,\"method\":\"monitor\",\"params\":[\"Open_vSwitch\",0,{\"Bridge\":7}]}");
    for (String text : texts) {
      send("db.sock", text.getBytes(StandardCharsets.UTF_8));
      send(control, text.getBytes(StandardCharsets.UTF_8));
    }
    assertWellAndQuiet("|ovsdb_server|WARN|", "|unixctl|WARN|");
  }

  @Test
  void shouldEndureLyingOpenFlowLengths() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < OPENFLOW_MESSAGES; i++) {
      byte[] body = new byte[random.nextInt(200)];
      random.nextBytes(body);
      int length = random.nextInt(4) == 0 ? random.nextInt(65536) : 8 + body.length;
      ByteBuffer message = ByteBuffer.allocate(HELLO.length + 8 + body.length).put(HELLO);
      message.put((byte) (1 + random.nextInt(6))).put((byte) random.nextInt(36));
      message.putShort((short) length).putInt(i).put(body);
      send("br-hostile.mgmt", message.array());
    }
    try {
      assertWellAndQuiet("|vconn|WARN|", "|rconn|WARN|", "|ofproto|WARN|");
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed, e);
    }
  }
}
