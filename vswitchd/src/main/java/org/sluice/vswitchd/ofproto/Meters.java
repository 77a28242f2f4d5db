package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.sluice.datapath.datapath.Meter;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.OfError;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.translate.BridgeView;

/**
 * A switch's meters by number. Each is a {@link Meter} of the datapath under a number of the
 * datapath's own. Changed by whoever holds the writer lock; any thread may look up.
 */
final class Meters {
  private static final int SUPPORTED_FLAGS =
      MeterMod.Config.KBPS | MeterMod.Config.PKTPS | MeterMod.Config.BURST | MeterMod.Config.STATS;
  private static final long NANOS_PER_MILLISECOND = 1_000_000L;

  /** What the datapath can do. */
  static final MeterMod.Features FEATURES =
      new MeterMod.Features(
          Meter.MAX_METERS, 1 << MeterMod.Band.DROP, SUPPORTED_FLAGS, Meter.MAX_BANDS, 0);

  private final Ofproto ofproto;
  private final ConcurrentSkipListMap<Integer, Entry> entries =
      new ConcurrentSkipListMap<>(Integer::compareUnsigned);

  private record Entry(MeterMod.Config config, int datapathId, long createdNs) {}

  Meters(Ofproto ofproto) {
    this.ofproto = ofproto;
  }

  boolean has(int meterId) {
    return entries.containsKey(meterId);
  }

  /** The datapath's number for a meter; {@link BridgeView#NO_METER} for none. Any thread. */
  int datapathId(int meterId) {
    Entry entry = entries.isEmpty() ? null : entries.get(meterId);
    return entry == null ? BridgeView.NO_METER : entry.datapathId;
  }

  /** Does what {@code mod} says; null, or what is wrong with it. */
  OfError apply(MeterMod mod, long nowNs) {
    OfError error = mod.command() == MeterMod.Command.DELETE ? null : check(mod.meter());
    if (error != null) {
      return error;
    }
    return switch (mod.command()) {
      case ADD -> add(mod.meter(), nowNs);
      case MODIFY -> modify(mod.meter(), nowNs);
      case DELETE -> delete(mod.meter().meterId(), nowNs);
    };
  }

  private static OfError check(MeterMod.Config config) {
    int id = config.meterId();
    boolean special = id == MeterMod.SLOW_PATH || id == MeterMod.CONTROLLER;
    if (id == 0 || (Integer.compareUnsigned(id, MeterMod.MAX_ID) > 0 && !special)) {
      return OfError.OFPMMFC_INVALID_METER;
    }
    if (config.bands().size() > Meter.MAX_BANDS) {
      return OfError.OFPMMFC_OUT_OF_BANDS;
    }
    if ((config.flags() & ~SUPPORTED_FLAGS) != 0) {
      return OfError.OFPMMFC_BAD_FLAGS;
    }
    for (MeterMod.Band band : config.bands()) {
      if (band.type() != MeterMod.Band.DROP) {
        return OfError.OFPMMFC_BAD_BAND;
      }
    }
    return null;
  }

  private OfError add(MeterMod.Config config, long nowNs) {
    if (has(config.meterId())) {
      return OfError.OFPMMFC_METER_EXISTS;
    }
    int id = ofproto.backend().meters().add(meter(config, nowNs));
    if (id < 0) {
      return OfError.OFPMMFC_OUT_OF_METERS;
    }
    entries.put(config.meterId(), new Entry(config, id, nowNs));
    ofproto.noteChange();
    return null;
  }

  private static Meter meter(MeterMod.Config config, long nowNs) {
    List<Meter.Band> bands = new ArrayList<>();
    for (MeterMod.Band band : config.bands()) {
      bands.add(
          new Meter.Band(
              Integer.toUnsignedLong(band.rate()), Integer.toUnsignedLong(band.burst())));
    }
    boolean countsPackets = (config.flags() & MeterMod.Config.PKTPS) != 0;
    return new Meter(countsPackets, bands, nowNs / NANOS_PER_MILLISECOND);
  }

  private OfError modify(MeterMod.Config config, long nowNs) {
    Entry old = entries.get(config.meterId());
    if (old == null) {
      return OfError.OFPMMFC_UNKNOWN_METER;
    }
    ofproto.backend().meters().replace(old.datapathId, meter(config, nowNs));
    entries.put(config.meterId(), new Entry(config, old.datapathId, old.createdNs));
    return null;
  }

  /** With a meter go the rules that use it. */
  private OfError delete(int meterId, long nowNs) {
    List<Entry> going = meant(meterId);
    Map<Integer, List<Rule>> users = going.isEmpty() ? Map.of() : users();
    for (Entry entry : going) {
      int id = entry.config.meterId();
      List<Rule> left = new ArrayList<>(users.getOrDefault(id, List.of()));
      left.removeIf(Rule::isRemoved); // with another meter
      ofproto.tables().remove(left, FlowRemoved.Reason.METER_DELETE, nowNs);
      entries.remove(id);
      ofproto.noteChange();
      ofproto.backend().meters().remove(entry.datapathId);
    }
    return null;
  }

  /** Forgets all meters, whose rules have gone. */
  void clear() {
    entries.values().forEach(entry -> ofproto.backend().meters().remove(entry.datapathId));
    entries.clear();
  }

  /** For each meter the rules that use it. */
  private Map<Integer, List<Rule>> users() {
    FlowTables tables = ofproto.tables();
    return tables.versions().read(version -> tables.users(Meters::used, version));
  }

  private static Set<Integer> used(List<OfAction> actions) {
    Set<Integer> used = new HashSet<>();
    for (OfAction action : actions) {
      if (action instanceof OfAction.Meter(int id)) {
        used.add(id);
      }
    }
    return used;
  }

  private List<Entry> meant(int meterId) {
    if (meterId == MeterMod.ALL) {
      return List.copyOf(entries.values());
    }
    Entry entry = entries.get(meterId);
    return entry == null ? List.of() : List.of(entry);
  }

  /** Whether {@code meterId} means meters at all: one that there is, or all. */
  boolean means(int meterId) {
    return meterId == MeterMod.ALL || has(meterId);
  }

  /** The meters that {@code meterId} means. */
  List<MeterMod.Config> configs(int meterId) {
    return meant(meterId).stream().map(Entry::config).toList();
  }

  /** What those have seen. */
  List<MeterMod.Stats> stats(int meterId, long nowNs) {
    List<MeterMod.Stats> stats = new ArrayList<>();
    Map<Integer, List<Rule>> users = users();
    for (Entry entry : meant(meterId)) {
      Meter meter = ofproto.backend().meters().get(entry.datapathId);
      if (meter != null) {
        int rules = users.getOrDefault(entry.config.meterId(), List.of()).size();
        stats.add(stats(entry, rules, meter.counts(), nowNs));
      }
    }
    return stats;
  }

  private static MeterMod.Stats stats(Entry entry, int rules, Meter.Counts counts, long nowNs) {
    List<FlowRemoved.Counts> bands = new ArrayList<>();
    for (int i = 0; i < counts.bands().size(); i += 2) {
      bands.add(new FlowRemoved.Counts(counts.bands().get(i), counts.bands().get(i + 1)));
    }
    return new MeterMod.Stats(
        entry.config.meterId(),
        rules,
        new FlowRemoved.Counts(counts.packets(), counts.bytes()),
        Ofproto.age(entry.createdNs, nowNs),
        bands);
  }
}
