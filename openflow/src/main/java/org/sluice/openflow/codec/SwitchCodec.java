package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.FeaturesReply;
import org.sluice.openflow.message.OfMessage.SwitchConfig;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PortDescription;

/** What the switch is and how it is configured. */
final class SwitchCodec {
  /** The bit of both spanning tree (1.0) and group statistics (later). */
  private static final int STP_OR_GROUPS = 8;

  private SwitchCodec() {}

  static WireWriter writeFeatures(Frames frames, FeaturesReply reply) {
    WireWriter out =
        frames.start(
            MessageForm.OFPT10_FEATURES_REPLY,
            MessageForm.OFPT11_FEATURES_REPLY,
            MessageForm.OFPT13_FEATURES_REPLY);
    out.u64(reply.datapathId()).u32(reply.bufferCount()).u8(reply.tableCount());
    out.u8(frames.isAtLeast(OfVersion.OF13) ? reply.auxiliaryId() : 0).zeros(2);
    out.u32(capabilities(reply.capabilities(), frames.version()));
    out.u32(frames.is10() ? reply.actions() : 0);
    if (frames.version().isBefore(OfVersion.OF13)) {
      writePorts(frames, out, reply.ports());
    }
    return out;
  }

  /** As many as there is room for; a controller that sees no room left asks for the list. */
  private static void writePorts(Frames frames, WireWriter out, List<PortDescription> ports) {
    for (PortDescription port : ports) {
      int before = out.size();
      PortCodec.writeDescription(frames, out, port);
      if (out.size() > Frames.MAX_BYTES) {
        out.truncate(before);
        return;
      }
    }
  }

  private static int capabilities(int all, OfVersion version) {
    int extra = version == OfVersion.OF10 ? FeaturesReply.STP : FeaturesReply.GROUP_STATS;
    return (all & common(version)) | ((all & extra) != 0 ? STP_OR_GROUPS : 0);
  }

  /** Capabilities whose bit means one thing in all versions that have it. */
  private static int common(OfVersion version) {
    int common =
        FeaturesReply.FLOW_STATS
            | FeaturesReply.TABLE_STATS
            | FeaturesReply.PORT_STATS
            | FeaturesReply.IP_REASSEMBLY
            | FeaturesReply.QUEUE_STATS;
    return switch (version) {
      case OF10, OF11 -> common | FeaturesReply.ARP_MATCH_IP;
      case OF12, OF13 -> common | FeaturesReply.PORT_BLOCKED;
      case OF14, OF15 ->
          common
              | FeaturesReply.PORT_BLOCKED
              | FeaturesReply.BUNDLES
              | FeaturesReply.FLOW_MONITORING;
    };
  }

  static FeaturesReply readFeatures(WireReader in, OfVersion version) {
    boolean of10 = version == OfVersion.OF10;
    long id = in.u64();
    int buffers = in.u32();
    int tables = in.u8();
    int auxiliary = in.u8();
    int wire = in.skip(2).u32();
    int capabilities = wire & common(version);
    if ((wire & STP_OR_GROUPS) != 0) {
      capabilities |= of10 ? FeaturesReply.STP : FeaturesReply.GROUP_STATS;
    }
    int actions = in.u32();
    List<PortDescription> ports = new ArrayList<>();
    while (!in.isEmpty()) {
      ports.add(PortCodec.readDescription(in, version));
    }
    return new FeaturesReply(
        id,
        buffers,
        tables,
        version.isBefore(OfVersion.OF13) ? 0 : auxiliary,
        capabilities,
        of10 ? actions : 0,
        ports);
  }

  static WireWriter writeConfig(WireWriter out, SwitchConfig config, OfVersion version) {
    return out.u16(config.flags() & flags(version)).u16(config.missSendLength());
  }

  private static int flags(OfVersion version) {
    return SwitchConfig.FRAGMENTS_MASK
        | (version.isBefore(OfVersion.OF13) ? SwitchConfig.INVALID_TTL_TO_CONTROLLER : 0);
  }

  static SwitchConfig readConfig(WireReader in, OfVersion version) {
    return new SwitchConfig(in.u16() & flags(version), in.u16());
  }

  static OfMessage readSetConfig(WireReader in, OfVersion version) {
    if ((in.peekU16(0) & ~flags(version)) != 0) {
      throw in.bad(OfError.OFPSCFC_BAD_FLAGS);
    }
    return new OfMessage.SetConfig(readConfig(in, version));
  }
}
