package org.sluice.base.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkNamespaceTest {
  private final String left = "slt-l" + Processes.pid();
  private final String right = "slt-r" + Processes.pid();

  @BeforeEach
  void needRoot() {
    assumeTrue(Processes.isRoot(), "making network namespaces needs root");
  }

  @AfterEach
  void cleanUp() throws IOException {
    for (String name : NetworkNamespace.list()) {
      if (name.equals(left) || name.equals(right)) {
        NetworkNamespace.delete(name);
      }
    }
  }

  @Test
  void shouldCarryTcpWhenVethJoinsTwoNamespaces() throws Exception {
    try (NetworkNamespace a = NetworkNamespace.create(left);
        NetworkNamespace b = NetworkNamespace.create(right)) {
      a.call(() -> configure("veth0", "veth1", b, "10.9.0.1"));
      b.call(() -> configureOne("veth1", "10.9.0.2"));
      try (ServerSocket server = b.call(() -> new ServerSocket(0));
          Socket client = a.call(() -> new Socket("10.9.0.2", server.getLocalPort()));
          Socket accepted = server.accept()) {
        client.getOutputStream().write(42);
        assertEquals(42, accepted.getInputStream().read());
      }
    }
  }

  private static Void configure(String name, String peer, NetworkNamespace peerAt, String address)
      throws IOException {
    try (Netlink netlink = Netlink.open()) {
      netlink.createVeth(name, peer);
      netlink.setMac(name, 0x020000000001L);
      netlink.setMtu(name, 1400);
      netlink.moveLink(peer, peerAt);
    }
    configureOne(name, address);
    NetworkInterface link = NetworkInterface.getByName(name);
    assertEquals(1400, link.getMTU());
    assertEquals(1, link.getHardwareAddress()[5]);
    return null;
  }

  private static Void configureOne(String name, String address) throws IOException {
    try (Netlink netlink = Netlink.open()) {
      netlink.setUp("lo", true);
      netlink.addAddress(name, InetAddress.getByName(address), 24);
      netlink.setUp(name, true);
    }
    return null;
  }

  @Test
  void shouldForgetLinkWhenDeleted() throws Exception {
    try (NetworkNamespace a = NetworkNamespace.create(left)) {
      a.call(() -> {
        try (Netlink netlink = Netlink.open()) {
          netlink.createVeth("v0", "v1");
          assertTrue(netlink.linkIndex("v1") > 0);
          netlink.deleteLink("v0");
          assertEquals(0, netlink.linkIndex("v1"));
        }
        return null;
      });
    }
  }

  @Test
  void shouldSayWhatFailedWhenKernelRefuses() throws Exception {
    try (NetworkNamespace a = NetworkNamespace.create(left)) {
      LinuxException taken =
          assertThrows(LinuxException.class, () -> NetworkNamespace.create(left));
      assertEquals(
          "create network namespace " + left + ": EEXIST (File exists)", taken.getMessage());
      LinuxException e = assertThrows(LinuxException.class, () -> a.call(() -> up("nope")));
      assertEquals("set link nope up: ENODEV (No such device)", e.getMessage());
      assertEquals("No such device", e.errnoText());
      NetworkNamespace.delete(left);
      assertFalse(NetworkNamespace.list().contains(left));
    }
  }

  private static Void up(String name) throws IOException {
    try (Netlink netlink = Netlink.open()) {
      netlink.setUp(name, true);
    }
    return null;
  }
}
