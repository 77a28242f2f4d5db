package org.sluice.vswitchd.bridge;

import java.util.Map;
import org.sluice.base.linux.LinuxException;
import org.sluice.datapath.netdev.linux.LinuxNetdev;
import org.sluice.datapath.netdev.linux.TapNetdev;

/** The devices of a Linux machine. Stateless. */
public final class LinuxDevices implements DeviceOpener {
  /** Opens devices in the namespace of the thread that asks. */
  public LinuxDevices() {}

  @Override
  public Opened open(String name, String type, Map<String, String> options) {
    try {
      return switch (type) {
        case "system" -> openSystem(name);
        case "internal", "tap" -> Opened.of(TapNetdev.create(name, type));
        default -> Opened.failed(failure(name, "unknown type \"" + type + "\""));
      };
    } catch (LinuxException e) {
      return Opened.failed(failure(name, e.errnoText()));
    }
  }

  private static Opened openSystem(String name) throws LinuxException {
    LinuxNetdev device = new LinuxNetdev(name);
    if (!device.isLoopback()) {
      return Opened.of(device);
    }
    device.close();
    return Opened.failed(name + ": cannot add a loopback device");
  }

  private static String failure(String name, String why) {
    return "could not open network device " + name + " (" + why + ")";
  }
}
