package org.sluice.vswitchd.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.base.clock.Clock;
import org.sluice.base.linux.Netlink;
import org.sluice.base.linux.NetworkNamespace;
import org.sluice.base.linux.Processes;
import org.sluice.base.log.VlogRegistry;
import org.sluice.datapath.netdev.Netdev;
import org.sluice.vswitchd.bridge.DeviceOpener.Opened;

/** Which device becomes of an interface, on one end of a veth whose other end is a host's. */
@Timeout(60)
class LinuxDevicesTest {
  private static final String DEVICE = "pa";

  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final LinuxDevices devices =
      new LinuxDevices(
          new VlogRegistry(Clock.system(), "test", new PrintStream(logged, true, UTF_8))
              .vlog("netdev_afxdp"));
  private NetworkNamespace here;
  private NetworkNamespace host;

  @BeforeEach
  void makeNamespaces() throws IOException {
    assumeTrue(Processes.isRoot(), "making network namespaces needs root");
    here = NetworkNamespace.create("sld-s" + Processes.pid());
    host = NetworkNamespace.create("sld-h" + Processes.pid());
    here.call(() -> {
      try (Netlink netlink = Netlink.open()) {
        netlink.createVeth(DEVICE, "eth0", host);
        netlink.setUp(DEVICE, true);
      }
      return null;
    });
  }

  @AfterEach
  void deleteNamespaces() throws IOException {
    for (NetworkNamespace each : new NetworkNamespace[] {here, host}) {
      if (each != null) {
        each.close();
        NetworkNamespace.delete(each.name());
      }
    }
  }

  private Opened open(String type, Map<String, String> options) throws IOException {
    return here.call(() -> devices.open(DEVICE, type, options));
  }

  private String log() {
    return logged.toString(UTF_8);
  }

  @Test
  void shouldTakeTheBestModeThatWorks() throws IOException {
    try (Netdev device = open("afxdp", Map.of("n_rxq", "1")).netdev()) {
      assumeTrue(device.type().equals("afxdp"), "skipped: " + log());
      assertEquals("native", device.status().get("xdp-mode"));
      assertTrue(log().contains("|INFO|pa: AF_XDP, mode native"), log());
    }
  }

  @Test
  void shouldTakeAPacketSocketAndSayWhyWhenTheModeCannotBeHad() throws IOException {
    assertPacketSocket("bind an AF_XDP socket", Map.of("xdp-mode", "native-with-zerocopy"));
  }

  @Test
  void shouldTakeAPacketSocketWhenAnotherHasTheQueue() throws IOException {
    try (Netdev first = open("afxdp", Map.of()).netdev()) {
      assumeTrue(first.type().equals("afxdp"), "skipped: " + log());
      assertPacketSocket("EBUSY", Map.of());
      assertNull(first.error());
    }
  }

  @Test
  void shouldTakeAPacketSocketWhenTheDeviceHasNotAsManyQueues() throws IOException {
    assertPacketSocket("bind an AF_XDP socket", Map.of("n_rxq", "2"));
  }

  private void assertPacketSocket(String why, Map<String, String> options) throws IOException {
    try (Netdev device = open("afxdp", options).netdev()) {
      assertEquals("system", device.type());
      assertNull(device.status().get("xdp-mode"));
      String line = "|WARN|pa: AF_XDP does not work here, using AF_PACKET: ";
      assertTrue(log().contains(line), log());
      assertTrue(log().substring(log().indexOf(line)).contains(why), log());
    }
  }

  @Test
  void shouldRefuseOptionsThatMakeNoSense() throws IOException {
    assertEquals(
        "could not open network device pa (unknown xdp-mode \"fast\")",
        open("afxdp", Map.of("xdp-mode", "fast")).error());
    assertEquals(
        "could not open network device pa (n_rxq \"many\" is no number)",
        open("afxdp", Map.of("n_rxq", "many")).error());
    assertEquals(
        "could not open network device pa (Too big 'n_rxq' (17 > 16))",
        open("afxdp", Map.of("n_rxq", "17")).error());
  }

  @Test
  void shouldSayWhatDrivesADevice() throws IOException {
    try (Netdev device = open("system", Map.of()).netdev()) {
      Map<String, String> status = device.status();
      assertEquals("veth", status.get("driver_name"));
      assertEquals("1.0", status.get("driver_version"));
      assertEquals("", status.get("firmware_version"));
      int peer = host.call(() -> peerIndex());
      assertEquals(Integer.toString(peer), status.get("peer_ifindex"));
    }
  }

  private static int peerIndex() throws IOException {
    try (Netlink netlink = Netlink.open()) {
      return netlink.linkIndex("eth0");
    }
  }
}
