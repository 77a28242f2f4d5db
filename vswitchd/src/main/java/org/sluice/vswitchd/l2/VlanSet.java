package org.sluice.vswitchd.l2;

import java.util.BitSet;
import java.util.Collection;

/** A set of VLAN ids 0 to 4095. Immutable. */
public final class VlanSet {
  /** Number of VLAN ids. */
  public static final int VLAN_COUNT = 4096;

  private static final VlanSet ALL = new VlanSet(allBits());

  private final BitSet bits;

  private VlanSet(BitSet bits) {
    this.bits = bits;
  }

  /** Every VLAN. */
  public static VlanSet all() {
    return ALL;
  }

  /** These VLANs; every VLAN where there are none, as an empty {@code trunks} column means. */
  public static VlanSet ofTrunks(Collection<Integer> vlans) {
    return vlans.isEmpty() ? ALL : of(vlans);
  }

  /** Exactly these VLANs. */
  public static VlanSet of(Collection<Integer> vlans) {
    BitSet bits = new BitSet(VLAN_COUNT);
    for (int vlan : vlans) {
      if (vlan >= 0 && vlan < VLAN_COUNT) {
        bits.set(vlan);
      }
    }
    return new VlanSet(bits);
  }

  /** Whether {@code vlan} is in the set. */
  public boolean contains(int vlan) {
    return bits.get(vlan);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VlanSet set && bits.equals(set.bits);
  }

  @Override
  public int hashCode() {
    return bits.hashCode();
  }

  @Override
  public String toString() {
    return bits.toString();
  }

  private static BitSet allBits() {
    BitSet bits = new BitSet(VLAN_COUNT);
    bits.set(0, VLAN_COUNT);
    return bits;
  }
}
