package org.sluice.vswitchd.l2;

/** Which VLANs a bundle carries and which of them travel without a tag. */
public enum VlanMode {
  /** One VLAN, always untagged. */
  ACCESS,
  /** Several VLANs, tagged; an untagged frame belongs to VLAN 0. */
  TRUNK,
  /** As a trunk, but an untagged frame belongs to the native VLAN, which leaves tagged. */
  NATIVE_TAGGED,
  /** As a trunk, but an untagged frame belongs to the native VLAN, which leaves untagged. */
  NATIVE_UNTAGGED
}
