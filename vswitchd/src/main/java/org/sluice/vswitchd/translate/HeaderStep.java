package org.sluice.vswitchd.translate;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.openflow.action.OfAction;

/** Actions of OpenFlow 1.0 and 1.1 that change one header field each, and VLAN tags. */
final class HeaderStep {
  private static final int VID_BITS = 0x0fff;
  private static final int PCP_BITS = 0xe000;

  private final Walk walk;
  private final FlowKey key;
  private final FlowMask mask;
  private final FieldStep fields;

  HeaderStep(Walk walk, FieldStep fields) {
    this.walk = walk;
    this.key = walk.key;
    this.mask = walk.mask;
    this.fields = fields;
  }

  void setVlanVid(OfAction.SetVlanVid action) {
    setTciBits(VID_BITS, action.vid(), action.pushIfNeeded());
  }

  void setVlanPcp(OfAction.SetVlanPcp action) {
    setTciBits(PCP_BITS, action.pcp() << 13, action.pushIfNeeded());
  }

  private void setTciBits(int bits, int value, boolean pushIfNeeded) {
    mask.set(Field.VLAN_TCI, mask.get(Field.VLAN_TCI) | bits | Protocols.TCI_PRESENT);
    if (Protocols.isTagged(key) || pushIfNeeded) {
      int tci = (int) key.get(Field.VLAN_TCI);
      VlanTags.setTci(key, (tci & ~bits) | value | Protocols.TCI_PRESENT);
    }
  }

  void popVlan() {
    coverTags();
    if (Protocols.isTagged(key)) {
      VlanTags.pop(key);
    }
  }

  void pushVlan(OfAction.PushVlan action) {
    coverTags();
    VlanTags.push(key, action.ethType());
  }

  private void coverTags() {
    int tags = VlanTags.count(key);
    for (int i = 0; i < Math.max(1, tags); i++) {
      VlanTags.cover(mask, i);
    }
  }

  void setIpv4(Field field, int address) {
    if (Protocols.isIpv4(key)) {
      fields.assignNetwork(field, Integer.toUnsignedLong(address));
    }
  }

  void setIp(Field field, int value) {
    if (Protocols.isIp(key)) {
      fields.assignNetwork(field, value);
    }
  }

  /** Sets a port of TCP, UDP or SCTP: they lie in the same bits. */
  void setPort(Field field, int port) {
    if (Protocols.isIp(key) && !Protocols.isLaterFragment(key)) {
      mask.cover(Field.NW_PROTO);
      if (Protocols.hasPorts(key)) {
        fields.assign(field, port);
      }
    }
  }

  /** Decrements the TTL; false where it is up. */
  boolean decrementTtl() {
    if (!Protocols.isIp(key)) {
      return true;
    }
    mask.cover(Field.NW_TTL);
    mask.cover(Field.NW_PROTO);
    long ttl = key.get(Field.NW_TTL);
    if (ttl <= 1) {
      walk.trace.warn("IPv" + (Protocols.isIpv4(key) ? 4 : 6) + " decrement TTL exception");
      return false;
    }
    key.set(Field.NW_TTL, ttl - 1);
    return true;
  }

  /** Chooses the queue that later outputs use. */
  void setQueue(long priority) {
    fields.assign(Field.SKB_PRIORITY, priority);
  }
}
