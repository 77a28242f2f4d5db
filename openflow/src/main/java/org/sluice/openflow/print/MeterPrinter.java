package org.sluice.openflow.print;

import java.util.List;
import java.util.Map;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.MeterMod.Band;
import org.sluice.openflow.message.MeterMod.Config;
import org.sluice.openflow.text.FlowFormatter;

/** Meters. */
final class MeterPrinter {
  private static final BitNames CAPABILITIES =
      new BitNames(Map.of(0, "kbps", 1, "pktps", 2, "burst", 3, "stats"));
  private static final BitNames BAND_TYPES = new BitNames(Map.of(1, "drop", 2, "dscp_remark"));
  private static final int FLAGS = Config.KBPS | Config.PKTPS | Config.BURST | Config.STATS;

  private final StringBuilder out;

  MeterPrinter(StringBuilder out) {
    this.out = out;
  }

  void addId(int id, char separator) {
    String name =
        switch (id) {
          case MeterMod.SLOW_PATH -> "slowpath";
          case MeterMod.CONTROLLER -> "controller";
          case MeterMod.ALL -> "all";
          default ->
              Integer.compareUnsigned(id, MeterMod.MAX_ID) <= 0
                  ? Integer.toUnsignedString(id)
                  : "unknown";
        };
    out.append("meter").append(separator).append(name);
  }

  void add(MeterMod mod) {
    String command =
        switch (mod.command()) {
          case ADD -> " ADD ";
          case MODIFY -> " MOD ";
          case DELETE -> " DEL ";
        };
    out.append(command);
    add(mod.meter());
  }

  void add(Config meter) {
    addId(meter.meterId(), '=');
    out.append(' ');
    addFlag(meter.flags(), Config.KBPS, "kbps ");
    addFlag(meter.flags(), Config.PKTPS, "pktps ");
    addFlag(meter.flags(), Config.BURST, "burst ");
    addFlag(meter.flags(), Config.STATS, "stats ");
    int unknown = meter.flags() & ~FLAGS;
    if (unknown != 0) {
      out.append("flags:0x").append(Integer.toHexString(unknown)).append(' ');
    }
    out.append("bands=");
    meter.bands().forEach(band -> add(band, meter.flags()));
    out.append('\n');
  }

  private void addFlag(int flags, int flag, String name) {
    if ((flags & flag) != 0) {
      out.append(name);
    }
  }

  private void add(Band band, int flags) {
    out.append("\ntype=").append(band.type() == Band.DROP ? "drop" : "dscp_remark");
    out.append(" rate=").append(Integer.toUnsignedString(band.rate()));
    if ((flags & Config.BURST) != 0) {
      out.append(" burst_size=").append(Integer.toUnsignedString(band.burst()));
    }
    if (band.type() == Band.DSCP_REMARK) {
      out.append(" prec_level=").append(band.precedence());
    }
  }

  void add(MeterMod.Stats stats) {
    addId(stats.meterId(), ':');
    out.append(" flow_count:").append(Integer.toUnsignedString(stats.flows()));
    out.append(" packet_in_count:").append(Long.toUnsignedString(stats.in().packets()));
    out.append(" byte_in_count:").append(Long.toUnsignedString(stats.in().bytes()));
    out.append(" duration:")
        .append(FlowFormatter.duration(stats.durationNs()))
        .append("s bands:\n");
    List<FlowRemoved.Counts> bands = stats.bands();
    for (int i = 0; i < bands.size(); i++) {
      out.append(i).append(": packet_count:");
      out.append(Long.toUnsignedString(bands.get(i).packets()));
      out.append(" byte_count:").append(Long.toUnsignedString(bands.get(i).bytes())).append('\n');
    }
  }

  void add(MeterMod.Features features) {
    out.append("\nmax_meter:").append(Integer.toUnsignedString(features.maxMeters()));
    out.append(" max_bands:").append(features.maxBands());
    out.append(" max_color:").append(features.maxColors());
    out.append("\nband_types: ").append(BAND_TYPES.format(features.bandTypes(), " "));
    out.append("\ncapabilities: ").append(CAPABILITIES.format(features.capabilities(), " "));
    out.append('\n');
  }
}
