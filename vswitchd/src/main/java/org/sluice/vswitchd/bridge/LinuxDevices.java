package org.sluice.vswitchd.bridge;

import java.util.List;
import java.util.Map;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.log.Vlog;
import org.sluice.datapath.netdev.linux.LinuxNetdev;
import org.sluice.datapath.netdev.linux.TapNetdev;
import org.sluice.datapath.netdev.linux.XdpMode;
import org.sluice.datapath.netdev.linux.XdpNetdev;

/** The devices of a Linux machine. Keeps nothing. */
public final class LinuxDevices implements DeviceOpener {
  /** Open vSwitch's limit, too. */
  private static final int MOST_QUEUES = 16;

  private final Vlog log;

  /** Opens devices in the namespace of the thread that asks. */
  public LinuxDevices(Vlog log) {
    this.log = log;
  }

  @Override
  public Opened open(String name, String type, Map<String, String> options) {
    try {
      return switch (type) {
        case "system" -> openSystem(name);
        case "afxdp" -> openXdp(name, options);
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

  /** Where AF_XDP does not work, a packet socket is told to do, and why. */
  private Opened openXdp(String name, Map<String, String> options) throws LinuxException {
    String wanted = options.getOrDefault("xdp-mode", "best-effort");
    List<XdpMode> modes = XdpMode.named(wanted);
    if (modes.isEmpty()) {
      return Opened.failed(failure(name, "unknown xdp-mode \"" + wanted + "\""));
    }
    String queues = options.getOrDefault("n_rxq", "1");
    if (!queues.matches("[0-9]{1,9}")) {
      return Opened.failed(failure(name, "n_rxq \"" + queues + "\" is no number"));
    }
    int count = Math.max(Integer.parseInt(queues), 1);
    if (count > MOST_QUEUES) {
      String why = "Too big 'n_rxq' (" + count + " > " + MOST_QUEUES + ")";
      return Opened.failed(failure(name, why));
    }
    boolean needWakeUp = !options.getOrDefault("use-need-wakeup", "true").equals("false");
    try {
      XdpNetdev device = XdpNetdev.open(name, modes, needWakeUp, count);
      log.info("%s: AF_XDP, mode %s", name, device.mode().title());
      return Opened.of(device);
    } catch (LinuxException e) {
      return openInstead(name, e.getMessage());
    }
  }

  /** A packet socket receives from all queues. */
  private Opened openInstead(String name, String why) throws LinuxException {
    log.warn("%s: AF_XDP does not work here, using AF_PACKET: %s", name, why);
    return openSystem(name);
  }

  private static String failure(String name, String why) {
    return "could not open network device " + name + " (" + why + ")";
  }
}
