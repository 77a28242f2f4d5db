package org.sluice.vswitchd.l2;

/** Whether a frame that leaves untagged gets a tag with VLAN 0 to carry its priority. */
public enum PriorityTags {
  NEVER,
  /** Where the priority is not 0. */
  IF_NONZERO,
  ALWAYS
}
