package org.sluice.openflow.print;

import java.util.List;
import java.util.Map;
import org.sluice.datapath.flow.AddressText;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.message.PortDescription.Features;
import org.sluice.openflow.message.PortDescription.State;
import org.sluice.openflow.message.PortStats;
import org.sluice.openflow.text.FlowFormatter;
import org.sluice.openflow.text.Names;

/** Ports and their statistics. */
final class PortPrinter {
  private static final BitNames CONFIG =
      new BitNames(
          Map.of(
              0, "PORT_DOWN",
              1, "NO_STP",
              2, "NO_RECV",
              3, "NO_RECV_STP",
              4, "NO_FLOOD",
              5, "NO_FWD",
              6, "NO_PACKET_IN"));
  private static final BitNames STATE =
      new BitNames(Map.of(0, "LINK_DOWN", 1, "BLOCKED", 2, "LIVE"));
  private static final String[] STP_STATES = {
    "STP_LISTEN", "STP_LEARN", "STP_FORWARD", "STP_BLOCK"
  };
  private static final String[] SIZES = {
    "1_to_64_packets=",
    "65_to_127_packets=",
    "128_to_255_packets=",
    "256_to_511_packets=",
    "512_to_1023_packets=",
    "1024_to_1522_packets=",
    "1523_to_max_packets="
  };
  private static final int COUNTERS_PER_ROW = 3;

  private final Names names;
  private final StringBuilder out;

  PortPrinter(Names names, StringBuilder out) {
    this.names = names;
    this.out = out;
  }

  void add(OfMessage.PortStatus status) {
    out.append(
        switch (status.reason()) {
          case OfMessage.PortStatus.ADDED -> " ADD:";
          case OfMessage.PortStatus.DELETED -> " DEL:";
          default -> " MOD:";
        });
    add(status.port());
  }

  void add(OfMessage.PortMod mod) {
    out.append(" port: ").append(names.portText(mod.port()));
    out.append(": addr:").append(AddressText.mac(mod.mac())).append('\n');
    out.append("     config: ").append(CONFIG.format(mod.config(), " ")).append('\n');
    out.append("     mask:   ").append(CONFIG.format(mod.mask(), " ")).append('\n');
    String advertise = mod.advertise() == 0 ? "UNCHANGED" : BitNames.modes(mod.advertise());
    out.append("     advertise: ").append(advertise).append('\n');
  }

  void add(PortDescription port) {
    out.append(' ').append(OfPort.text(port.number()));
    out.append('(').append(printable(port.name())).append("): addr:");
    out.append(AddressText.mac(port.mac())).append('\n');
    out.append("     config:     ").append(CONFIG.format(port.config(), " ")).append('\n');
    out.append("     state:      ").append(state(port.state())).append('\n');
    Features features = port.features();
    addModes("     current:    ", features.current());
    addModes("     advertised: ", features.advertised());
    addModes("     supported:  ", features.supported());
    addModes("     peer:       ", features.peer());
    out.append("     speed: ").append(mbps(features.speedKbps())).append(" Mbps now, ");
    out.append(mbps(features.maxSpeedKbps())).append(" Mbps max\n");
  }

  private static String printable(String name) {
    int end = 0;
    while (end < name.length() && name.charAt(end) >= ' ' && name.charAt(end) <= '~') {
      end++;
    }
    return name.substring(0, end);
  }

  private static String mbps(int kbps) {
    return Integer.toUnsignedString(Integer.divideUnsigned(kbps, 1000));
  }

  /** Spanning tree's state is two bits and shown where it is not the first. */
  private static String state(int state) {
    int stp = (state & State.STP_MASK) >>> 8;
    if (stp == 0) {
      return STATE.format(state, " ");
    }
    int rest = state & ~State.STP_MASK;
    return STP_STATES[stp] + (rest == 0 ? "" : STATE.format(rest, " "));
  }

  private void addModes(String title, int modes) {
    if (modes != 0) {
      out.append(title).append(BitNames.modes(modes)).append('\n');
    }
  }

  void add(PortStats stats) {
    out.append("  port ").append(stats.port() < 10 ? " " : "");
    out.append(names.portText(stats.port())).append(": rx ");
    addDirection(stats.receive());
    PortStats.ReceiveErrors errors = stats.errors();
    out.append(", frame=").append(count(errors.frame()));
    out.append(", over=").append(count(errors.overrun()));
    out.append(", crc=").append(count(errors.crc())).append("\n           tx ");
    addDirection(stats.transmit());
    out.append(", coll=").append(count(stats.collisions())).append('\n');
    if (stats.durationNs() >= 0) {
      out.append("           duration=");
      out.append(FlowFormatter.duration(stats.durationNs())).append("s\n");
    }
    if (stats.sizes() != null) {
      addSizes(stats.sizes().counters());
    }
    addCustom(stats.custom());
  }

  private void addDirection(PortStats.Direction way) {
    out.append("pkts=").append(count(way.packets()));
    out.append(", bytes=").append(count(way.bytes()));
    out.append(", drop=").append(count(way.dropped()));
    out.append(", errs=").append(count(way.errors()));
  }

  static String count(long count) {
    return count == -1 ? "?" : Long.toUnsignedString(count);
  }

  private void addSizes(List<Long> counters) {
    StringBuilder received = new StringBuilder();
    StringBuilder sent = new StringBuilder();
    for (int i = 0; i < SIZES.length; i++) {
      addIfKnown(received, SIZES[i], counters.get(i));
      addIfKnown(sent, SIZES[i], counters.get(SIZES.length + i));
    }
    int next = 2 * SIZES.length;
    addIfKnown(sent, "multicast_packets=", counters.get(next));
    addIfKnown(received, "broadcast_packets=", counters.get(next + 1));
    addIfKnown(sent, "broadcast_packets=", counters.get(next + 2));
    addIfKnown(received, "undersized_errors=", counters.get(next + 3));
    addIfKnown(received, "oversize_errors=", counters.get(next + 4));
    addIfKnown(received, "rx_fragmented_errors=", counters.get(next + 5));
    addIfKnown(received, "rx_jabber_errors=", counters.get(next + 6));
    addLine("           rx rfc2819 ", received);
    addLine("           tx rfc2819 ", sent);
  }

  private static void addIfKnown(StringBuilder line, String name, long value) {
    if (value != -1) {
      line.append(name).append(Long.toUnsignedString(value)).append(", ");
    }
  }

  private void addLine(String title, StringBuilder line) {
    if (!line.isEmpty()) {
      out.append(title).append(line).append('\n');
    }
  }

  private void addCustom(List<PortStats.Counter> counters) {
    if (counters.isEmpty()) {
      return;
    }
    out.append("           CUSTOM Statistics");
    for (int i = 0; i < counters.size(); i++) {
      PortStats.Counter counter = counters.get(i);
      if (!counter.name().isEmpty()) {
        out.append(i % COUNTERS_PER_ROW == 0 ? "\n                      " : " ");
        out.append(counter.name()).append('=');
        out.append(Long.toUnsignedString(counter.value())).append(',');
      }
    }
    out.append('\n');
  }
}
