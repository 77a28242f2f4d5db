package org.sluice.openflow.action;

import java.util.List;
import org.sluice.datapath.flow.Field;

/**
 * What a rule does to a packet, one step. Instructions other than apply-actions are steps too, in
 * the order that OpenFlow runs them, so a rule's program is one list.
 */
public sealed interface OfAction permits Ct, Learn, Nat, OfAction.Simple {

  /** All that need no file of their own. */
  sealed interface Simple extends OfAction {}

  // Output.

  /**
   * Sends a copy out of {@code port}.
   *
   * @param maxBytes how much a controller gets; 0 for other ports
   */
  record Output(int port, int maxBytes) implements Simple {
    /** To a port that is not the controller. */
    public static Output to(int port) {
      return new Output(port, 0);
    }
  }

  /** Sends a copy out of the port whose number {@code source} holds. */
  record OutputField(FieldSlice source, int maxBytes) implements Simple {}

  /** Sends the first {@code maxBytes} bytes out of {@code port}. */
  record OutputTruncated(int port, int maxBytes) implements Simple {}

  /** Sends a copy to a controller. {@code options}: what the plain output action cannot say. */
  record Controller(int maxBytes, int reason, int controllerId, Options options) implements Simple {
    /** Send all of the packet. */
    public static final int NO_LIMIT = 0xffff;

    /** The meter of the switch's own, that is none given. */
    public static final int NO_METER = 0xffff_ffff;

    /**
     * @param userdata comes back to the controller unchanged
     * @param pause the pipeline waits for the controller to resume it
     */
    public record Options(Bytes userdata, boolean pause, int meterId) {
      /** Nothing special. */
      public static final Options NONE = new Options(Bytes.EMPTY, false, NO_METER);
    }
  }

  /** Sends a copy out of {@code port} through {@code queue}. */
  record Enqueue(int port, int queue) implements Simple {}

  /** Runs a group. */
  record Group(int groupId) implements Simple {}

  /**
   * Chooses one of some ports by a hash of fields.
   *
   * @param target where the chosen port is written; null to output to it
   */
  record Bundle(
      HashFields fields,
      int basis,
      BundleAlgorithm algorithm,
      List<Integer> members,
      FieldSlice target)
      implements Simple {
    public Bundle {
      members = List.copyOf(members);
    }
  }

  /** How {@link Bundle} chooses. */
  enum BundleAlgorithm {
    ACTIVE_BACKUP,
    HRW;

    /** The number on the wire. */
    public int wire() {
      return ordinal();
    }

    /** What that number means, or null. */
    public static BundleAlgorithm ofWire(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }
  }

  /** What is hashed, in wire order. */
  enum HashFields {
    ETH_SRC,
    SYMMETRIC_L4,
    SYMMETRIC_L3L4,
    SYMMETRIC_L3L4_UDP,
    NW_SRC,
    NW_DST,
    SYMMETRIC_L3;

    /** The number on the wire. */
    public int wire() {
      return ordinal();
    }

    /** What that number means, or null. */
    public static HashFields ofWire(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }
  }

  // Header and metadata changes.

  /** Sets the bits of {@code field} under the mask, as {@code set_field} does. */
  record SetField(Field field, long high, long low, long maskHigh, long maskLow) implements Simple {
    /** Sets all of {@code field}. */
    public static SetField exact(Field field, long high, long low) {
      FieldSlice all = FieldSlice.all(field);
      return new SetField(field, high, low, all.maskHigh(), all.maskLow());
    }

    /** Whether it sets all of the field. */
    public boolean isExact() {
      FieldSlice all = FieldSlice.all(field);
      return maskHigh == all.maskHigh() && maskLow == all.maskLow();
    }
  }

  /** Sets bits of a tunnel option, as {@code set_field} does. */
  record SetOption(Field option, OptionBits bits) implements Simple {}

  /** Sets consecutive bits of a field, as {@code load} does. */
  record RegLoad(FieldSlice target, long high, long low) implements Simple {}

  /**
   * Copies bits from one field to another; both have the same number.
   *
   * @param onf it was asked for in the form of the Open Networking Foundation
   */
  record Move(FieldSlice source, FieldSlice target, boolean onf) implements Simple {
    /** A copy that nobody asked for in a particular way. */
    public Move(FieldSlice source, FieldSlice target) {
      this(source, target, false);
    }
  }

  /** Saves bits on the pipeline's stack. */
  record StackPush(FieldSlice source) implements Simple {}

  /** Takes bits from the pipeline's stack. */
  record StackPop(FieldSlice target) implements Simple {}

  /** Sets the VLAN id. {@code pushIfNeeded}: an untagged packet gets a tag, as in OpenFlow 1.0. */
  record SetVlanVid(int vid, boolean pushIfNeeded) implements Simple {}

  /** Sets the VLAN priority. */
  record SetVlanPcp(int pcp, boolean pushIfNeeded) implements Simple {}

  /** Takes the outermost VLAN tag off. {@code strip}: OpenFlow 1.0 calls it strip_vlan. */
  record PopVlan(boolean strip) implements Simple {}

  /** Puts a VLAN tag outermost. */
  record PushVlan(int ethType) implements Simple {}

  record SetEthSrc(long mac) implements Simple {}

  record SetEthDst(long mac) implements Simple {}

  record SetIpSrc(int address) implements Simple {}

