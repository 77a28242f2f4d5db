package org.sluice.vswitchd.ofproto;

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
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.message.PortDescription.Config;
import org.sluice.openflow.message.PortDescription.State;
import org.sluice.vswitchd.translate.Group;

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

  private static final int ALL_QUEUES = 0xffff_ffff;
  private static final int GROUP_MOD = 0;
  private static final int METER_MOD = 1;

  private final Ofproto ofproto;
  private final StatisticsHandler statistics;
  private final BundleHandler bundles;

  /** Who asks, under which number, with how many bytes, when. */
  record Request(Session session, int xid, int length, long nowNs) {
    Origin origin() {
      return new Origin(session, xid);
    }

    void reply(OfMessage message) {
      session.outbox().send(xid, message);
    }
  }

  RequestHandler(Ofproto ofproto) {
    this.ofproto = ofproto;
    this.statistics = new StatisticsHandler(ofproto);
    this.bundles = new BundleHandler(ofproto, this);
  }

  /** Ends bundles that nobody goes on with. */
  void expireBundles(long idleNs, long nowNs) {
    ofproto.sessions().all().forEach(session -> bundles.expire(session, idleNs, nowNs));
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
      case FlowMod mod -> locked(() -> flowMod(request, mod));
      case PacketOut out -> packetOut(out, request.nowNs);
      case FlowRemoved removed -> OfError.OFPBRC_BAD_TYPE;
      case GroupMod mod -> locked(() -> groupMod(request, mod));
      case MeterMod mod -> locked(() -> meterMod(request, mod));
      case FlowMonitor.Cancel cancel ->
          locked(() -> ofproto.monitors().cancel(request.session, cancel.id()));
      case FlowMonitor.Message monitor -> OfError.OFPBRC_BAD_TYPE;
      case PacketIn in -> OfError.OFPBRC_BAD_TYPE;
      case Multipart.Reply reply -> OfError.OFPBRC_BAD_TYPE;
    };
  }

  private static boolean changesSwitch(OfMessage message) {
    return switch (message) {
      case FlowMod mod -> true;
      case GroupMod mod -> true;
      case MeterMod mod -> true;
      case PacketOut out -> true;
      case OfMessage.PortMod mod -> true;
      case OfMessage.TableMod mod -> true;
      case OfMessage.BundleControl control -> true;
      case OfMessage.BundleAdd add -> true;
      case NiciraMessage.TlvTableMod mod -> true;
      default -> false;
    };
  }

  private OfError handleSimple(Request request, OfMessage.Simple message) {
    return switch (message) {
      case OfMessage.Hello hello -> null;
      case OfMessage.ErrorReport report -> null;
      case OfMessage.EchoReply reply -> null;
      case OfMessage.EchoRequest echo -> answer(request, new OfMessage.EchoReply(echo.data()));
      case OfMessage.BarrierRequest barrier -> {
        ofproto.backend().awaitPackets();
        yield answer(request, new OfMessage.BarrierReply());
      }
      case OfMessage.FeaturesRequest features -> answer(request, features());
      case OfMessage.GetConfigRequest config ->
          answer(request, new OfMessage.GetConfigReply(config(request.session)));
      case OfMessage.SetConfig config -> setConfig(request.session, config.config());
      case OfMessage.PortMod mod -> locked(() -> portMod(mod));
      case OfMessage.RoleRequest role -> locked(() -> role(request, role));
      case OfMessage.BundleControl control -> bundles.control(request, control);
      case OfMessage.BundleAdd add -> bundles.add(request, add);
      case OfMessage.TableMod mod -> locked(() -> tableMod(mod));
      case OfMessage.QueueGetConfigRequest queues -> queues(request, queues.port());
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
      case NiciraMessage.TlvTableMod mod -> {
        return locked(() -> ofproto.tlvTable().apply(mod, ofproto.tables()::namesOption));
      }
      case NiciraMessage.TlvTableRequest query -> request.reply(ofproto.tlvTable().reply());
      case NiciraMessage.TlvTableReply reply -> {
        return OfError.OFPBRC_BAD_TYPE;
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
    boolean tells =
        session.version().isBefore(OfVersion.OF13)
            && session
                .async()
                .wants(AsyncConfig.Kind.PACKET_IN, PacketIn.Reason.INVALID_TTL.ordinal(), false);
    int flags = tells ? SwitchConfig.INVALID_TTL_TO_CONTROLLER : 0;
    return new SwitchConfig(ofproto.fragments() | flags, session.missSendLength());
  }

  private OfError setConfig(Session session, SwitchConfig config) {
    int fragments = config.flags() & SwitchConfig.FRAGMENTS_MASK;
    boolean maySet = session.kind() != Session.Kind.CONTROLLER || !session.isSecondary();
    if (maySet && fragments != SwitchConfig.FRAGMENTS_REASSEMBLE) {
      ofproto.setFragments(fragments);
    }
    session.setMissSendLength(config.missSendLength());
    if (session.version().isBefore(OfVersion.OF13)) {
      session.tellInvalidTtl((config.flags() & SwitchConfig.INVALID_TTL_TO_CONTROLLER) != 0);
    }
    return null;
  }

  private OfError packetOut(PacketOut out, long nowNs) {
    if (out.bufferId() != FlowMod.NO_BUFFER) {
      return OfError.OFPBRC_BUFFER_UNKNOWN;
    }
    return locked(() -> ofproto.backend().packetOut(ofproto, out, nowNs));
  }

  private OfError queues(Request request, int port) {
    Queues queues = Queues.of(ofproto, port, ALL_QUEUES);
    return queues.error() != null
        ? queues.error()
        : answer(request, new OfMessage.QueueGetConfigReply(port, queues.found()));
  }

  private OfError flowMod(Request request, FlowMod mod) {
    OfError error = ofproto.tables().apply(mod, request.origin(), request.nowNs);
    if (error == null) {
      request.session.flowMods().count(mod.command(), 1, request.nowNs);
    }
    return error;
  }

  private OfError groupMod(Request request, GroupMod mod) {
    OfError error = ofproto.tables().apply(mod, request.origin(), request.nowNs);
    if (error == null) {
      forward(request, mod);
    }
    return error;
  }

  private OfError meterMod(Request request, MeterMod mod) {
    OfError error = ofproto.meters().apply(mod, request.nowNs);
    if (error == null) {
      forward(request, mod);
    }
    return error;
  }

  /** Tells others that want to know of a request that was carried out. */
  private void forward(Request request, OfMessage mod) {
    forwarding(request, mod, ofproto.version()).run();
  }

  /** The same, to be done once {@code version}, to which the request leads, is in force. */
  Runnable forwarding(Request request, OfMessage mod, long version) {
    OfMessage older = inOlderWords(mod, version);
    return () -> forward(request, mod, older);
  }

  private void forward(Request request, OfMessage mod, OfMessage older) {
    boolean isMeter = mod instanceof MeterMod;
    for (Session other : ofproto.sessions().all()) {
      boolean knows = !isMeter || !other.version().isBefore(OfVersion.OF13);
      if (other != request.session
          && knows
          && other.wants(AsyncConfig.Kind.REQUESTFORWARD, isMeter ? METER_MOD : GROUP_MOD)) {
        OfMessage told = other.version() == OfVersion.OF15 ? mod : older;
        other.outbox().offer(new OfMessage.RequestForward(request.xid, told));
      }
    }
  }

  /** A change of single buckets, which is new in 1.5, as a change to what the group has now. */
  private OfMessage inOlderWords(OfMessage mod, long version) {
    if (!(mod instanceof GroupMod change) || !change.command().isAboutBuckets()) {
      return mod;
    }
    Group now = ofproto.group(change.groupId(), version);
    return new GroupMod(
        GroupMod.Command.MODIFY,
        change.groupId(),
        now.type(),
        GroupMod.Bucket.ID_ALL,
        now.buckets(),
        now.selection());
  }

  private OfError tableMod(OfMessage.TableMod mod) {
    if (mod.table() != FlowMod.ANY_TABLE && mod.table() >= FlowTables.INTERNAL) {
      return OfError.OFPTMFC_BAD_TABLE;
    }
    int evictionBy = mod.eviction().flags();
    if (evictionBy != -1 && evictionBy != TableDescriptions.EVICTION_BY) {
      return OfError.OFPTMFC_BAD_CONFIG;
    }
    boolean all = mod.table() == FlowMod.ANY_TABLE;
    for (int i = all ? 0 : mod.table(); i < (all ? FlowTables.INTERNAL : mod.table() + 1); i++) {
      FlowTables tables = ofproto.tables();
      tables.configure(i, tables.settings(i).with(mod, tables.percentFree(i)));
    }
    ofproto.noteChange();
    return null;
  }

  /** Why a port cannot be changed so; null if it can. */
  OfError checkPortMod(OfMessage.PortMod mod) {
    SwitchPort port = ofproto.portTable().get(mod.port());
    if (port == null) {
      return OfError.OFPPMFC_BAD_PORT;
    }
    return port.mac() == mod.mac() ? null : OfError.OFPPMFC_BAD_HW_ADDR;
  }

  OfError portMod(OfMessage.PortMod mod) {
    OfError error = checkPortMod(mod);
    if (error != null) {
      return error;
    }
    SwitchPort port = ofproto.portTable().get(mod.port());
    int mask = mod.mask() & CHANGEABLE;
    int config = (port.config() & ~mask) | (mod.config() & mask);
    int state = port.state();
    if (((config ^ port.config()) & PortDescription.Config.DOWN) != 0) {
      boolean carrier = ofproto.backend().setAdminUp(port, (config & Config.DOWN) == 0);
      state = carrier ? state & ~State.LINK_DOWN : state | State.LINK_DOWN;
    }
    ofproto.setPorts(ofproto.portTable().with(port.withDevice(port.mac(), config, state)));
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
