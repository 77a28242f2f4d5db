package org.sluice.vswitchd.l2;

import java.util.List;

/**
 * A row of the database's Port table as the pipeline sees it: one or more OpenFlow ports that act
 * as one, and the VLANs they carry.
 *
 * @param id names the bundle for as long as the bridge has it, also when its settings change; not
 *     negative
 * @param name as configured
 * @param mode how VLANs are carried
 * @param tag the access or native VLAN, 0 to 4095; 0 for a plain trunk
 * @param trunks the VLANs of a trunk
 * @param members OpenFlow port numbers, never empty
 * @param priorityTags when an untagged frame gets a priority tag
 */
public record Bundle(
    int id,
    String name,
    VlanMode mode,
    int tag,
    VlanSet trunks,
    List<Integer> members,
    PriorityTags priorityTags) {
  public Bundle {
    assert id >= 0 && !members.isEmpty() && tag >= 0 && tag < VlanSet.VLAN_COUNT;
    members = List.copyOf(members);
  }

  /** A bundle of one port that carries every VLAN. */
  public static Bundle trunk(int id, String name, int port) {
    return new Bundle(
        id, name, VlanMode.TRUNK, 0, VlanSet.all(), List.of(port), PriorityTags.NEVER);
  }

  /** A bundle of one port in one VLAN. */
  public static Bundle access(int id, String name, int port, int vlan) {
    return new Bundle(
        id, name, VlanMode.ACCESS, vlan, VlanSet.all(), List.of(port), PriorityTags.NEVER);
  }

  /** The first member, which stands for the bundle where one port is shown. */
  public int port() {
    return members.getFirst();
  }

  /** Whether frames of {@code vlan} may leave by this bundle. */
  public boolean carries(int vlan) {
    return switch (mode) {
      case ACCESS -> vlan == tag;
      case TRUNK -> trunks.contains(vlan);
      case NATIVE_TAGGED, NATIVE_UNTAGGED -> vlan == tag || trunks.contains(vlan);
    };
  }

  /** Whether a frame whose tag says {@code vid}, 0 for no tag, may come in by this bundle. */
  public boolean accepts(int vid) {
    return switch (mode) {
      case ACCESS -> vid == 0;
      case TRUNK -> carries(vid);
      case NATIVE_TAGGED, NATIVE_UNTAGGED -> vid == 0 || carries(vid);
    };
  }

  /** The VLAN that an accepted frame whose tag says {@code vid} belongs to. */
  public int vlanOf(int vid) {
    return switch (mode) {
      case ACCESS -> tag;
      case TRUNK -> vid;
      case NATIVE_TAGGED, NATIVE_UNTAGGED -> vid == 0 ? tag : vid;
    };
  }

  /** What the tag of a frame of {@code vlan} says when it leaves by this bundle; 0 for no tag. */
  public int vidOf(int vlan) {
    return switch (mode) {
      case ACCESS -> 0;
      case TRUNK, NATIVE_TAGGED -> vlan;
      case NATIVE_UNTAGGED -> vlan == tag ? 0 : vlan;
    };
  }

  /** The whole TCI of such a frame, which had {@code tci} before; 0 for no tag. */
  public int tciOf(int vlan, int tci) {
    int vid = vidOf(vlan);
    boolean tagged = mode != VlanMode.ACCESS && (mode != VlanMode.NATIVE_UNTAGGED || vid != 0);
    int priority = tagged || priorityTags != PriorityTags.NEVER ? tci & 0xe000 : 0;
    boolean needed = (vid | priority) != 0 || priorityTags == PriorityTags.ALWAYS;
    return needed ? priority | 0x1000 | vid : 0;
  }
}
