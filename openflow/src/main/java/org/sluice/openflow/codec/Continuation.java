package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;

/**
 * What lets a switch go on with a packet that waits for its controller, as properties within a
 * packet-in. Only the switch has to understand it; tools show it.
 *
 * @param bridge null where not said
 * @param stack what {@code push} saved, the last first
 * @param mirrors bits of mirrors that have their copy
 * @param actions what is left to do, each part with the rule that it comes from
 * @param datapathPort the port that the datapath knows it by; 0 where not said
 */
public record Continuation(
    UUID bridge,
    List<Bytes> stack,
    int mirrors,
    boolean tracked,
    List<Part> actions,
    List<OfAction> actionSet,
    int datapathPort) {
  private static final int BRIDGE = 0x8000;
  private static final int STACK = 0x8001;
  private static final int MIRRORS = 0x8002;
  private static final int TRACKED = 0x8003;
  private static final int TABLE = 0x8004;
  private static final int COOKIE = 0x8005;
  private static final int ACTIONS = 0x8006;
  private static final int ACTION_SET = 0x8007;
  private static final int DATAPATH_PORT = 0x8008;
  private static final int MAX_STACK_ENTRY = 128;

  public Continuation {
    stack = List.copyOf(stack);
    actions = List.copyOf(actions);
    actionSet = List.copyOf(actionSet);
  }

  /** Actions of one rule that are left. */
  public record Part(int table, long cookie, List<OfAction> actions) {
    public Part {
      actions = List.copyOf(actions);
    }
  }

  /** The bytes for {@link org.sluice.openflow.message.PacketIn#continuation}. */
  public Bytes encode(OfVersion version) {
    WireWriter out = new WireWriter().zeros(4);
    if (bridge != null) {
      int start = Property.start(out, BRIDGE);
      out.u64(bridge.getMostSignificantBits()).u64(bridge.getLeastSignificantBits());
      Property.finish(out, start);
    }
    stack.forEach(entry -> Property.writeBytes(out, STACK, entry));
    if (mirrors != 0) {
      Property.writeU32(out, MIRRORS, mirrors);
    }
    if (tracked) {
      Property.writeBytes(out, TRACKED, Bytes.EMPTY);
    }
    encodeParts(out, version);
    if (!actionSet.isEmpty()) {
      encodeActions(out, ACTION_SET, actionSet, version);
    }
    if (datapathPort != 0) {
      Property.writeU32(out, DATAPATH_PORT, datapathPort);
    }
    return Bytes.of(out.toArray());
  }

  private void encodeParts(WireWriter out, OfVersion version) {
    int table = 0;
    long cookie = 0;
    for (Part part : actions) {
      if (part.table() != table) {
        table = part.table();
        Property.writeU8(out, TABLE, table);
      }
      if (part.cookie() != cookie) {
        cookie = part.cookie();
        Property.writeU64(out, COOKIE, cookie);
      }
      encodeActions(out, ACTIONS, part.actions(), version);
    }
  }

  private static void encodeActions(
      WireWriter out, int type, List<OfAction> actions, OfVersion version) {
    int start = Property.start(out, type);
    out.zeros(4);
    new ActionWriter(out, version, Match.any()).writeActions(actions);
    Property.finish(out, start);
  }

  /** Reads it; null where it is none. */
  public static Continuation decode(Bytes bytes, OfVersion version) {
    try {
      return new Reading(version).read(new WireReader(bytes.toArray()).skip(4));
    } catch (BadWireException notOne) {
      return null;
    }
  }

  /** One being read. Used by one thread. */
  private static final class Reading {
    private final OfVersion version;
    private UUID bridge;
    private final List<Bytes> stack = new ArrayList<>();
    private int mirrors;
    private boolean tracked;
    private int table;
    private long cookie;
    private final List<Part> parts = new ArrayList<>();
    private List<OfAction> actionSet = List.of();
    private int port;

    Reading(OfVersion version) {
      this.version = version;
    }

    Continuation read(WireReader in) {
      while (!in.isEmpty()) {
        put(Property.read(in));
      }
      return new Continuation(bridge, stack, mirrors, tracked, parts, actionSet, port);
    }

    private void put(Property property) {
      WireReader value = property.value();
      switch (property.ownType()) {
        case BRIDGE -> bridge = new UUID(value.u64(), value.u64());
        case STACK -> {
          if (value.left() > MAX_STACK_ENTRY) {
            throw value.bad(OfError.OFPBPC_BAD_LEN);
          }
          stack.add(value.rest());
        }
        case MIRRORS -> mirrors = property.u32();
        case TRACKED -> tracked = true;
        case TABLE -> table = property.u8();
        case COOKIE -> cookie = property.u64();
        case ACTIONS -> parts.add(new Part(table, cookie, readActions(property)));
        case ACTION_SET -> actionSet = readActions(property);
        case DATAPATH_PORT -> port = property.u32();
        default -> {} // of a later switch
      }
    }

    private List<OfAction> readActions(Property property) {
      return new ActionReader(version).readAll(property.nested());
    }
  }
}