  record SetIpDst(int address) implements Simple {}

  /** Sets the six DSCP bits. {@code tos}: as they lie in the byte, so a multiple of 4. */
  record SetIpTos(int tos) implements Simple {}

  record SetIpEcn(int ecn) implements Simple {}

  record SetIpTtl(int ttl) implements Simple {}

  record SetTpSrc(int port) implements Simple {}

  record SetTpDst(int port) implements Simple {}

  /** Decrements the TTL; a packet whose TTL is up goes to {@code controllerIds} instead. */
  record DecTtl(List<Integer> controllerIds) implements Simple {
    /** To controllers of id 0. */
    public static final DecTtl PLAIN = new DecTtl(List.of());

    public DecTtl {
      controllerIds = List.copyOf(controllerIds);
    }

    /** Whether it was written without ids. */
    public boolean isPlain() {
      return controllerIds.isEmpty();
    }
  }

  record PushMpls(int ethType) implements Simple {}

  record PopMpls(int ethType) implements Simple {}

  record SetMplsLabel(int label) implements Simple {}

  record SetMplsTc(int tc) implements Simple {}

  record SetMplsTtl(int ttl) implements Simple {}

  record DecMplsTtl() implements Simple {}

  /** Sets the tunnel id. {@code wide}: written with 64 bits even where 32 would do. */
  record SetTunnel(long id, boolean wide) implements Simple {}

  record SetQueue(int queue) implements Simple {}

  record PopQueue() implements Simple {}

  /** Sets a bit when the packet is larger than {@code bytes}. */
  record CheckPacketLarger(int bytes, FieldSlice target) implements Simple {}

  /** Removes a tunnel option. */
  record DeleteField(Field field) implements Simple {}

  /** Puts a header in front. {@code packetType}: namespace and type, 16 bits each. */
  record Encap(int packetType, List<EncapProperty> properties) implements Simple {
    public Encap {
      properties = List.copyOf(properties);
    }
  }

  /** A property of the header that {@link Encap} makes. */
  record EncapProperty(int propertyClass, int type, Bytes value) {}

  /** Takes the outermost header off. */
  record Decap(int packetType) implements Simple {
    /** What comes out is for the header itself to say. */
    public static final int ANY_TYPE = 0x0001_fffe;
  }

  record DecNshTtl() implements Simple {}

  // The pipeline.

  /**
   * Looks the packet up again.
   *
   * @param inPort the ingress port to pretend, or {@link OfPort#IN_PORT} for the packet's own
   * @param table {@link #CURRENT_TABLE} for the one that the rule is in
   * @param withCtTuple with the connection's original direction tuple in the place of the packet's
   */
  record Resubmit(int inPort, int table, boolean withCtTuple) implements Simple {
    public static final int CURRENT_TABLE = 0xff;
  }

  /** Forgets what connection tracking found. */
  record CtClear() implements Simple {}

  /** Runs {@code actions} on a copy. */
  record Clone(List<OfAction> actions) implements Simple {
    public Clone {
      actions = List.copyOf(actions);
    }
  }

  /** Shortens the rule's own timeouts once a TCP FIN or RST passed. */
  record FinTimeout(int idleS, int hardS) implements Simple {}

  /** The rule is clause {@code clause} (0-based) of {@code clauses} of conjunction {@code id}. */
  record Conjunction(int id, int clause, int clauses) implements Simple {}

  /** Writes the number of one of some links, chosen by a hash, to {@code target}. */
  record Multipath(
      HashFields fields,
      int basis,
      MultipathAlgorithm algorithm,
      int maxLink,
      int argument,
      FieldSlice target)
      implements Simple {}

  /** How {@link Multipath} chooses, in wire order. */
  enum MultipathAlgorithm {
    MODULO_N,
    HASH_THRESHOLD,
    HRW,
    ITER_HASH;

    /** The number on the wire. */
    public int wire() {
      return ordinal();
    }

    /** What that number means, or null. */
    public static MultipathAlgorithm ofWire(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }
  }

  /** Does nothing; carries bytes. */
  record Note(Bytes content) implements Simple {}

  /** Ends the packet's way. */
  record Exit() implements Simple {}

  /**
   * Samples packets for IPFIX.
   *
   * @param pointField holds the observation point; null where {@code pointId} says it
   */
  record Sample(
      int probability,
      int collectorSetId,
      int domainId,
      int pointId,
      FieldSlice domainField,
      FieldSlice pointField,
      int samplingPort,
      SampleDirection direction)
      implements Simple {}

  /** Which tunnel side {@link Sample} looks at, in wire order. */
  enum SampleDirection {
    DEFAULT,
    INGRESS,
    EGRESS;

    /** The number on the wire. */
    public int wire() {
      return ordinal();
    }

    /** What that number means, or null. */
    public static SampleDirection ofWire(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }
  }

  // Instructions.

  /** Drops the packet where the meter's rate is exceeded. */
  record Meter(int meterId) implements Simple {}

  /** Empties the action set. */
  record ClearActions() implements Simple {}

  /** Adds to the action set. */
  record WriteActions(List<OfAction> actions) implements Simple {
    public WriteActions {
      actions = List.copyOf(actions);
    }
  }

  /** Sets metadata bits under the mask. */
  record WriteMetadata(long value, long mask) implements Simple {}

  /** Continues in a later table. */
  record GotoTable(int table) implements Simple {}
}
