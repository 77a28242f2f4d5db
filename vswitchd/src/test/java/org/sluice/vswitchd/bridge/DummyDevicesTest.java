package org.sluice.vswitchd.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.ManualClock;
import org.sluice.datapath.netdev.dummy.DummyNetdev;

/** Devices of nothing: their addresses, numbers and types, and where their frames go. */
class DummyDevicesTest {
  private final ManualClock clock = new ManualClock(0, 0);

  private DummyDevices devices(DummyMode mode) {
    return new DummyDevices(
        mode, (_, type, _) -> DeviceOpener.Opened.failed("real " + type), clock);
  }

  @Test
  void shouldCountAddressesUpAndTakeNumbersFromNames() {
    DummyDevices devices = devices(DummyMode.TYPES);
    assertEquals(0xaa55_aa55_0000L, devices.open("p7", "dummy", Map.of()).netdev().macAddress());
    assertEquals(0xaa55_aa55_0001L, devices.open("p8", "dummy", Map.of()).netdev().macAddress());
    assertEquals(7, devices.wantedPort("p7"));
    assertEquals(101, devices.wantedPort("br1"));
    assertEquals(0, devices.wantedPort("tap"));
  }

  @Test
  void shouldTakeOverSystemTypesOnlyWhereToldTo() {
    assertEquals("real system", devices(DummyMode.TYPES).open("e", "system", Map.of()).error());
    assertNull(devices(DummyMode.SYSTEM).open("e", "system", Map.of()).error());
    assertEquals("real vxlan", devices(DummyMode.SYSTEM).open("e", "vxlan", Map.of()).error());
    assertNull(devices(DummyMode.OVERRIDE).open("e", "vxlan", Map.of()).error());
  }

  @Test
  void shouldRecordFramesAndChangeThatOnTheRun(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("p1.pcap");
    DummyDevices devices = devices(DummyMode.TYPES);
    DummyNetdev device =
        (DummyNetdev) devices.open("p1", "dummy", Map.of("pcap", file.toString())).netdev();
    assertEquals(24, Files.size(file));
    assertTrue(devices.reconfigure(device, Map.of("ifindex", "5")));
    assertEquals(5, device.ifindex());
    device.close();
    assertNull(devices.device("p1"));
  }
}
