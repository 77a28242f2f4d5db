package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.AsyncConfig.Change;
import org.sluice.openflow.message.AsyncConfig.Kind;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;

/** Asynchronous configuration: six masks up to 1.3, properties from 1.4 on. */
final class AsyncCodec {
  private static final Kind[] KINDS = Kind.values();
  private static final Kind[] KINDS_13 = {Kind.PACKET_IN, Kind.PORT_STATUS, Kind.FLOW_REMOVED};
  private static final String MODULE = "ofp_connection";
  private static final int EXPERIMENTER = 0xfffe;

  private AsyncCodec() {}

  static WireWriter write(Frames frames, AsyncConfig.Message message) {
    return switch (message) {
      case AsyncConfig.Get get ->
          frames.start(MessageForm.OFPT13_GET_ASYNC_REQUEST, MessageForm.OFPT14_GET_ASYNC_REQUEST);
      case AsyncConfig.Reply(AsyncConfig config) -> {
        WireWriter out =
            frames.start(MessageForm.OFPT13_GET_ASYNC_REPLY, MessageForm.OFPT14_GET_ASYNC_REPLY);
        yield frames.isAtLeast(OfVersion.OF14)
            ? writeProperties(out, all(config), frames.version())
            : writeMasks(out, config, frames.version());
      }
      case AsyncConfig.SetAll(AsyncConfig config, boolean nicira) -> {
        WireWriter out =
            nicira
                ? frames.start(MessageForm.NXT_SET_ASYNC_CONFIG)
                : frames.start(
                    MessageForm.OFPT14_SET_ASYNC,
                    MessageForm.OFPT13_SET_ASYNC,
                    MessageForm.NXT_SET_ASYNC_CONFIG);
        yield frames.isAtLeast(OfVersion.OF14) && !nicira
            ? writeProperties(out, all(config), frames.version())
            : writeMasks(out, config, frames.version());
      }
      case AsyncConfig.SetSome(List<Change> changes, boolean nicira) -> {
        WireWriter out =
            frames.start(MessageForm.OFPT14_SET_ASYNC, MessageForm.NXT_SET_ASYNC_CONFIG2);
        yield writeProperties(out, changes, frames.version());
      }
    };
  }

  private static List<Change> all(AsyncConfig config) {
    List<Change> changes = new ArrayList<>();
    for (Kind kind : KINDS) {
      changes.add(new Change(kind, true, config.mask(kind, true)));
      changes.add(new Change(kind, false, config.mask(kind, false)));
    }
    return changes;
  }

  private static WireWriter writeProperties(
      WireWriter out, List<Change> changes, OfVersion version) {
    for (Change change : changes) {
      int type = 2 * change.kind().ordinal() + (change.asSecondary() ? 0 : 1);
      Property.writeU32(out, type, change.mask() & allowed(change.kind(), version));
    }
    return out;
  }

  private static WireWriter writeMasks(WireWriter out, AsyncConfig config, OfVersion version) {
    for (Kind kind : KINDS_13) {
      int allowed = allowed(kind, version);
      out.u32(config.mask(kind, false) & allowed).u32(config.mask(kind, true) & allowed);
    }
    return out;
  }

  /** Reasons that {@code version} knows. */
  private static int allowed(Kind kind, OfVersion version) {
    return switch (kind) {
      case PACKET_IN -> version.isBefore(OfVersion.OF14) ? 7 : 0x3f;
      case PORT_STATUS, ROLE_STATUS -> 7;
      case FLOW_REMOVED -> 0x3f;
      case TABLE_STATUS -> 0x18;
      case REQUESTFORWARD -> 3;
    };
  }

  /** Who asks for misses is told of those that a rule sends, and up to 1.2 of all others. */
  private static int withMisses(Kind kind, int mask, OfVersion version) {
    boolean misses = kind == Kind.PACKET_IN && (mask & PacketIn.Reason.NO_MATCH.bit()) != 0;
    int more = PacketIn.Reason.EXPLICIT_MISS.bit();
    if (version.isBefore(OfVersion.OF13)) {
      more |= PacketIn.Reason.IMPLICIT_MISS.bit();
    }
    return misses ? mask | more : mask;
  }

  static AsyncConfig readMasks(WireReader in, OfVersion version) {
    int[] primary = new int[KINDS.length];
    int[] secondary = new int[KINDS.length];
    for (int i = 0; i < KINDS_13.length; i++) {
      int allowed = allowed(KINDS_13[i], version);
      primary[i] = withMisses(KINDS_13[i], in.u32() & allowed, version);
      secondary[i] = withMisses(KINDS_13[i], in.u32() & allowed, version);
    }
    return new AsyncConfig(primary, secondary);
  }

  /** {@code reply}: what is not known is passed over. */
  static List<Change> readProperties(WireReader in, OfVersion version, boolean reply) {
    List<Change> changes = new ArrayList<>();
    while (!in.isEmpty()) {
      Property property = Property.read(in, EXPERIMENTER);
      int index = property.type() >>> 1;
      if (index < KINDS.length && !property.isExperimenter()) {
        changes.add(readChange(property, KINDS[index], version, reply));
      } else if (!reply) {
        throw in.bad(
            property.isExperimenter() ? OfError.OFPBPC_BAD_EXP_TYPE : OfError.OFPACFC_UNSUPPORTED,
            MODULE,
            "unknown async config property type " + property.type());
      }
    }
    return changes;
  }

  private static Change readChange(Property property, Kind kind, OfVersion version, boolean reply) {
    int mask = property.u32();
    int allowed = allowed(kind, version);
    if ((mask & ~allowed) != 0 && !reply) {
      throw property
          .value()
          .bad(
              OfError.OFPACFC_INVALID,
              MODULE,
              "bad value 0x%x for %s (allowed mask 0x%x)".formatted(mask, kind, allowed));
    }
    return new Change(kind, (property.type() & 1) == 0, withMisses(kind, mask & allowed, version));
  }
}
