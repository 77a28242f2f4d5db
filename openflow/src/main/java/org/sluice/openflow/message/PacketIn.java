package org.sluice.openflow.message;

import java.util.Arrays;
import java.util.Locale;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Bytes;

/**
 * A packet for the controller.
 *
 * @param format how to write it
 * @param totalBytes length of the whole packet, of which {@code data} may be only the start
 * @param bufferId {@link FlowMod#NO_BUFFER} where the switch keeps nothing
 * @param table where it was when it was sent
 * @param metadata in_port, registers and other pipeline fields
 * @param continuation what resumes the pipeline; null unless the pipeline waits
 */
public record PacketIn(
    Format format,
    Bytes data,
    int totalBytes,
    int bufferId,
    Reason reason,
    int table,
    long cookie,
    Match metadata,
    Bytes userdata,
    Bytes continuation)
    implements OfMessage {

  /** The same with only the first {@code bytes} of the packet. */
  public PacketIn cut(int bytes) {
    Bytes start = Bytes.of(Arrays.copyOf(data.toArray(), bytes));
    return new PacketIn(
        format,
        start,
        totalBytes,
        bufferId,
        reason,
        table,
        cookie,
        metadata,
        userdata,
        continuation);
  }

  /** The forms, in the wire order of the message that chooses one. */
  public enum Format {
    STANDARD,
    NXT_PACKET_IN,
    NXT_PACKET_IN2;

    /** The number on the wire. */
    public int wire() {
      return ordinal();
    }

    /** As {@code ovs-ofctl} writes it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The form that {@code ovs-ofctl}'s option means, or null. */
    public static Format byName(String name) {
      return switch (name) {
        case "standard", "openflow10" -> STANDARD;
        case "nxt_packet_in", "nxm" -> NXT_PACKET_IN;
        case "nxt_packet_in2" -> NXT_PACKET_IN2;
        default -> null;
      };
    }

    /** What that number means, or null. */
    public static Format ofWire(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }
  }

  /** Why it was sent, in wire order. */
  public enum Reason {
    NO_MATCH,
    ACTION,
    INVALID_TTL,
    ACTION_SET,
    GROUP,
    PACKET_OUT,
    /** A table-miss rule sent it; on the wire NO_MATCH. */
    EXPLICIT_MISS,
    /** No rule matched; on the wire NO_MATCH. */
    IMPLICIT_MISS;

    /** The reason's bit in a mask of reasons. */
    public int bit() {
      return 1 << ordinal();
    }

    /** The number on the wire; versions before 1.4 know only the first three. */
    public int wire(OfVersion version) {
      return switch (this) {
        case EXPLICIT_MISS, IMPLICIT_MISS -> NO_MATCH.ordinal();
        case ACTION_SET, GROUP, PACKET_OUT ->
            version.isBefore(OfVersion.OF14) ? ACTION.ordinal() : ordinal();
        default -> ordinal();
      };
    }

    /** The number that {@link org.sluice.openflow.action.OfAction.Controller} has for it. */
    public int number() {
      return ordinal();
    }

    /** The reason with that number, or null. */
    public static Reason ofNumber(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }

    /** As {@code ovs-ofctl} writes it. */
    public String text() {
      return switch (this) {
        case NO_MATCH, EXPLICIT_MISS, IMPLICIT_MISS -> "no_match";
        case ACTION -> "action";
        case INVALID_TTL -> "invalid_ttl";
        case ACTION_SET -> "action_set";
        case GROUP -> "group";
        case PACKET_OUT -> "packet_out";
      };
    }
  }
}
