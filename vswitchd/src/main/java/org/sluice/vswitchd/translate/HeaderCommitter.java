package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.datapath.DpAction;
import org.sluice.datapath.flow.Field;

/**
 * Turns what actions have changed in a walk's key into datapath actions, as late as possible and
 * only as far as it differs from the packet.
 *
 * <p>Every bit that an action reads or writes is in the walk's mask, so a changed field is set
 * under that mask: bits outside it were never touched. Changes that cancel each other leave
 * nothing.
 */
final class HeaderCommitter {
  private static final List<Field> ETHERNET = List.of(Field.ETH_SRC, Field.ETH_DST);
  private static final List<Field> IPV4 =
      List.of(Field.IP_SRC, Field.IP_DST, Field.NW_TOS, Field.NW_TTL);
  private static final List<Field> IPV6 =
      List.of(Field.IPV6_SRC, Field.IPV6_DST, Field.IPV6_LABEL, Field.NW_TOS, Field.NW_TTL);
  private static final List<Field> ND = List.of(Field.ND_TARGET, Field.ND_SLL, Field.ND_TLL);
  private static final List<Field> ARP =
      List.of(Field.ARP_SPA, Field.ARP_TPA, Field.ARP_OP, Field.ARP_SHA, Field.ARP_THA);
  private static final List<Field> ICMP = List.of(Field.ICMP_TYPE, Field.ICMP_CODE);
  private static final List<Field> ICMPV6 = List.of(Field.ICMPV6_TYPE, Field.ICMPV6_CODE);
  private static final List<Field> TCP = List.of(Field.TCP_SRC, Field.TCP_DST);
  private static final List<Field> UDP = List.of(Field.UDP_SRC, Field.UDP_DST);
  private static final List<Field> SCTP = List.of(Field.SCTP_SRC, Field.SCTP_DST);

  private final Walk walk;

  HeaderCommitter(Walk walk) {
    this.walk = walk;
  }

  /** Makes the datapath's packet what the tables see. */
  void commit() {
    if (walk.key.get(Field.PACKET_TYPE) == 0) {
      commitFields(ETHERNET);
    }
    commitNetwork();
    commitTransport();
    commitVlan();
    commitField(Field.SKB_PRIORITY);
    commitField(Field.PKT_MARK);
  }

  private void commitNetwork() {
    if (walk.key.get(Field.NW_PROTO) == 0) {
      return; // nor an ARP packet of no operation, of which this is the field
    }
    if (Protocols.isIpv4(walk.base)) {
      commitFields(IPV4);
    } else if (Protocols.isIp(walk.base)) {
      commitFields(IPV6);
      if (Protocols.isIcmpv6(walk.base)) {
        commitFields(ND);
      }
    } else if (Protocols.isArp(walk.base)) {
      commitFields(ARP);
    }
  }

  private void commitTransport() {
    if (Protocols.isIcmpv6(walk.key)) {
      commitFields(ICMPV6);
    } else if (Protocols.isIcmp(walk.key)) {
      commitFields(ICMP);
    } else if (Protocols.hasPorts(walk.key)) {
      commitFields(
          switch ((int) walk.key.get(Field.NW_PROTO)) {
            case Protocols.TCP -> TCP;
            case Protocols.UDP -> UDP;
            default -> SCTP;
          });
    }
  }

  private void commitFields(List<Field> fields) {
    for (Field field : fields) {
      commitField(field);
    }
  }

  private void commitField(Field field) {
    long high = walk.key.getHigh(field);
    long low = walk.key.get(field);
    if (high == walk.base.getHigh(field) && low == walk.base.get(field)) {
      return;
    }
    long maskHigh = walk.mask.getHigh(field);
    long maskLow = walk.mask.get(field);
    assert (maskHigh | maskLow) != 0 : field + " changed unseen";
    walk.actions.add(
        new DpAction.SetField(field, high & maskHigh, low & maskLow, maskHigh, maskLow));
    walk.base.set(field, high, low);
  }

  /** Pops the tags that differ, down to the innermost that does not, and pushes the new ones. */
  private void commitVlan() {
    int have = VlanTags.count(walk.base);
    int want = VlanTags.count(walk.key);
    while (have > 0 && want > 0 && VlanTags.same(walk.base, have - 1, walk.key, want - 1)) {
      have--;
      want--;
    }
    for (int i = have - 1; i >= 0; i--) {
      walk.actions.add(new DpAction.PopVlan());
      VlanTags.cover(walk.mask, i);
    }
    for (int i = want - 1; i >= 0; i--) {
      walk.actions.add(
          new DpAction.PushVlan(VlanTags.tpid(walk.key, i), VlanTags.tci(walk.key, i)));
    }
    VlanTags.copy(walk.key, walk.base);
  }
}
