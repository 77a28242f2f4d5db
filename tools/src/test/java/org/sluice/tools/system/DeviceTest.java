package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.linux.NetworkNamespace;

/** Real devices on a bridge: what goes through them, and what becomes of it when they go. */
@Timeout(60)
class DeviceTest {
  private static final int HOSTS = 3;
  private static final int TRANSFER_BYTES = 8 << 20;

  @TempDir Path directory;
  private Tools tools;
  private Hosts hosts;
  private SluiceProcess sluice;

  @BeforeEach
  void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("ovs-vsctl", "ip", "ping");
    tools = new Tools(directory);
    hosts = Hosts.make("dev", HOSTS);
    sluice = SluiceProcess.start(directory, "run", "--dir", directory.toString());
    tools.run("ovs-vsctl", "add-br", "br-dev");
    for (int host = 1; host <= HOSTS; host++) {
      tools.run("ovs-vsctl", "add-port", "br-dev", hosts.device(host));
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (sluice != null) {
      sluice.stop();
    }
    if (hosts != null) {
      hosts.close();
    }
  }

  private String get(int host, String column) throws Exception {
    return tools.run("ovs-vsctl", "get", "interface", hosts.device(host), column).strip();
  }

  private void await(String value, int host, String column) throws Exception {
    tools.run(
        "ovs-vsctl", "--timeout=10", "wait-until", "interface", hosts.device(host), column + value);
  }

  @Test
  void shouldReportADeviceThatVanishesAndTakeItsSuccessor() throws Exception {
    assertTrue(hosts.pings(1, 2));
    hosts.unplug(2);
    await("=-1", 2, "ofport");
    assertTrue(get(2, "error").contains(hosts.device(2)), get(2, "error"));
    assertTrue(hosts.pings(1, 3), "the others go on");

    hosts.plug(2);
    await(">0", 2, "ofport");
    assertEquals("[]", get(2, "error"));
    assertTrue(hosts.pings(1, 2), "the new device works");
    assertEquals(List.of(), sluice.complaints(hosts.device(2)));
  }

  @Test
  void shouldNotTakeADeviceThatAnotherBridgeHas() throws Exception {
    tools.run("ovs-vsctl", "add-br", "br-dev2");
    Tools.Result twice = tools.attempt("ovs-vsctl", "add-port", "br-dev2", hosts.device(1));
    assertEquals(1, twice.status(), twice.output());
    assertTrue(twice.output().contains("already exists"), twice.output());
    assertTrue(hosts.pings(1, 2));
    assertEquals(List.of(), sluice.complaints());
  }

  @Test
  void shouldReportAnInternalPortWhoseNameIsTaken() throws Exception {
    // The loopback device cannot be made once more.
    Tools.Result taken =
        tools.attempt(
            "ovs-vsctl",
            "add-port",
            "br-dev",
            "lo",
            "--",
            "set",
            "interface",
            "lo",
            "type=internal");
    assertTrue(taken.output().contains("Error detected while setting up 'lo'"), taken.output());
    assertTrue(hosts.pings(1, 2), "the others go on");
  }

  @Test
  void shouldGoOnAfterAKillThatLeftSocketsBehind() throws Exception {
    sluice.kill();
    sluice = SluiceProcess.start(directory, "run", "--dir", directory.toString());
    assertTrue(hosts.pings(1, 2));
    assertEquals(List.of(), sluice.complaints());
    assertEquals("[]", tools.run("ovs-vsctl", "get", "interface", "br-dev", "error").strip());
  }

