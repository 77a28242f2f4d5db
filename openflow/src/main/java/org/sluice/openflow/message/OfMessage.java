package org.sluice.openflow.message;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.sluice.openflow.action.Bytes;

/** What one side tells the other. */
public sealed interface OfMessage
    permits AsyncConfig.Message,
        FlowMod,
        FlowMonitor.Message,
        FlowRemoved,
        GroupMod,
        MeterMod,
        Multipart,
        NiciraMessage,
        OfMessage.Simple,
        PacketIn,
        PacketOut {

  /** All that need no file of their own. */
  sealed interface Simple extends OfMessage {}

  /**
   * Which versions the sender speaks.
   *
   * @param bitmap bit n for the version with wire number n, known or not
   * @param strange whether it holds something else that is not known
   */
  record Hello(int bitmap, boolean strange) implements Simple {
    /** Of a sender that speaks {@code versions}. */
    public static Hello of(Set<OfVersion> versions) {
      int bitmap = 0;
      for (OfVersion version : versions) {
        bitmap |= version.bit();
      }
      return new Hello(bitmap, false);
    }

    /** Those that are known. */
    public Set<OfVersion> versions() {
      Set<OfVersion> versions = EnumSet.allOf(OfVersion.class);
      versions.removeIf(version -> (bitmap & version.bit()) == 0);
      return versions;
    }
  }

  /** A request failed. {@code data}: the start of that request, or for a failed hello text. */
  record ErrorReport(OfError error, Bytes data) implements Simple {}

  record EchoRequest(Bytes data) implements Simple {}

  record EchoReply(Bytes data) implements Simple {}

  record FeaturesRequest() implements Simple {}

  /**
   * What the switch is.
   *
   * @param actions bits for the actions it has; 1.0 only
   * @param ports only told up to 1.2, later by {@link Multipart}
   */
  record FeaturesReply(
      long datapathId,
      int bufferCount,
      int tableCount,
      int auxiliaryId,
      int capabilities,
      int actions,
      List<PortDescription> ports)
      implements Simple {
    /** The twelve actions of 1.0. */
    public static final int ALL_ACTIONS = 0xfff;

    public static final int FLOW_STATS = 1;
    public static final int TABLE_STATS = 2;
    public static final int PORT_STATS = 4;
    public static final int GROUP_STATS = 8;

    /** What the bit of {@link #GROUP_STATS} means in 1.0. */
    public static final int STP = 1 << 30;

    public static final int IP_REASSEMBLY = 0x20;
    public static final int QUEUE_STATS = 0x40;
    public static final int ARP_MATCH_IP = 0x80;
    public static final int PORT_BLOCKED = 0x100;
    public static final int BUNDLES = 0x200;
    public static final int FLOW_MONITORING = 0x400;

    public FeaturesReply {
      ports = List.copyOf(ports);
    }
  }

  record GetConfigRequest() implements Simple {}

  /** How fragments are treated and how much of a packet a controller gets. */
  record GetConfigReply(SwitchConfig config) implements Simple {}

  record SetConfig(SwitchConfig config) implements Simple {}

  /**
   * @param flags fragment handling in the low two bits, and {@link #INVALID_TTL_TO_CONTROLLER}
   * @param missSendLength bytes of a missed packet for the controller
   */
  record SwitchConfig(int flags, int missSendLength) {
    public static final int FRAGMENTS_NORMAL = 0;
    public static final int FRAGMENTS_DROP = 1;
    public static final int FRAGMENTS_REASSEMBLE = 2;
    public static final int FRAGMENTS_NX_MATCH = 3;
    public static final int FRAGMENTS_MASK = 3;
    public static final int INVALID_TTL_TO_CONTROLLER = 4;
  }

  /** A port was added (0), deleted (1) or modified (2). */
  record PortStatus(int reason, PortDescription port) implements Simple {
    public static final int ADDED = 0;
    public static final int DELETED = 1;
    public static final int MODIFIED = 2;
  }

  /** Changes the config bits under {@code mask}. {@code advertise}: 0 leaves it. */
  record PortMod(int port, long mac, int config, int mask, int advertise) implements Simple {}

  /** What a table does with packets that match nothing, and whether it evicts. */
  record TableMod(int table, Miss miss, Eviction eviction, Vacancy vacancy) implements Simple {
    /** Table-miss behaviour, in wire order; UNSPECIFIED from 1.3 on, where a rule says it. */
    public enum Miss {
      CONTROLLER,
      CONTINUE,
      DROP,
      UNSPECIFIED;

      /** The number on the wire. */
      public int wire() {
        return ordinal();
      }

      /** What that number means, or null. */
      public static Miss ofWire(int number) {
        return number >= 0 && number < values().length ? values()[number] : null;
      }
    }

    /** Whether rules make way for new ones; {@code flags} only in replies. */
    public record Eviction(Boolean enabled, int flags) {
      /** Nothing said. */
      public static final Eviction UNSPECIFIED = new Eviction(null, -1);
    }

    /** When to tell about a table getting full; null {@code enabled}: nothing said. */
    public record Vacancy(Boolean enabled, int down, int up, int now) {
      /** Nothing said. */
      public static final Vacancy UNSPECIFIED = new Vacancy(null, 0, 0, 0);
    }
  }

  /**
   * A table got full (3) or has room again (4).
   *
   * @param table how it is configured, with how much is free
   */
  record TableStatus(int reason, TableMod table) implements Simple {
    public static final int VACANCY_DOWN = 3;
    public static final int VACANCY_UP = 4;
  }

  /** Another controller changed a group or a meter, with {@code request}. */
  record RequestForward(int xid, OfMessage request) implements Simple {}

  record BarrierRequest() implements Simple {}

  record BarrierReply() implements Simple {}

  /** A controller's standing, in wire order. */
  enum Role {
    NOCHANGE,
    EQUAL,
    PRIMARY,
    SECONDARY;

    /** The number on the wire. */
    public int wire() {
      return ordinal();
    }

    /** What that number means, or null. */
    public static Role ofWire(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }
  }

  /** Asks for a role. {@code nicira}: in the form of before 1.2. Null generation: none given. */
  record RoleRequest(Role role, Long generation, boolean nicira) implements Simple {}

  /** The role that a controller has. Null generation: none was ever shown. */
  record RoleReply(Role role, Long generation, boolean nicira) implements Simple {}

  /**
   * The role changed: a primary asked (0), by configuration (1), by experimenter (2). Null
   * generation: none was ever shown.
   */
  record RoleStatus(Role role, int reason, Long generation) implements Simple {}

  /** Opens, closes, commits or discards a bundle, or replies that it was done. */
  record BundleControl(int bundleId, Type type, int flags) implements Simple {
    public static final int ATOMIC = 1;
    public static final int ORDERED = 2;

    /** In wire order. */
    public enum Type {
      OPEN_REQUEST,
      OPEN_REPLY,
      CLOSE_REQUEST,
      CLOSE_REPLY,
      COMMIT_REQUEST,
      COMMIT_REPLY,
      DISCARD_REQUEST,
      DISCARD_REPLY;

      /** The number on the wire. */
      public int wire() {
        return ordinal();
      }

      /** What that number means, or null. */
      public static Type ofWire(int number) {
        return number >= 0 && number < values().length ? values()[number] : null;
      }
    }
  }

  /** Adds {@code message} to a bundle. */
  record BundleAdd(int bundleId, int flags, OfMessage message) implements Simple {}

  /** Asks for the queues of a port; 1.0 to 1.3. */
  record QueueGetConfigRequest(int port) implements Simple {}

  record QueueGetConfigReply(int port, List<QueueDescription> queues) implements Simple {
    public QueueGetConfigReply {
      queues = List.copyOf(queues);
    }
  }

  /** A queue; rates in tenths of a percent, -1 where there is none. */
  record QueueDescription(int port, int queue, int minRate, int maxRate) {}
}
