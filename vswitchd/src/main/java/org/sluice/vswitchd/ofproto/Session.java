package org.sluice.vswitchd.ofproto;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.Role;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;

/**
 * One controller's or tool's conversation with the switch: what it has asked for. Role and monitors
 * are changed under the switch's writer lock, the rest by the session's reader; whoever sends
 * events reads without a lock.
 */
public final class Session {
  /** Bundles that one session may have open. */
  static final int MAX_BUNDLES = 64;

  /** Flow monitors that one session may have. */
  static final int MAX_MONITORS = 1024;

  private static final int CONTROLLER_MISS_SEND_LENGTH = 128;

  private final Kind kind;
  private final OfVersion version;
  private final long beganNs;
  private final PacketInLimiter misses;
  private final PacketInLimiter actions;
  private final Outbox outbox;
  private final Map<Integer, BundleStage> bundles = new ConcurrentHashMap<>();

  private final Map<Integer, FlowMonitor> monitors = new ConcurrentHashMap<>();

  private final FlowModReport flowMods = new FlowModReport();
  private volatile Role role = Role.EQUAL;
  private volatile AsyncConfig async;
  private volatile PacketIn.Format packetInFormat = PacketIn.Format.STANDARD;
  private volatile int controllerId;
  private volatile int missSendLength;
  private volatile boolean nxm;
  private volatile boolean tableId;

  /** Who is at the other end. */
  public enum Kind {
    /** Named by a Controller row; gets events from the start. */
    CONTROLLER,
    /** Came to the management socket; gets events once it asks for them. */
    SERVICE,
    /** Came to the snoop socket; is shown what controllers are told, and not listened to. */
    SNOOP
  }

  /** Where messages go. */
  public interface Outbox {
    /** Queues a reply; waits while the peer does not read. */
    void send(int xid, OfMessage message);

    /** Queues an error that {@code failed} caused. */
    void sendError(int xid, OfError error, OfMessage failed);

    /** Queues an event; drops it, and says false, if the peer does not read. Never waits. */
    default boolean offer(OfMessage message) {
      return offer(List.of(message));
    }

    /** The same with events that belong together: all of them or none. */
    boolean offer(List<? extends OfMessage> messages);

    /** Waits while too much is queued; not under the writer lock. */
    void awaitRoom();

    /** Whether the peer has been sent everything. */
    boolean isEmpty();

    /** Ends the connection to a peer that does not read. */
    void giveUp();
  }

  /** A session in {@code version}, which both sides agreed on, without a limit of packet-ins. */
  public Session(Kind kind, OfVersion version, Outbox outbox) {
    this(kind, version, PacketInLimit.NONE, 0, outbox);
  }

  /** The same, with a limit for what missed and another as high for what actions send. */
  Session(Kind kind, OfVersion version, PacketInLimit packetIns, long nowNs, Outbox outbox) {
    this.beganNs = nowNs;
    this.misses = new PacketInLimiter(packetIns, nowNs);
    this.actions = new PacketInLimiter(packetIns, nowNs);
    this.kind = kind;
    this.version = version;
    this.outbox = outbox;
    this.async = AsyncConfig.standard(version);
    this.missSendLength = kind == Kind.CONTROLLER ? CONTROLLER_MISS_SEND_LENGTH : 0;
  }

  /** When both sides had agreed on a version. */
  long beganNs() {
    return beganNs;
  }

  public OfVersion version() {
    return version;
  }

  public Kind kind() {
    return kind;
  }

  public Role role() {
    return role;
  }

  Outbox outbox() {
    return outbox;
  }

  Map<Integer, BundleStage> bundles() {
    return bundles;
  }

  /** What it has changed. */
  FlowModReport flowMods() {
    return flowMods;
  }

  /** What changes of flow tables it is told of, by number. */
  Map<Integer, FlowMonitor> monitors() {
    return monitors;
  }

  void setRole(Role newRole) {
    role = newRole;
  }

  AsyncConfig async() {
    return async;
  }

  /** Also makes a service connection one that gets events. */
  void setAsync(AsyncConfig config) {
    async = config;
    if (missSendLength == 0) {
      missSendLength = CONTROLLER_MISS_SEND_LENGTH;
    }
  }

  /** Whether packets whose TTL ran out are told of, as versions before 1.3 ask for it. */
  void tellInvalidTtl(boolean wanted) {
    int mask = async.mask(AsyncConfig.Kind.PACKET_IN, false);
    int bit = PacketIn.Reason.INVALID_TTL.bit();
    async =
        async.with(
            List.of(
                new AsyncConfig.Change(
                    AsyncConfig.Kind.PACKET_IN, false, wanted ? mask | bit : mask & ~bit)));
  }

  /** Whether the peer is to have one more packet-in at this time. */
  boolean admitsPacketIn(PacketIn.Reason reason, long nowNs) {
    return switch (reason) {
      case NO_MATCH, EXPLICIT_MISS, IMPLICIT_MISS -> misses.admits(nowNs);
      default -> actions.admits(nowNs);
    };
  }

  /** What came of packet-ins, where they are limited. */
  Map<String, String> packetInStatus() {
    Map<String, String> status = new TreeMap<>(misses.status("miss"));
    status.putAll(actions.status("action"));
    return status;
  }

  PacketIn.Format packetInFormat() {
    return packetInFormat;
  }

  void setPacketInFormat(PacketIn.Format format) {
    packetInFormat = format;
  }

  int controllerId() {
    return controllerId;
  }

  void setControllerId(int id) {
    controllerId = id;
  }

  int missSendLength() {
    return missSendLength;
  }

  void setMissSendLength(int bytes) {
    missSendLength = bytes;
  }

  /** Whether flows are written in the extended form where there is a choice. */
  boolean nxm() {
    return nxm;
  }

  void setNxm(boolean extended) {
    nxm = extended;
  }

  /** Whether flow mods of 1.0 carry a table number. */
  public boolean tableId() {
    return tableId;
  }

  void setTableId(boolean enabled) {
    tableId = enabled;
  }

  /** Whether it may not change anything. */
  boolean isSecondary() {
    return role == Role.SECONDARY;
  }

  /** Whether it is to be told of such an event. */
  boolean wants(AsyncConfig.Kind event, int reason) {
    return (kind == Kind.CONTROLLER || missSendLength > 0)
        && (event == AsyncConfig.Kind.PACKET_IN
            ? wantsPacketIn(PacketIn.Reason.ofNumber(reason))
            : async.wants(event, reason, isSecondary()));
  }

  /** Reasons that the peer's version does not know go by the one that it knows for them. */
  private boolean wantsPacketIn(PacketIn.Reason reason) {
    return switch (reason) {
      case ACTION_SET, GROUP, PACKET_OUT ->
          hears(version.isBefore(OfVersion.OF14) ? PacketIn.Reason.ACTION : reason);
      case EXPLICIT_MISS -> hears(reason) || hears(PacketIn.Reason.NO_MATCH);
      case IMPLICIT_MISS ->
          hears(reason) || (version.isBefore(OfVersion.OF13) && hears(PacketIn.Reason.NO_MATCH));
      case NO_MATCH, ACTION, INVALID_TTL -> hears(reason);
    };
  }

  private boolean hears(PacketIn.Reason reason) {
    return async.wants(AsyncConfig.Kind.PACKET_IN, reason.ordinal(), isSecondary());
  }
}
