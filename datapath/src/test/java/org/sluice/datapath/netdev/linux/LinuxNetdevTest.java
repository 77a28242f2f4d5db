package org.sluice.datapath.netdev.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.linux.Netlink;
import org.sluice.base.linux.NetworkNamespace;
import org.sluice.base.linux.Poller;
import org.sluice.base.linux.Processes;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.netdev.Netdev;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * Devices between namespaces that the test makes and deletes.
 *
 * <pre>
 *   host A (10.8.0.1)                switch                    host B (10.8.0.2)
 *      eth0 ------------------- pa        pb ---------------------- eth0
 * </pre>
 */
@Timeout(60)
class LinuxNetdevTest {
  private static final int FORWARDED_BYTES = 8 << 20;
  private static final int FLOWS = 64;

  private final String suffix = Long.toString(Processes.pid());
  private final String[] names = {"sln-a" + suffix, "sln-b" + suffix, "sln-s" + suffix};
  private NetworkNamespace hostA;
  private NetworkNamespace hostB;
  private NetworkNamespace middle;

  @BeforeEach
  void makeNamespaces() throws IOException {
    assumeTrue(Processes.isRoot(), "making network namespaces needs root");
    hostA = NetworkNamespace.create(names[0]);
    hostB = NetworkNamespace.create(names[1]);
    middle = NetworkNamespace.create(names[2]);
  }

  @AfterEach
  void deleteNamespaces() throws IOException {
    for (NetworkNamespace each : new NetworkNamespace[] {hostA, hostB, middle}) {
      if (each != null) {
        each.close();
        NetworkNamespace.delete(each.name());
      }
    }
  }

  private void joinHosts() throws IOException {
    middle.call(() -> {
      try (Netlink netlink = Netlink.open()) {
        netlink.createVeth("pa", "eth0", hostA);
        netlink.createVeth("pb", "eth0", hostB);
        netlink.setUp("pa", true);
        netlink.setUp("pb", true);
      }
      return null;
    });
    hostA.call(() -> configure("10.8.0.1"));
    hostB.call(() -> configure("10.8.0.2"));
  }

  private static Void configure(String address) throws IOException {
    try (Netlink netlink = Netlink.open()) {
      netlink.addAddress("eth0", InetAddress.getByName(address), 24);
      netlink.setUp("eth0", true);
    }
    return null;
  }

  /** Passes frames between two devices on a thread of its own, sleeping when there are none. */
  private static final class Wire implements AutoCloseable {
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final Poller poller;
    private final Thread thread;
    private volatile int longest;
    private volatile boolean sawPartial;

    Wire(Netdev left, Netdev right) throws LinuxException {
      poller = new Poller(2);
      poller.watch(left.pollFd());
      poller.watch(right.pollFd());
      thread = Thread.ofPlatform().name("wire").start(() -> run(left, right));
    }

    private void run(Netdev left, Netdev right) {
      PacketBatch batch = new PacketBatch();
      while (running.get()) {
        if (pass(left, right, batch) + pass(right, left, batch) == 0) {
          poller.await(-1);
        }
      }
    }

    private int pass(Netdev from, Netdev to, PacketBatch batch) {
      batch.clear();
      int count = from.receive(batch);
      for (int i = 0; i < count; i++) {
        Packet packet = batch.get(i);
        longest = Math.max(longest, packet.length);
        sawPartial |= (packet.offloadFlags & Packet.CHECKSUM_PARTIAL) != 0;
        to.transmit(packet);
      }
      to.flush();
      return count;
    }

    @Override
    public void close() {
      running.set(false);
      poller.wakeUp();
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      poller.close();
    }
  }

  private void sendAndCompare(int bytes) throws Exception {
    byte[] data = new byte[bytes];
    new Random(1).nextBytes(data);
    try (ServerSocket server = hostB.call(() -> new ServerSocket(0));
        Socket client = hostA.call(() -> new Socket("10.8.0.2", server.getLocalPort()));
        Socket accepted = server.accept()) {
      Thread sender = Thread.ofPlatform().start(() -> send(client, data));
      byte[] received = accepted.getInputStream().readAllBytes();
      sender.join();
      assertTrue(Arrays.equals(data, received), "got " + received.length + " bytes");
    }
  }

