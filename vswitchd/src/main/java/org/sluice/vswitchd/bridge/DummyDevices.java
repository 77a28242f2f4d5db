package org.sluice.vswitchd.bridge;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.sluice.base.clock.Clock;
import org.sluice.datapath.netdev.Netdev;
import org.sluice.datapath.netdev.dummy.DummyNetdev;
import org.sluice.datapath.netdev.dummy.FrameRecorder;
import org.sluice.datapath.netdev.dummy.PacketStream;
import org.sluice.datapath.packet.Packet;

/**
 * Devices made of nothing, so that a switch can be tested without any: their addresses count up
 * from {@code aa:55:aa:55:00:00}, their datapath ports have the numbers in their names. What is no
 * dummy is made by another opener. Thread-safe.
 */
final class DummyDevices implements DeviceOpener {
  private static final long FIRST_MAC = 0xaa55_aa55_0000L;
  private static final int BRIDGE_PORTS_FROM = 100;
  private static final int MAX_NUMBER_DIGITS = 5;

  private final DummyMode mode;
  private final DeviceOpener others;
  private final Clock clock;
  private final AtomicLong made = new AtomicLong();
  private final Map<String, DummyNetdev> devices = new ConcurrentSkipListMap<>();

  DummyDevices(DummyMode mode, DeviceOpener others, Clock clock) {
    this.mode = mode;
    this.others = others;
    this.clock = clock;
  }

  @Override
  public Opened open(String name, String type, Map<String, String> options) {
    String dummyType = dummyType(type);
    if (dummyType == null) {
      return others.open(name, type, options);
    }
    DummyNetdev device = make(name, dummyType);
    String error = configure(device, options);
    return error == null ? Opened.of(device) : Opened.failed(error);
  }

  /** Makes a device that nothing is configured of. */
  DummyNetdev make(String name, String type) {
    DummyNetdev device = new DummyNetdev(name, type, FIRST_MAC + made.getAndIncrement());
    device.keepNothing();
    devices.put(name, device);
    return device;
  }

  /** The dummy type that serves for {@code type}; null where none does. */
  private String dummyType(String type) {
    boolean isDummy = type.equals("dummy") || type.startsWith("dummy-");
    if (isDummy) {
      return type;
    }
    return switch (type) {
      case "internal" -> "dummy-internal";
      case "system" -> mode == DummyMode.TYPES ? null : "system";
      default -> mode == DummyMode.OVERRIDE ? type : null;
    };
  }

  @Override
  public boolean reconfigure(Netdev netdev, Map<String, String> options) {
    return netdev instanceof DummyNetdev device && configure(device, options) == null;
  }

  private String configure(DummyNetdev device, Map<String, String> options) {
    try {
      device.setHeaderChecksums(headerChecksums(options));
      device.setIfindex(number(options.get("ifindex")));
      device.setRecorder(recorder(options));
      device.setStream(stream(device, options));
      return null;
    } catch (IOException | IllegalArgumentException e) {
      return device.name() + ": could not set configuration (" + e.getMessage() + ")";
    }
  }

  /** A checksum that a sender has left to the device counts as right. */
  private static int headerChecksums(Map<String, String> options) {
    if ("true".equals(options.get("ol_ip_rx_csum_set_bad"))) {
      return Packet.HEADER_CHECKSUM_WRONG;
    }
    boolean isRight =
        "true".equals(options.get("ol_ip_rx_csum_set_good"))
            || "true".equals(options.get("ol_ip_rx_csum_set_partial"));
    return isRight ? Packet.HEADER_CHECKSUM_VERIFIED : 0;
  }

  private static int number(String text) {
    return text != null && text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }

  private FrameRecorder recorder(Map<String, String> options) throws IOException {
    String both = options.get("pcap");
    if (both != null) {
      return FrameRecorder.both(Path.of(both), clock);
    }
    String received = options.get("rxq_pcap");
    String sent = options.get("tx_pcap");
    return received == null && sent == null
        ? null
        : FrameRecorder.apart(
            received == null ? null : Path.of(received),
            sent == null ? null : Path.of(sent),
            clock);
  }

  private static PacketStream stream(DummyNetdev device, Map<String, String> options)
      throws IOException {
    PacketStream now = device.stream();
    String passive = options.get("pstream");
    String target = passive == null ? options.get("stream") : passive;
    if (target == null) {
      return null;
    }
    return now != null && now.target().equals(target)
        ? now
        : PacketStream.start(target, device::inject);
  }

  /** The number in the name, from 100 for bridges; 0 where there is none. */
  @Override
  public int wantedPort(String name) {
    int from = 0;
    while (from < name.length() && !isDigit(name.charAt(from))) {
      from++;
    }
    int to = from;
    while (to < name.length() && isDigit(name.charAt(to))) {
      to++;
    }
    if (from == to || to - from > MAX_NUMBER_DIGITS) {
      return 0;
    }
    int number = Integer.parseInt(name.substring(from, to));
    return name.startsWith("br") ? BRIDGE_PORTS_FROM + number : number;
  }

  private static boolean isDigit(char letter) {
    return letter >= '0' && letter <= '9';
  }

  /** The dummy called {@code name}, or null. */
  DummyNetdev device(String name) {
    DummyNetdev device = devices.get(name);
    return device == null || device.isClosed() ? null : device;
  }

  /** All dummies, by name. */
  List<DummyNetdev> all() {
    List<DummyNetdev> open = new ArrayList<>(devices.values());
    open.removeIf(DummyNetdev::isClosed);
    return open;
  }
}
