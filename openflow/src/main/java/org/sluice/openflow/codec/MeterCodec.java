package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.message.FlowRemoved.Counts;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.MeterMod.Band;
import org.sluice.openflow.message.MeterMod.Config;
import org.sluice.openflow.message.OfError;

/**
 * Meters, the same in every version that has them.
 *
 * <pre>
 *  band:  0  type (16)  2  length 16 (16)  4  rate (32)  8  burst (32)  12  precedence  13  0
 * </pre>
 */
final class MeterCodec {
  private static final int BAND_BYTES = 16;
  private static final int STATS_BYTES = 40;
  private static final int COUNTS_BYTES = 16;
  private static final int BOTH_RATES = Config.KBPS | Config.PKTPS;

  private MeterCodec() {}

  static WireWriter writeMod(Frames frames, MeterMod mod) {
    boolean delete = mod.command() == MeterMod.Command.DELETE;
    WireWriter out = frames.start(MessageForm.OFPT13_METER_MOD).u16(mod.command().wire());
    out.u16(delete ? 0 : mod.meter().flags()).u32(mod.meter().meterId());
    mod.meter().bands().forEach(band -> writeBand(out, band));
    return out;
  }

  private static void writeBand(WireWriter out, Band band) {
    out.u16(band.type()).u16(BAND_BYTES).u32(band.rate()).u32(band.burst());
    out.u8(band.precedence()).zeros(3);
  }

  static MeterMod readMod(WireReader in) {
    MeterMod.Command command = MeterMod.Command.ofWire(in.u16());
    int flags = in.u16();
    int id = in.u32();
    if (command == null) {
      throw in.bad(OfError.OFPMMFC_BAD_COMMAND);
    }
    if (command == MeterMod.Command.DELETE) {
      return new MeterMod(command, new Config(id, 0, List.of()));
    }
    if ((flags & BOTH_RATES) == BOTH_RATES) {
      throw in.bad(OfError.OFPMMFC_BAD_FLAGS);
    }
    return new MeterMod(command, new Config(id, flags, readBands(in)));
  }

  private static List<Band> readBands(WireReader in) {
    List<Band> bands = new ArrayList<>();
    while (in.left() >= BAND_BYTES) {
      int type = in.u16();
      if (in.u16() != BAND_BYTES) {
        throw in.bad(OfError.OFPBRC_BAD_LEN);
      }
      if (type != Band.DROP && type != Band.DSCP_REMARK) {
        throw in.bad(OfError.OFPMMFC_BAD_BAND);
      }
      Band band = new Band(type, in.u32(), in.u32(), type == Band.DSCP_REMARK ? in.u8() : 0);
      in.skip(type == Band.DSCP_REMARK ? 3 : 4);
      bands.add(band);
    }
    if (!in.isEmpty()) {
      throw in.bad(OfError.OFPBRC_BAD_LEN);
    }
    return bands;
  }

  static void writeConfig(WireWriter out, Config meter) {
    int start = out.size();
    out.u16(0).u16(meter.flags()).u32(meter.meterId());
    meter.bands().forEach(band -> writeBand(out, band));
    out.setU16(start, out.size() - start);
  }

  static Config readConfig(WireReader list) {
    WireReader in = list.sub(list.peekU16(0), OfError.OFPBRC_BAD_LEN).skip(2);
    int flags = in.u16();
    return new Config(in.u32(), flags, readBands(in));
  }

  static void writeStats(WireWriter out, MeterMod.Stats stats) {
    int length = STATS_BYTES + COUNTS_BYTES * stats.bands().size();
    out.u32(stats.meterId()).u16(length).zeros(6).u32(stats.flows());
    writeCounts(out, stats.in());
    Durations.write(out, stats.durationNs());
    stats.bands().forEach(band -> writeCounts(out, band));
  }

  private static void writeCounts(WireWriter out, Counts counts) {
    out.u64(counts.packets()).u64(counts.bytes());
  }

  static MeterMod.Stats readStats(WireReader list) {
    WireReader in = list.sub(list.peekU16(4), OfError.OFPBRC_BAD_LEN);
    int id = in.u32();
    int flows = in.skip(8).u32();
    Counts counts = new Counts(in.u64(), in.u64());
    long duration = Durations.read(in);
    List<Counts> bands = new ArrayList<>();
    while (!in.isEmpty()) {
      bands.add(new Counts(in.u64(), in.u64()));
    }
    return new MeterMod.Stats(id, flows, counts, duration, bands);
  }

  static WireWriter writeFeatures(WireWriter out, MeterMod.Features features) {
    out.u32(features.maxMeters()).u32(features.bandTypes()).u32(features.capabilities());
    return out.u8(features.maxBands()).u8(features.maxColors()).zeros(2);
  }

  static MeterMod.Features readFeatures(WireReader in) {
    return new MeterMod.Features(in.u32(), in.u32(), in.u32(), in.u8(), in.u8());
  }
}
