package org.sluice.vswitchd.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxNextHopsTest {
  @TempDir private Path directory;
  private LinuxNextHops hops;

  @BeforeEach
  void writeTables() throws IOException {
    Path routes = directory.resolve("route");
    Files.writeString(
        routes,
        """
        Iface   Destination     Gateway         Flags   RefCnt  Use     Metric  Mask            MTU     Window  IRTT
        br0     00000000        0100000A        0003    0       0       0       00000000        0       0       0
        br0     0000000A        00000000        0001    0       0       0       00FFFFFF        0       0       0
        old     0002A8C0        0900000A        0000    0       0       0       00FFFFFF        0       0       0
        """);
    Path neighbours = directory.resolve("arp");
    Files.writeString(
        neighbours,
        """
        IP address       HW type     Flags       HW address            Mask     Device
        10.0.0.1         0x1         0x2         02:00:00:00:00:01     *        br0
        10.0.0.7         0x1         0x2         02:00:00:00:00:07     *        br0
        """);
    hops = new LinuxNextHops(routes, neighbours);
  }

  @Test
  void shouldFindANeighbourItself() {
    assertEquals(0x0200_0000_0007L, hops.macTowards(0x0a000007));
  }

  @Test
  void shouldFindTheGatewayOfOthersByRoutesThatAreUp() {
    assertEquals(0x0200_0000_0001L, hops.macTowards(0x08080808));
    assertEquals(0x0200_0000_0001L, hops.macTowards(0xc0a80205));
  }

  @Test
  void shouldKnowNothingOfAHostThatHasNotAnswered() {
    assertEquals(0, hops.macTowards(0x0a000008));
    assertEquals(0, new LinuxNextHops(directory, directory).macTowards(0x0a000007));
  }
}
