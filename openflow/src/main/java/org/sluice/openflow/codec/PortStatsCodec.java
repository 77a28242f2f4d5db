package org.sluice.openflow.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PortStats;
import org.sluice.openflow.message.PortStats.Counter;
import org.sluice.openflow.message.PortStats.Direction;
import org.sluice.openflow.message.PortStats.ReceiveErrors;
import org.sluice.openflow.message.PortStats.Sizes;
import org.sluice.openflow.message.Vendor;

/** Port statistics; from 1.4 on with properties, two of them of the Intel extension. */
final class PortStatsCodec {
  private static final int ETHERNET = 0;
  private static final int ETHERNET_BYTES = 40;
  private static final int HEADER_14_BYTES = 80;
  private static final int INTEL_SIZES = 1;
  private static final int INTEL_CUSTOM = 2;
  private static final int MAX_NAME_BYTES = 63;

  private PortStatsCodec() {}

  static void write(Frames frames, WireWriter out, PortStats port) {
    if (frames.isAtLeast(OfVersion.OF14)) {
      int start = out.size();
      out.u16(0).zeros(2).u32(OfPort.toWire(port.port()));
      Durations.write(out, port.durationNs());
      writeDirections(out, port);
      out.u16(ETHERNET).u16(ETHERNET_BYTES).zeros(4);
      writeErrors(out, port);
      writeExtensions(out, port);
      out.setU16(start, out.size() - start);
      return;
    }
    if (frames.is10()) {
      out.u16(port.port()).zeros(6);
    } else {
      out.u32(OfPort.toWire(port.port())).zeros(4);
    }
    writeDirections(out, port);
    writeErrors(out, port);
    if (frames.isAtLeast(OfVersion.OF13)) {
      Durations.write(out, port.durationNs());
    }
  }

  private static void writeDirections(WireWriter out, PortStats port) {
    Direction rx = port.receive();
    Direction tx = port.transmit();
    out.u64(rx.packets()).u64(tx.packets()).u64(rx.bytes()).u64(tx.bytes());
    out.u64(rx.dropped()).u64(tx.dropped()).u64(rx.errors()).u64(tx.errors());
  }

  private static void writeErrors(WireWriter out, PortStats port) {
    ReceiveErrors errors = port.errors();
    out.u64(errors.frame()).u64(errors.overrun()).u64(errors.crc()).u64(port.collisions());
  }

  private static void writeExtensions(WireWriter out, PortStats port) {
    if (port.sizes() != null) {
      int start = Property.startExperimenter(out, Vendor.INTEL, INTEL_SIZES);
      out.zeros(4);
      port.sizes().counters().forEach(out::u64);
      Property.finish(out, start);
    }
    if (!port.custom().isEmpty()) {
      int start = Property.startExperimenter(out, Vendor.INTEL, INTEL_CUSTOM);
      out.zeros(2).u16(port.custom().size());
      for (Counter counter : port.custom()) {
        byte[] name = counter.name().getBytes(StandardCharsets.UTF_8);
        out.u8(name.length).bytes(name).u64(counter.value());
      }
      Property.finish(out, start);
    }
  }

  static PortStats read(WireReader list, OfVersion version) {
    if (version.isAtLeast(OfVersion.OF14)) {
      return new Reading14().read(list);
    }
    boolean of10 = version == OfVersion.OF10;
    int port = of10 ? list.u16() : PortCodec.port(list, list.u32());
    long[] counters = readCounters(list.skip(of10 ? 6 : 4));
    ReceiveErrors errors = readErrors(list);
    long collisions = list.u64();
    long duration = version.isAtLeast(OfVersion.OF13) ? Durations.read(list) : -1;
    return new PortStats(port, receive(counters), transmit(counters), errors, collisions, duration);
  }

  private static long[] readCounters(WireReader in) {
    long[] counters = new long[8];
    for (int i = 0; i < counters.length; i++) {
      counters[i] = in.u64();
    }
    return counters;
  }

  private static Direction receive(long[] counters) {
    return new Direction(counters[0], counters[2], counters[4], counters[6]);
  }

  private static Direction transmit(long[] counters) {
    return new Direction(counters[1], counters[3], counters[5], counters[7]);
  }

  private static ReceiveErrors readErrors(WireReader in) {
    return new ReceiveErrors(in.u64(), in.u64(), in.u64());
  }

  /** A port of 1.4 or later being read. Used by one thread. */
  private static final class Reading14 {
    private ReceiveErrors errors = ReceiveErrors.UNKNOWN;
    private long collisions = -1;
    private Sizes sizes;
    private List<Counter> custom = List.of();

    PortStats read(WireReader list) {
      int length = list.peekU16(0);
      if (length < HEADER_14_BYTES) {
        throw list.bad(OfError.OFPBRC_BAD_LEN);
      }
      WireReader body = list.sub(length, OfError.OFPBRC_BAD_LEN).skip(4);
      int port = PortCodec.port(body, body.u32());
      long duration = Durations.read(body);
      long[] counters = readCounters(body);
      while (!body.isEmpty()) {
        put(Property.read(body));
      }
      return new PortStats(
          port, receive(counters), transmit(counters), errors, collisions, duration, sizes, custom);
    }

    private void put(Property property) {
      WireReader value = property.value();
      if (property.experimenter() == Vendor.INTEL) {
        switch (property.type()) {
          case INTEL_SIZES -> sizes = readSizes(value.skip(4));
          case INTEL_CUSTOM -> custom = readCustom(value.skip(2));
          default -> {}
        }
      } else if (property.ownType() == ETHERNET) {
        errors = readErrors(value.skip(4));
        collisions = value.u64();
        requireEnd(value);
      }
    }

    private static void requireEnd(WireReader value) {
      if (!value.isEmpty()) {
        throw value.bad(OfError.OFPBPC_BAD_LEN);
      }
    }

    private static Sizes readSizes(WireReader value) {
      List<Long> counters = new ArrayList<>();
      for (int i = 0; i < Sizes.COUNTERS; i++) {
        counters.add(value.u64());
      }
      requireEnd(value);
      return new Sizes(counters);
    }

    private static List<Counter> readCustom(WireReader value) {
      List<Counter> counters = new ArrayList<>();
      int count = value.u16();
      for (int i = 0; i < count; i++) {
        byte[] name = value.array(value.u8());
        int length = Math.min(name.length, MAX_NAME_BYTES);
        String text = new String(name, 0, length, StandardCharsets.UTF_8);
        counters.add(new Counter(text, value.u64()));
      }
      return counters;
    }
  }
}
