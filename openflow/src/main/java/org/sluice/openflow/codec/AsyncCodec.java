package org.sluice.openflow.codec;

import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.AsyncConfig.Kind;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;

/** Asynchronous configuration: six masks up to 1.3, properties from 1.4 on. */
final class AsyncCodec {
  private static final Kind[] KINDS = Kind.values();
  private static final Kind[] KINDS_13 = {Kind.PACKET_IN, Kind.PORT_STATUS, Kind.FLOW_REMOVED};

  private AsyncCodec() {}

  static void write(Frames frames, AsyncConfig.Message message) {
    boolean properties = frames.isAtLeast(OfVersion.OF14);
    WireWriter out =
        switch (message) {
          case AsyncConfig.Get get -> frames.start(26);
          case AsyncConfig.Reply(AsyncConfig config) ->
              writeConfig(frames.start(27), config, properties);
          case AsyncConfig.SetAll(AsyncConfig config, boolean nicira) ->
              nicira || frames.version().isBefore(OfVersion.OF13)
                  ? writeConfig(frames.startNicira(19), config, false)
                  : writeConfig(frames.start(28), config, properties);
        };
    frames.finish(out);
  }

  private static WireWriter writeConfig(WireWriter out, AsyncConfig config, boolean properties) {
    if (properties) {
      for (int i = 0; i < KINDS.length; i++) {
        Property.writeU32(out, 2 * i, wire(config, KINDS[i], true));
        Property.writeU32(out, 2 * i + 1, wire(config, KINDS[i], false));
      }
      return out;
    }
    for (Kind kind : KINDS_13) {
      out.u32(wire(config, kind, false)).u32(wire(config, kind, true));
    }
    return out;
  }

  /** The reasons that are no standard ones are not shown. */
  private static int wire(AsyncConfig config, Kind kind, boolean secondary) {
    int mask = config.mask(kind, secondary);
    return kind == Kind.PACKET_IN ? mask & 0x3f : mask;
  }

  /** A miss that a controller asks for is told to it for either cause. */
  private static int unwire(Kind kind, int mask) {
    boolean misses = kind == Kind.PACKET_IN && (mask & PacketIn.Reason.NO_MATCH.bit()) != 0;
    int implied = PacketIn.Reason.EXPLICIT_MISS.bit() | PacketIn.Reason.IMPLICIT_MISS.bit();
    return misses ? mask | implied : mask;
  }

  static AsyncConfig readMasks(WireReader in) {
    int[] primary = new int[KINDS.length];
    int[] secondary = new int[KINDS.length];
    for (int i = 0; i < KINDS_13.length; i++) {
      primary[i] = unwire(KINDS_13[i], in.u32());
      secondary[i] = unwire(KINDS_13[i], in.u32());
    }
    return new AsyncConfig(primary, secondary);
  }

  static AsyncConfig readProperties(WireReader in) {
    int[] primary = new int[KINDS.length];
    int[] secondary = new int[KINDS.length];
    while (!in.isEmpty()) {
      Property property = Property.read(in);
      int kind = property.type() >>> 1;
      if (kind >= KINDS.length) {
        throw in.bad(OfError.OFPACFC_UNSUPPORTED);
      }
      int mask = unwire(KINDS[kind], property.u32());
      ((property.type() & 1) != 0 ? primary : secondary)[kind] = mask;
    }
    return new AsyncConfig(primary, secondary);
  }
}
