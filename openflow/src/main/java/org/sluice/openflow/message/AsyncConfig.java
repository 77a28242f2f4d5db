package org.sluice.openflow.message;

import java.util.Arrays;
import java.util.List;

/**
 * Which events a controller is told of: for each kind a bit for each reason, once for the roles
 * equal and primary and once for secondary.
 */
public final class AsyncConfig {
  private final int[] primary;
  private final int[] secondary;

  /** Takes masks in the order of {@link Kind}. */
  public AsyncConfig(int[] primary, int[] secondary) {
    assert primary.length == Kind.values().length && secondary.length == primary.length;
    this.primary = primary.clone();
    this.secondary = secondary.clone();
  }

  /** Nothing at all. */
  public static AsyncConfig none() {
    return new AsyncConfig(new int[Kind.values().length], new int[Kind.values().length]);
  }

  /** What a controller gets that asked for nothing else. */
  public static AsyncConfig standard(OfVersion version) {
    int[] primary = new int[Kind.values().length];
    int[] secondary = primary.clone();
    boolean before13 = version.isBefore(OfVersion.OF13);
    primary[Kind.PACKET_IN.index()] = before13 ? PACKET_INS | IMPLICIT_MISS : PACKET_INS;
    primary[Kind.PORT_STATUS.index()] = 7;
    secondary[Kind.PORT_STATUS.index()] = 7;
    primary[Kind.FLOW_REMOVED.index()] = version.isBefore(OfVersion.OF14) ? 0xf : 0x3f;
    return new AsyncConfig(primary, secondary);
  }

  private static final int IMPLICIT_MISS = PacketIn.Reason.IMPLICIT_MISS.bit();

  /** All but invalid_ttl and the implicit miss. */
  private static final int PACKET_INS =
      PacketIn.Reason.IMPLICIT_MISS.bit() - 1 - PacketIn.Reason.INVALID_TTL.bit();

  /** Kinds of event, in the order of their properties on the wire. */
  public enum Kind {
    PACKET_IN,
    PORT_STATUS,
    FLOW_REMOVED,
    ROLE_STATUS,
    TABLE_STATUS,
    REQUESTFORWARD;

    int index() {
      return ordinal();
    }
  }

  /** A bit for each reason of which a controller is told. */
  public int mask(Kind kind, boolean asSecondary) {
    return (asSecondary ? secondary : primary)[kind.index()];
  }

  /** Whether a controller is told of {@code kind} for {@code reason}. */
  public boolean wants(Kind kind, int reason, boolean asSecondary) {
    return (mask(kind, asSecondary) >>> reason & 1) != 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AsyncConfig config
        && Arrays.equals(primary, config.primary)
        && Arrays.equals(secondary, config.secondary);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(primary) + Arrays.hashCode(secondary);
  }

  @Override
  public String toString() {
    return Arrays.toString(primary) + Arrays.toString(secondary);
  }

  /** Messages about it. */
  public sealed interface Message extends OfMessage {}

  /** Asks for it. */
  public record Get() implements Message {}

  /** The answer to {@link Get}. */
  public record Reply(AsyncConfig config) implements Message {}

  /** Sets all of it. {@code nicira}: in the form of before 1.3. */
  public record SetAll(AsyncConfig config, boolean nicira) implements Message {}

  /** Sets some of it. {@code nicira}: in the form of before 1.4. */
  public record SetSome(List<Change> changes, boolean nicira) implements Message {
    public SetSome {
      changes = List.copyOf(changes);
    }
  }

  /** A new mask for one kind of event. */
  public record Change(Kind kind, boolean asSecondary, int mask) {}

  /** This with {@code changes} made, one after the other. */
  public AsyncConfig with(List<Change> changes) {
    AsyncConfig result = new AsyncConfig(primary, secondary);
    for (Change change : changes) {
      int[] masks = change.asSecondary() ? result.secondary : result.primary;
      masks[change.kind().index()] = change.mask();
    }
    return result;
  }
}
