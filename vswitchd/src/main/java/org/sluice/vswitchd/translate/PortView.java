package org.sluice.vswitchd.translate;

import java.util.Set;

/**
 * A port of a bridge as translation sees it. Immutable.
 *
 * @param ofPort its OpenFlow number
 * @param datapathPort its number in the datapath, or {@link #NOWHERE}
 * @param peer the other end, where it is a patch port; else null
 * @param flags what it may not do
 */
public record PortView(int ofPort, int datapathPort, String name, Peer peer, Set<Flag> flags) {
  /** The datapath port of a port that has none: a patch port, a device that does not exist. */
  public static final int NOWHERE = -1;

  public PortView {
    flags = Set.copyOf(flags);
  }

  /** A port without anything special. */
  public static PortView of(int ofPort, int datapathPort, String name) {
    return new PortView(ofPort, datapathPort, name, null, Set.of());
  }

  /** Whether {@code flag} is set. */
  public boolean has(Flag flag) {
    return flags.contains(flag);
  }

  /** A port of another bridge, or of the same one. */
  public record Peer(String bridge, int ofPort) {}

  /** OpenFlow's port configuration bits. */
  public enum Flag {
    /** Administratively down. */
    DOWN,
    /** Without carrier. */
    LINK_DOWN,
    NO_RECEIVE,
    NO_FLOOD,
    NO_FORWARD,
    NO_PACKET_IN
  }
}
