package org.sluice.datapath.packet;

/** Ethernet types that the switch looks into. */
public final class EtherType {
  public static final int IPV4 = 0x0800;
  public static final int ARP = 0x0806;
  public static final int TEB = 0x6558;
  public static final int RARP = 0x8035;
  public static final int VLAN = 0x8100;
  public static final int IPV6 = 0x86dd;
  public static final int LACP = 0x8809;
  public static final int MPLS = 0x8847;
  public static final int MPLS_MULTICAST = 0x8848;
  public static final int VLAN_SERVICE = 0x88a8;
  public static final int NSH = 0x894f;

  private EtherType() {}

  /** Whether a VLAN tag follows. */
  public static boolean isVlan(int type) {
    return type == VLAN || type == VLAN_SERVICE;
  }

  /** Whether an MPLS label stack follows. */
  public static boolean isMpls(int type) {
    return type == MPLS || type == MPLS_MULTICAST;
  }

  /** Whether an ARP or RARP message follows. */
  public static boolean isArp(int type) {
    return type == ARP || type == RARP;
  }

  /** Whether an IPv4 or IPv6 header follows. */
  public static boolean isIp(int type) {
    return type == IPV4 || type == IPV6;
  }
}
