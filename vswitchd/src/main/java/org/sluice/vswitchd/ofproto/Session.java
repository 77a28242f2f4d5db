package org.sluice.vswitchd.ofproto;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.Role;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;

/**
 * One controller's or tool's conversation with the switch: what it has asked for. Changed under the
 * switch's writer lock; whoever sends events reads it without.
 */
public final class Session {
  /** Bundles that one session may have open. */
  static final int MAX_BUNDLES = 64;

  private static final int CONTROLLER_MISS_SEND_LENGTH = 128;

  private final Kind kind;
  private final OfVersion version;
  private final Outbox outbox;
  private final Map<Integer, BundleStage> bundles = new HashMap<>();

  private volatile Role role = Role.EQUAL;
  private volatile AsyncConfig async;
  private volatile PacketIn.Format packetInFormat = PacketIn.Format.STANDARD;
  private volatile int controllerId;
  private volatile int missSendLength;
  private volatile boolean wantsInvalidTtl;
  private volatile boolean nxm;
  private volatile boolean tableId;

  /** Who is at the other end. */
  public enum Kind {
    /** Named by a Controller row; gets events from the start. */
    CONTROLLER,
    /** Came to the management socket; gets events once it asks for them. */
    SERVICE
  }

  /** Where messages go. */
  public interface Outbox {
    /** Queues a reply; waits while the peer does not read. */
    void send(int xid, OfMessage message);

    /** Queues an error that {@code failed} caused. */
    void sendError(int xid, OfError error, OfMessage failed);

    /** Queues an event; drops it if the peer does not read. Never waits. */
    void offer(OfMessage message);
  }

  /** A session in {@code version}, which both sides agreed on. */
  public Session(Kind kind, OfVersion version, Outbox outbox) {
    this.kind = kind;
    this.version = version;
    this.outbox = outbox;
    this.async = AsyncConfig.standard(version);
    this.missSendLength = kind == Kind.CONTROLLER ? CONTROLLER_MISS_SEND_LENGTH : 0;
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

  /** Whether it gets packets whose time to live is over, as its switch configuration says. */
  boolean wantsInvalidTtl() {
    return wantsInvalidTtl;
  }

  void setWantsInvalidTtl(boolean wants) {
    if (wants != wantsInvalidTtl) {
      wantsInvalidTtl = wants;
      int bit = PacketIn.Reason.INVALID_TTL.bit();
      int mask = async.mask(AsyncConfig.Kind.PACKET_IN, false);
      int wanted = wants ? mask | bit : mask & ~bit;
      async =
          async.with(List.of(new AsyncConfig.Change(AsyncConfig.Kind.PACKET_IN, false, wanted)));
    }
  }

  /** Whether it is to be told of such an event. */
  boolean wants(AsyncConfig.Kind event, int reason) {
    return (kind == Kind.CONTROLLER || missSendLength > 0)
        && async.wants(event, reason, isSecondary());
  }
}
