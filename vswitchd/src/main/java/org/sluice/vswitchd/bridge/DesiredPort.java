package org.sluice.vswitchd.bridge;

import java.util.List;
import java.util.UUID;
import org.sluice.vswitchd.l2.PriorityTags;
import org.sluice.vswitchd.l2.VlanMode;
import org.sluice.vswitchd.l2.VlanSet;

/**
 * A Port row as somebody wants it.
 *
 * @param interfaces in the order of their names
 * @param tag the access or native VLAN, 0 where none is set
 * @param trunks the VLANs of a trunk
 */
public record DesiredPort(
    UUID row,
    String name,
    List<DesiredInterface> interfaces,
    VlanMode vlanMode,
    int tag,
    VlanSet trunks,
    PriorityTags priorityTags) {
  public DesiredPort {
    interfaces = List.copyOf(interfaces);
  }
}