  /** The first host on one bridge, the others on a second one, a wire between the bridges. */
  @Test
  void shouldSeparateVlansAlsoOnATrunk() throws Exception {
    hosts.plugWire();
    tools.run("ovs-vsctl", "del-port", hosts.device(2), "--", "del-port", hosts.device(3));
    tools.run("ovs-vsctl", "add-br", "br-dev2");
    tools.run("ovs-vsctl", "add-port", "br-dev", hosts.wire(1), "trunks=10,20");
    tools.run("ovs-vsctl", "add-port", "br-dev2", hosts.wire(2));
    tools.run("ovs-vsctl", "set", "port", hosts.device(1), "tag=10");
    tools.run("ovs-vsctl", "add-port", "br-dev2", hosts.device(2), "tag=10");
    tools.run("ovs-vsctl", "add-port", "br-dev2", hosts.device(3), "tag=20");
    assertTrue(hosts.pings(1, 2), "same VLAN");
    assertTrue(hosts.isCutOff(1, 3), "other VLAN");

    tools.run("ovs-vsctl", "set", "port", hosts.device(3), "tag=10");
    assertTrue(hosts.pings(1, 3), "now in the same VLAN");
    tools.run("ovs-vsctl", "set", "port", hosts.wire(1), "trunks=20");
    assertTrue(hosts.isCutOff(1, 2), "not on this trunk");

    // Untagged on the wire, VLAN 10 on both bridges.
    for (int end = 1; end <= 2; end++) {
      tools.run("ovs-vsctl", "set", "port", hosts.wire(end), "tag=10", "vlan_mode=native-untagged");
    }
    assertTrue(hosts.pings(1, 2), "the trunk's native VLAN");
    assertEquals(List.of(), sluice.complaints());
  }

  /** With the kernel's default offloads: unfinished checksums, segments of up to 64 kB. */
  @Test
  void shouldCarryATransferWhole() throws Exception {
    assertEquals(TRANSFER_BYTES, transfer());
    assertEquals(List.of(), sluice.complaints());
  }

  /** With hosts that leave no work to their devices, which AF_XDP knows nothing of. */
  @Test
  void shouldCarryATransferThroughXdp() throws Exception {
    takeThroughXdp();
    assertTrue(hosts.pings(1, 2));
    assertEquals(TRANSFER_BYTES, transfer());
    assertEquals(List.of(), sluice.complaints());

    sluice.kill();
    sluice = SluiceProcess.start(directory, "run", "--dir", directory.toString());
    assertTrue(hosts.pings(1, 2), "the killed one's sockets and programs are gone");
    await("=native", 1, "status:xdp-mode");
    assertEquals(List.of(), sluice.complaints());

    tools.run("ovs-vsctl", "set", "interface", hosts.device(1), "options:xdp-mode=generic");
    await("=generic", 1, "status:xdp-mode");
    assertTrue(hosts.pings(1, 2), "another mode, which is another device");
  }

  /** Skips the test, saying so, where the kernel does not let us. */
  private void takeThroughXdp() throws Exception {
    Tools.assumeInstalled("ethtool");
    for (int host = 1; host <= 2; host++) {
      Tools.Result off = hosts.on(host, "ethtool", "-K", "eth0", "tx", "off");
      assertEquals(0, off.status(), off.output());
      tools.run("ovs-vsctl", "set", "interface", hosts.device(host), "type=afxdp");
    }
    List<String> refused = sluice.complaints();
    assumeTrue(refused.isEmpty(), () -> "skipped: " + refused);
    assertEquals("native", get(1, "status:xdp-mode"));
  }

  /** Sends random bytes from host 1 to host 2; returns how many came that were right. */
  private int transfer() throws Exception {
    try (NetworkNamespace sender = NetworkNamespace.open(hosts.namespace(1));
        NetworkNamespace receiver = NetworkNamespace.open(hosts.namespace(2));
        ServerSocket server = receiver.call(() -> new ServerSocket(7777))) {
      CompletableFuture<Integer> right = CompletableFuture.supplyAsync(() -> received(server));
      try (Socket socket = new Socket()) {
        sender.call(() -> {
          socket.connect(new InetSocketAddress(hosts.address(2), 7777), 5000);
          return null;
        });
        socket.getOutputStream().write(bytes());
        socket.shutdownOutput();
        return right.get();
      }
    }
  }

  private static byte[] bytes() {
    byte[] bytes = new byte[TRANSFER_BYTES];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static int received(ServerSocket server) {
    try (Socket socket = server.accept()) {
      byte[] got = socket.getInputStream().readAllBytes();
      int mismatch = Arrays.mismatch(bytes(), got);
      return mismatch < 0 ? got.length : mismatch;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
