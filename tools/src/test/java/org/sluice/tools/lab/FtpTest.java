package org.sluice.tools.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FtpTest {
  private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

  @Test
  void shouldDownloadWhoeverOpensTheDataChannel() throws IOException {
    int port = freePort();
    try (FtpServer server = new FtpServer(LOCAL, port)) {
      Thread.ofPlatform().daemon().start(server::serve);
      try (FtpClient client = new FtpClient(LOCAL, port)) {
        assertEquals(FtpServer.CONTENT, client.fetchActive());
      }
      try (FtpClient client = new FtpClient(LOCAL, port)) {
        assertEquals(FtpServer.CONTENT, client.fetchPassive());
      }
    }
  }

  @Test
  void shouldFailWhenNobodyServes() throws IOException {
    int port = freePort();
    assertThrows(IOException.class, () -> new FtpClient(LOCAL, port));
  }

  @Test
  void shouldWriteAndReadAddressesAsSixNumbers() throws IOException {
    InetSocketAddress address = new InetSocketAddress("10.77.0.1", 5130);
    assertEquals("10,77,0,1,20,10", FtpAddress.format(address));
    assertEquals(address, FtpAddress.parse("227 Entering Passive Mode (10,77,0,1,20,10)."));
    assertNull(FtpAddress.parse("PORT 10,77,0,1,20"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, LOCAL)) {
      return probe.getLocalPort();
    }
  }
}
