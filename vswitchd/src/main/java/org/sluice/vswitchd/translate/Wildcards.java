package org.sluice.vswitchd.translate;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Word;

/** What a mask has to cover whatever the tables say, and what it must not. */
final class Wildcards {
  private Wildcards() {}

  /** Covers what decides how everything else is to be read. */
  static void start(FlowKey key, FlowMask mask) {
    mask.cover(Field.RECIRC_ID);
    mask.cover(Field.IN_PORT);
    mask.cover(Field.PACKET_TYPE);
    mask.cover(Field.ETH_TYPE);
    if (Protocols.isIp(key)) {
      mask.cover(Field.IP_FRAG);
    }
  }

  /**
   * Uncovers what the datapath's packet does not have: what only the tables know, and headers that
   * were not there when it came.
   */
  static void finish(FlowKey original, FlowMask mask) {
    for (int i = Word.DATAPATH_COUNT; i < Word.COUNT; i++) {
      mask.words()[i] = 0;
    }
    finishVlan(original, mask);
    if (Protocols.isIcmp(original)) {
      mask.words()[Word.L4] &= 0x00ff_00ff_0000_0000L;
    }
    if (Protocols.isLaterFragment(original)) {
      mask.words()[Word.L4] = 0;
    }
    if (original.get(Field.TUN_DST) == 0 && original.get(Field.TUN_IPV6_DST) == 0) {
      clear(mask, Word.TUN_ID, Word.NSH);
    }
    int type = Protocols.etherType(original);
    if (type != Protocols.ETH_TYPE_MPLS && type != Protocols.ETH_TYPE_MPLS_MULTICAST) {
      clear(mask, Word.MPLS, Word.IP);
    }
    if (type != Protocols.ETH_TYPE_NSH) {
      clear(mask, Word.NSH, Word.DATAPATH_COUNT);
    }
  }

  /**
   * Covers whether there is a tag where anything else of it is covered; {@link #coverVlan} does
   * where there is none.
   */
  private static void finishVlan(FlowKey original, FlowMask mask) {
    int tags = VlanTags.count(original);
    long tci = mask.get(Field.VLAN_TCI);
    if (tags == 0) {
      VlanTags.uncover(mask, 0);
      VlanTags.uncover(mask, 1);
    } else if (tci != 0) {
      mask.set(Field.VLAN_TCI, tci | Protocols.TCI_PRESENT);
    }
  }

  /** Covers whether there is a VLAN tag, and which: a datapath flow cannot leave that open. */
  static void coverVlan(FlowMask mask) {
    if (mask.get(Field.VLAN_TCI) == 0) {
      mask.set(Field.VLAN_TCI, Protocols.TCI_PRESENT | 0x0fff);
    }
  }

  private static void clear(FlowMask mask, int from, int to) {
    for (int i = from; i < to; i++) {
      mask.words()[i] = 0;
    }
  }
}
