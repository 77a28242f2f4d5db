package org.sluice.openflow.text;

import static org.sluice.openflow.codec.FlowFormat.NXM;
import static org.sluice.openflow.codec.FlowFormat.NXM_TABLES;
import static org.sluice.openflow.codec.FlowFormat.OF10;
import static org.sluice.openflow.codec.FlowFormat.OF10_TABLES;
import static org.sluice.openflow.codec.FlowFormat.OF11;
import static org.sluice.openflow.codec.FlowFormat.OF12;
import static org.sluice.openflow.codec.FlowFormat.OF15;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.message.OfVersion;

/** Which formats can say what, so that a tool can choose one that says all. */
final class UsableFormats {
  static final Set<FlowFormat> ANY = EnumSet.allOf(FlowFormat.class);
  static final Set<FlowFormat> OF10_FAMILY = EnumSet.range(OF10, NXM_TABLES);
  static final Set<FlowFormat> SINCE_11 = FlowFormat.since(OfVersion.OF11);
  static final Set<FlowFormat> SINCE_12 = FlowFormat.since(OfVersion.OF12);
  static final Set<FlowFormat> SINCE_13 = FlowFormat.since(OfVersion.OF13);
  static final Set<FlowFormat> SINCE_15 = FlowFormat.since(OfVersion.OF15);
  static final Set<FlowFormat> WITH_TABLES = withTables();
  static final Set<FlowFormat> NXM_OR_11 = EnumSet.range(NXM, OF15);
  private static final Set<FlowFormat> NXM_OR_OXM = nxmOrOxm();
  private static final Set<FlowFormat> NONE = EnumSet.noneOf(FlowFormat.class);

  private UsableFormats() {}

  private static Set<FlowFormat> withTables() {
    EnumSet<FlowFormat> formats = EnumSet.of(OF10_TABLES, NXM_TABLES, OF11);
    formats.addAll(EnumSet.range(OF12, OF15));
    return formats;
  }

  private static Set<FlowFormat> nxmOrOxm() {
    EnumSet<FlowFormat> formats = EnumSet.of(NXM, NXM_TABLES);
    formats.addAll(EnumSet.range(OF12, OF15));
    return formats;
  }

  /** What can match all of a field. */
  static Set<FlowFormat> exact(Field field) {
    return switch (field) {
      case TUN_TTL, TUN_TOS, SKB_PRIORITY -> NONE;
      case IN_PORT, ETH_TYPE, DL_VLAN, DL_VLAN_PCP, VLAN_PCP, VLAN_TCI, VLAN_VID -> ANY;
      case NW_PROTO, NW_TOS, IP_DSCP, ARP_OP, ICMP_TYPE, ICMP_CODE, ETH_SRC, ETH_DST -> ANY;
      case TCP_SRC, TCP_DST, UDP_SRC, UDP_DST, IP_SRC, IP_DST, ARP_SPA, ARP_TPA -> ANY;
      case METADATA, IN_PORT_OXM, MPLS_LABEL, MPLS_TC, NW_ECN, SCTP_SRC, SCTP_DST -> NXM_OR_11;
      default -> NXM_OR_OXM;
    };
  }

  /** What can match a field so. */
  static Set<FlowFormat> of(Field field, FieldValue value) {
    if (value.isWild()) {
      return ANY;
    }
    return value.isExact(field) ? exact(field) : masked(field, value);
  }

  private static Set<FlowFormat> masked(Field field, FieldValue value) {
    return switch (field) {
      case TUN_TTL, TUN_TOS, SKB_PRIORITY -> NONE;
      case METADATA, ETH_SRC, ETH_DST -> NXM_OR_11;
      case IP_SRC, IP_DST, ARP_SPA, ARP_TPA -> FieldText.isPrefix(value) ? ANY : NXM_OR_11;
      default -> NXM_OR_OXM;
    };
  }

  /** What can match what lies in IPv6 packets. */
  static Set<FlowFormat> insideIpv6() {
    return NXM_OR_OXM;
  }

  /** What can say all of a rule's actions. */
  static Set<FlowFormat> of(List<OfAction> actions) {
    EnumSet<FlowFormat> formats = EnumSet.allOf(FlowFormat.class);
    actions.forEach(action -> formats.retainAll(of(action)));
    return formats;
  }

  private static Set<FlowFormat> of(OfAction action) {
    return switch (action) {
      case OfAction.SetField set -> exact(set.field());
      case OfAction.SetOption set -> exact(set.option());
      case OfAction.PushVlan push -> SINCE_11;
      case OfAction.Encap encap -> SINCE_13;
      case OfAction.Meter meter -> SINCE_13;
      case OfAction.WriteMetadata write -> NXM_OR_11;
      case OfAction.Clone(List<OfAction> inner) -> ofNested(inner);
      case OfAction.WriteActions(List<OfAction> inner) -> ofNested(inner);
      case Ct ct -> of(ct.actions());
      default -> ANY;
    };
  }

  /** Where there can be no instruction, a meter is an action, as from 1.5 on. */
  static Set<FlowFormat> ofNested(List<OfAction> actions) {
    Set<FlowFormat> formats = of(actions);
    if (actions.stream().anyMatch(OfAction.Meter.class::isInstance)) {
      formats.retainAll(SINCE_15);
    }
    return formats;
  }
}