  private static void send(Socket socket, byte[] data) {
    try {
      socket.getOutputStream().write(data);
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Hosts that leave no work to their devices, which AF_XDP knows nothing of. */
  private void finishChecksums() throws Exception {
    ethtool(hostA, "-K", "eth0", "tx", "off");
    ethtool(hostB, "-K", "eth0", "tx", "off");
  }

  private static void ethtool(NetworkNamespace namespace, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("ethtool"));
    command.addAll(List.of(words));
    namespace.call(() -> {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      byte[] said = process.getInputStream().readAllBytes();
      assertEquals(0, process.waitFor(), new String(said, StandardCharsets.UTF_8));
      return null;
    });
  }

  @ParameterizedTest
  @EnumSource(
      value = XdpMode.class,
      names = {"NATIVE", "GENERIC"})
  void shouldPassConnectionsWhenDevicesAreAskedThroughXdp(XdpMode mode) throws Exception {
    joinHosts();
    finishChecksums();
    try (XdpNetdev left = middle.call(() -> new XdpNetdev("pa", mode, true, 1));
        XdpNetdev right = middle.call(() -> new XdpNetdev("pb", mode, true, 1));
        Wire wire = new Wire(left, right)) {
      sendAndCompare(FORWARDED_BYTES);
      assertFalse(wire.sawPartial);
      assertTrue(left.statistics().rxBytes() > FORWARDED_BYTES);
      assertEquals(0, right.statistics().txErrors(), right.statistics().toString());
    }
    try (XdpNetdev again = middle.call(() -> new XdpNetdev("pa", mode, false, 1))) {
      assertNull(again.error());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = XdpMode.class,
      names = {"NATIVE", "GENERIC"})
  void shouldReceiveFromAllQueuesThatItTakes(XdpMode mode) throws Exception {
    joinHosts();
    ethtool(middle, "-L", "pa", "rx", "2", "tx", "2");
    ethtool(hostA, "-L", "eth0", "rx", "2", "tx", "2");
    try (XdpNetdev device = middle.call(() -> new XdpNetdev("pa", mode, true, 2));
        LinuxNetdev far = hostA.call(() -> new LinuxNetdev("eth0"))) {
      PacketBatch batch = new PacketBatch();
      for (int port = 0; port < FLOWS; port++) {
        batch.clear();
        far.transmit(datagram(batch.append(), port));
      }
      far.flush();
      assertEquals(FLOWS, sourcePorts(device).size());
      assertTrue(device.customStatistics().containsKey("xsk_queue_1_rx_dropped"));
    }
  }

  /** Of a flow of its own for each port: which queue a flow goes by is as good as random. */
  private static Packet datagram(Packet packet, int port) {
    packet.length = 60;
    OffHeap.clear(packet.address, packet.length);
    OffHeap.putShortBe(packet.address + 12, EtherType.IPV4);
    OffHeap.putByte(packet.address + 14, (byte) 0x45);
    OffHeap.putShortBe(packet.address + 16, 46);
    OffHeap.putByte(packet.address + 23, (byte) IpProtocol.UDP);
    OffHeap.putShortBe(packet.address + 34, port);
    return packet;
  }

  /** Waits for {@link #FLOWS} of them, which the test's time limits. */
  private static Set<Integer> sourcePorts(Netdev device) throws LinuxException {
    Set<Integer> ports = new TreeSet<>();
    PacketBatch batch = new PacketBatch();
    try (Poller poller = new Poller(1)) {
      poller.watch(device.pollFd());
      while (ports.size() < FLOWS) {
        poller.await(-1);
        batch.clear();
        device.receive(batch);
        for (int i = 0; i < batch.count(); i++) {
          long frame = batch.get(i).address;
          if (OffHeap.getUnsignedShortBe(frame + 12) == EtherType.IPV4) {
            ports.add(OffHeap.getUnsignedShortBe(frame + 34));
          }
        }
      }
    }
    return ports;
  }

  @Test
  void shouldSayWhatAVethCannotDo() throws Exception {
    joinHosts();
    LinuxException refused =
        assertThrows(
            LinuxException.class,
            () -> middle.call(() -> new XdpNetdev("pa", XdpMode.NATIVE_ZERO_COPY, true, 1)));
    assertTrue(refused.getMessage().contains("bind an AF_XDP socket"), refused.getMessage());
    try (XdpNetdev device =
        middle.call(() -> XdpNetdev.open("pa", XdpMode.named("best-effort"), true, 1))) {
      assertEquals(XdpMode.NATIVE, device.mode());
      assertEquals("afxdp", device.type());
    }
  }

  @Test
  void shouldPassSegmentsUncutWhenVethsSendThem() throws Exception {
    joinHosts();
    try (LinuxNetdev left = middle.call(() -> new LinuxNetdev("pa"));
        LinuxNetdev right = middle.call(() -> new LinuxNetdev("pb"));
        Wire wire = new Wire(left, right)) {
      sendAndCompare(FORWARDED_BYTES);
      assertTrue(wire.longest > 20_000, "longest frame " + wire.longest);
      assertTrue(wire.sawPartial);
      assertTrue(left.statistics().rxBytes() > FORWARDED_BYTES);
      assertEquals(0, right.statistics().txErrors(), right.statistics().toString());
      assertEquals(0, left.statistics().txErrors(), left.statistics().toString());
    }
  }

  @Test
  void shouldJoinHostToTapWhenTapIsInternalPort() throws Exception {
    joinHosts();
    try (LinuxNetdev left = middle.call(() -> new LinuxNetdev("pa"));
        TapNetdev tap = hostB.call(() -> TapNetdev.create("tap0", "internal"));
        Wire wire = new Wire(left, tap)) {
      hostB.call(() -> {
        try (Netlink netlink = Netlink.open()) {
          netlink.setUp("eth0", false);
          netlink.addAddress("tap0", InetAddress.getByName("10.8.0.2"), 24);
          netlink.setUp("tap0", true);
        }
        return null;
      });
      assertTrue(tap.adminUp());
      sendAndCompare(FORWARDED_BYTES);
      assertTrue(wire.longest > 20_000, "longest frame " + wire.longest);
      LinuxException taken =
          assertThrows(
              LinuxException.class, () -> hostB.call(() -> TapNetdev.create("tap0", "tap")));
      assertEquals("create TAP device tap0: EBUSY (Device or resource busy)", taken.getMessage());
    }
    assertThrows(LinuxException.class, () -> hostB.call(() -> new LinuxNetdev("tap0")));
  }

  @Test
  void shouldRestoreTagAndIgnoreOwnFramesWhenFramesAreTagged() throws Exception {
    joinHosts();
    PacketBatch batch = new PacketBatch();
    try (LinuxNetdev near = middle.call(() -> new LinuxNetdev("pa"));
        LinuxNetdev far = hostA.call(() -> new LinuxNetdev("eth0"))) {
      byte[] frame = new byte[64];
      Arrays.fill(frame, 0, 12, (byte) 2);
      frame[12] = (byte) 0x81;
      frame[15] = 7;
      frame[16] = (byte) 0x88;
      frame[17] = (byte) 0xb5;
      frame[18] = 42;
      Packet packet = batch.append();
      packet.length = frame.length;
      OffHeap.copyIn(frame, 0, packet.address, frame.length);
      near.transmit(packet);
      near.flush();
      byte[] received = receive(far, 0x8100_0007L);
      assertEquals(Arrays.toString(frame), Arrays.toString(received));
      assertEquals(1, near.statistics().txPackets());
      batch.clear();
      near.receive(batch);
      for (int i = 0; i < batch.count(); i++) {
        assertNotEquals(0x8100, OffHeap.getUnsignedShortBe(batch.get(i).address + 12));
      }
    }
  }

  /** Waits for the frame whose type and tag are {@code typeAndTag}. */
  private static byte[] receive(Netdev device, long typeAndTag) throws LinuxException {
    PacketBatch batch = new PacketBatch();
    try (Poller poller = new Poller(1)) {
      poller.watch(device.pollFd());
      while (true) {
        poller.await(-1);
        batch.clear();
        device.receive(batch);
        for (int i = 0; i < batch.count(); i++) {
          Packet packet = batch.get(i);
          if (OffHeap.getIntBe(packet.address + 12) == (int) typeAndTag) {
            byte[] frame = new byte[packet.length];
            OffHeap.copyOut(packet.address, frame, 0, frame.length);
            return frame;
          }
        }
      }
    }
  }

  @Test
  void shouldReportAndConfigureInterfaceWhenAsked() throws Exception {
    joinHosts();
    try (LinuxNetdev device = middle.call(() -> new LinuxNetdev("pa"))) {
      assertEquals("system", device.type());
      assertEquals(1500, device.mtu());
      assertNull(device.setMtu(1400));
      assertEquals(1400, device.mtu());
      assertEquals("Invalid argument", device.setMtu(1 << 20));
      assertNull(device.setMacAddress(0x0200_0000_0042L));
      assertEquals(0x0200_0000_0042L, device.macAddress());
      assertTrue(device.adminUp() && device.linkUp());
      assertNull(device.setAdminUp(false));
      assertFalse(device.adminUp() || device.linkUp());
      assertTrue(device.ifindex() > 0);
    }
  }

  @Test
  void shouldReportErrorWhenInterfaceVanishes() throws Exception {
    joinHosts();
    PacketBatch batch = new PacketBatch();
    try (LinuxNetdev device = middle.call(() -> new LinuxNetdev("pa"));
        Poller poller = new Poller(1)) {
      assertNull(device.error());
      middle.call(() -> {
        try (Netlink netlink = Netlink.open()) {
          netlink.deleteLink("pa");
          netlink.createVeth("pa", "other");
        }
        return null;
      });
      assertEquals("could not open network device pa (No such device)", device.error());
      device.receive(batch);
      batch.clear();
      Packet packet = batch.append();
      packet.length = 60;
      device.transmit(packet);
      device.flush();
      assertEquals(1, device.statistics().txErrors());
      poller.watch(device.pollFd());
      for (int i = 0; i < 3; i++) {
        poller.await(0);
      }
      assertEquals(0, poller.await(0), "the error does not keep the thread awake");
    }
  }

  @Test
  void shouldSayWhyWhenThereIsNoSuchInterface() {
    LinuxException e =
        assertThrows(LinuxException.class, () -> middle.call(() -> new LinuxNetdev("nonesuch")));
    assertEquals("could not open network device nonesuch: ENODEV (No such device)", e.getMessage());
    assertEquals("No such device", e.errnoText());
  }
}
