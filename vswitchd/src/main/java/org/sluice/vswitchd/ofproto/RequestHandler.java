package org.sluice.vswitchd.ofproto;

import java.util.List;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.FeaturesReply;
import org.sluice.openflow.message.OfMessage.Role;
import org.sluice.openflow.message.OfMessage.SwitchConfig;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.message.PortDescription.Config;

/**
 * Does what peers ask of one switch. Called by the readers of the sessions; takes the writer lock
 * for what changes the switch.
 */
final class RequestHandler {
  private static final int CAPABILITIES =
      FeaturesReply.FLOW_STATS
          | FeaturesReply.TABLE_STATS
          | FeaturesReply.PORT_STATS
          | FeaturesReply.QUEUE_STATS
          | FeaturesReply.GROUP_STATS
          | FeaturesReply.BUNDLES
          | FeaturesReply.ARP_MATCH_IP;
  private static final int CHANGEABLE =
      Config.DOWN | Config.NO_RECV | Config.NO_FLOOD | Config.NO_FORWARD | Config.NO_PACKET_IN;

  private final Ofproto ofproto;
  private final StatisticsHandler statistics;
  private final BundleHandler bundles;

  /** Who asks, under which number, when. */
  record Request(Session session, int xid, long nowNs) {
    void reply(OfMessage message) {
      session.outbox().send(xid, message);
    }
  }

  RequestHandler(Ofproto ofproto) {
    this.ofproto = ofproto;
    this.statistics = new StatisticsHandler(ofproto);
    this.bundles = new BundleHandler(ofproto, this);
  }

  OfError handle(Request request, OfMessage message) {
    if (request.session.isSecondary() && changesSwitch(message)) {
      return OfError.OFPBRC_IS_SECONDARY;
    }
    return switch (message) {
      case OfMessage.Simple simple -> handleSimple(request, simple);
      case NiciraMessage nicira -> handleNicira(request, nicira);
      case AsyncConfig.Message async -> handleAsync(request, async);
      case Multipart.Request query -> statistics.handle(request, query);
      case FlowMod mod -> locked(() -> ofproto.tables().apply(mod, request.nowNs));
      case PacketOut out -> packetOut(out, request.nowNs);
      case FlowRemoved removed -> OfError.OFPBRC_BAD_TYPE;
      case GroupMod mod -> OfError.OFPBRC_BAD_TYPE;
      case MeterMod mod -> OfError.OFPBRC_BAD_TYPE;
      case FlowMonitor.Message monitor -> OfError.OFPBRC_BAD_TYPE;
      case PacketIn in -> OfError.OFPBRC_BAD_TYPE;
      case Multipart.Reply reply -> OfError.OFPBRC_BAD_TYPE;
    };
  }

  private static boolean changesSwitch(OfMessage message) {
    return switch (message) {
      case FlowMod mod -> true;
      case PacketOut out -> true;
      case OfMessage.PortMod mod -> true;
      case OfMessage.TableMod mod -> true;
      case OfMessage.BundleControl control -> true;
      case OfMessage.BundleAdd add -> true;
      case NiciraMessage.Resume resume -> true;
      case NiciraMessage.CtFlushMatch flush -> true;
      case NiciraMessage.CtFlushZone flush -> true;
      default -> false;
    };
  }

  private OfError handleSimple(Request request, OfMessage.Simple message) {
    return switch (message) {
      case OfMessage.Hello hello -> null;
      case OfMessage.ErrorReport report -> null;
      case OfMessage.EchoReply reply -> null;
      case OfMessage.EchoRequest echo -> answer(request, new OfMessage.EchoReply(echo.data()));
      case OfMessage.BarrierRequest barrier -> answer(request, new OfMessage.BarrierReply());
      case OfMessage.FeaturesRequest features -> answer(request, features());
      case OfMessage.GetConfigRequest config ->
          answer(request, new OfMessage.GetConfigReply(config(request.session)));
      case OfMessage.SetConfig config -> setConfig(request.session, config.config());
      case OfMessage.PortMod mod -> locked(() -> portMod(mod));
      case OfMessage.RoleRequest role -> locked(() -> role(request, role));
      case OfMessage.BundleControl control -> bundles.control(request, control);
      case OfMessage.BundleAdd add -> bundles.add(request, add);
      case OfMessage.TableMod mod ->
          mod.table() == FlowMod.ANY_TABLE || mod.table() < FlowTables.INTERNAL
              ? null
              : OfError.OFPTMFC_BAD_TABLE;
      case OfMessage.QueueGetConfigRequest queues ->
          ofproto.portTable().get(queues.port()) == null
              ? OfError.OFPQOFC_BAD_PORT
              : answer(request, new OfMessage.QueueGetConfigReply(queues.port(), List.of()));
      default -> OfError.OFPBRC_BAD_TYPE;
    };
  }

