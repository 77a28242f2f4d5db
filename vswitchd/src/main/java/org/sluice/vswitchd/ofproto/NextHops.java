package org.sluice.vswitchd.ofproto;

/** Which host is the next on the way to an address, as the operating system knows it. */
@FunctionalInterface
public interface NextHops {
  /** Knows of none. */
  NextHops NONE = address -> 0;

  /** The MAC address of the next host on the way to an IPv4 address; 0 where it is not known. */
  long macTowards(int address);
}
