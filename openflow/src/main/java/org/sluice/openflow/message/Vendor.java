package org.sluice.openflow.message;

/** Numbers of those who extend the protocol. */
public final class Vendor {
  public static final int STANDARD = 0;
  public static final int NICIRA = 0x0000_2320;
  public static final int ONF = 0x4f4e_4600;
  public static final int NETRONOME = 0x0000_154d;

  /** What an early Open vSwitch took for {@link #NETRONOME}. */
  public static final int NETRONOME_OLD = 0x0000_1540;

  public static final int INTEL = 0x0000_aa01;

  private Vendor() {}
}