  private OfError handleNicira(Request request, NiciraMessage message) {
    Session session = request.session;
    switch (message) {
      case NiciraMessage.SetFlowFormat format -> session.setNxm(format.nxm());
      case NiciraMessage.SetPacketInFormat format -> session.setPacketInFormat(format.format());
      case NiciraMessage.SetControllerId id -> session.setControllerId(id.id());
      case NiciraMessage.FlowModTableId asked -> session.setTableId(asked.enabled());
      case NiciraMessage.FlowAge age -> {}
      case NiciraMessage.CtFlushZone flush -> ofproto.backend().flushZone(flush.zone());
      case NiciraMessage.CtFlushMatch flush -> ofproto.backend().flushConnections(flush.match());
      case NiciraMessage.Resume resume -> {
        return locked(() -> ofproto.backend().resume(ofproto, resume.packet(), request.nowNs));
      }
      case NiciraMessage.TlvTableRequest query ->
          request.reply(new NiciraMessage.TlvTableReply(256, 64, List.of()));
      default -> {
        return OfError.OFPBRC_BAD_SUBTYPE;
      }
    }
    return null;
  }

  private static OfError handleAsync(Request request, AsyncConfig.Message message) {
    return switch (message) {
      case AsyncConfig.Get get -> answer(request, new AsyncConfig.Reply(request.session.async()));
      case AsyncConfig.SetAll set -> {
        request.session.setAsync(set.config());
        yield null;
      }
      case AsyncConfig.SetSome set -> {
        request.session.setAsync(request.session.async().with(set.changes()));
        yield null;
      }
      case AsyncConfig.Reply reply -> OfError.OFPBRC_BAD_TYPE;
    };
  }

  private static OfError answer(Request request, OfMessage message) {
    request.reply(message);
    return null;
  }

  /** A change of the switch, under the writer lock. */
  interface Change {
    OfError apply();
  }

  OfError locked(Change change) {
    ofproto.writer().lock();
    try {
      return change.apply();
    } finally {
      ofproto.writer().unlock();
    }
  }

  private FeaturesReply features() {
    return new FeaturesReply(
        ofproto.settings().datapathId(),
        0,
        Ofproto.VISIBLE_TABLES,
        0,
        CAPABILITIES,
        FeaturesReply.ALL_ACTIONS,
        ofproto.portTable().all().stream().map(SwitchPort::description).toList());
  }

  private SwitchConfig config(Session session) {
    int ttl = session.wantsInvalidTtl() ? SwitchConfig.INVALID_TTL_TO_CONTROLLER : 0;
    return new SwitchConfig(ofproto.fragments() | ttl, session.missSendLength());
  }

  private OfError setConfig(Session session, SwitchConfig config) {
    int fragments = config.flags() & SwitchConfig.FRAGMENTS_MASK;
    if (!session.isSecondary() && fragments != SwitchConfig.FRAGMENTS_REASSEMBLE) {
      ofproto.setFragments(fragments);
    }
    session.setMissSendLength(config.missSendLength());
    session.setWantsInvalidTtl((config.flags() & SwitchConfig.INVALID_TTL_TO_CONTROLLER) != 0);
    return null;
  }

  private OfError packetOut(PacketOut out, long nowNs) {
    if (out.bufferId() != FlowMod.NO_BUFFER) {
      return OfError.OFPBRC_BUFFER_UNKNOWN;
    }
    return locked(() -> ofproto.backend().packetOut(ofproto, out, nowNs));
  }

  OfError portMod(OfMessage.PortMod mod) {
    SwitchPort port = ofproto.portTable().get(mod.port());
    if (port == null) {
      return OfError.OFPPMFC_BAD_PORT;
    }
    if (port.mac() != mod.mac()) {
      return OfError.OFPPMFC_BAD_HW_ADDR;
    }
    int mask = mod.mask() & CHANGEABLE;
    int config = (port.config() & ~mask) | (mod.config() & mask);
    if (((config ^ port.config()) & PortDescription.Config.DOWN) != 0) {
      ofproto.backend().setAdminUp(port, (config & Config.DOWN) == 0);
    }
    ofproto.setPorts(ofproto.portTable().with(port.withConfig(config)));
    return null;
  }

  private OfError role(Request request, OfMessage.RoleRequest asked) {
    SessionSet sessions = ofproto.sessions();
    if (asked.role() == Role.PRIMARY || asked.role() == Role.SECONDARY) {
      if (sessions.isStale(asked.generation())) {
        return OfError.OFPRRFC_STALE;
      }
    }
    if (asked.role() != Role.NOCHANGE) {
      sessions.assign(request.session, asked.role());
    }
    return answer(
        request,
        new OfMessage.RoleReply(request.session.role(), sessions.generation(), asked.nicira()));
  }
}
