package org.sluice.vswitchd.ofproto;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.datapath.DpActionText;
import org.sluice.datapath.datapath.Megaflow;
import org.sluice.datapath.flow.DatapathFlowText;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowTextOptions;

/** Installed megaflows as {@code dpctl/dump-flows} prints them. Stateless. */
final class MegaflowText {
  /** TCP flags in the order of printing, each with its bit. */
  private static final String FLAG_LETTERS = "SFPRU.ECN";

  private static final int[] FLAG_BITS = {0x02, 0x01, 0x08, 0x04, 0x20, 0x10, 0x40, 0x80, 0x100};
  private static final double NANOS_PER_SECOND = 1e9;

  private MegaflowText() {}

  /** How much is printed: with everything, with ports' names. */
  static FlowTextOptions options(Datapath datapath, boolean more, boolean names) {
    FlowTextOptions base = more ? FlowTextOptions.VERBOSE : FlowTextOptions.PLAIN;
    if (!names) {
      return base;
    }
    Map<Integer, String> portNames = new HashMap<>();
    datapath.ports().forEach(port -> portNames.put(port.number(), port.name()));
    return new FlowTextOptions(base.verbose(), portNames, base.vlanLimit());
  }

  /** One megaflow's line at {@code nowNs}. */
  static String line(Megaflow megaflow, FlowTextOptions options, long nowNs) {
    FlowKey key = megaflow.firstKey();
    StringBuilder text = new StringBuilder();
    if (options.verbose()) {
      text.append("ufid:").append(megaflow.ufid()).append(", ");
    }
    text.append(DatapathFlowText.format(key, megaflow.mask(), options));
    text.append(", packets:").append(megaflow.packets());
    text.append(", bytes:").append(megaflow.bytes());
    text.append(", used:").append(used(megaflow, nowNs));
    if (megaflow.tcpFlags() != 0) {
      text.append(", flags:").append(flags(megaflow.tcpFlags()));
    }
    if (options.verbose()) {
      text.append(", dp:ovs");
    }
    text.append(", actions:");
    text.append(DpActionText.format(megaflow.actions(), key, options)).append('\n');
    return text.toString();
  }

  private static String used(Megaflow megaflow, long nowNs) {
    if (!megaflow.isUsed()) {
      return "never";
    }
    double seconds = Math.max(0, nowNs - megaflow.usedNs()) / NANOS_PER_SECOND;
    return String.format(Locale.ROOT, "%.3fs", seconds);
  }

  private static String flags(int flags) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < FLAG_BITS.length; i++) {
      if ((flags & FLAG_BITS[i]) != 0) {
        text.append(FLAG_LETTERS.charAt(i));
      }
    }
    return text.toString();
  }
}
