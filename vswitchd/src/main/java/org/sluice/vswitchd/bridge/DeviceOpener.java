package org.sluice.vswitchd.bridge;

import java.util.Map;
import org.sluice.datapath.netdev.Netdev;

/** Makes devices of the kinds that interfaces can have. Called by the thread that reconciles. */
public interface DeviceOpener {
  /**
   * What came of opening a device: either it, or why not, in one line for {@code Interface.error}.
   */
  record Opened(Netdev netdev, String error) {
    static Opened of(Netdev netdev) {
      return new Opened(netdev, null);
    }

    static Opened failed(String error) {
      return new Opened(null, error);
    }
  }

  /** Opens the device called {@code name}. */
  Opened open(String name, String type, Map<String, String> options);

  /** Gives a running device other options; false where that takes another device. */
  default boolean reconfigure(Netdev device, Map<String, String> options) {
    return false;
  }

  /** The number that the datapath port of the device {@code name} should have; 0 for any. */
  default int wantedPort(String name) {
    return 0;
  }
}
