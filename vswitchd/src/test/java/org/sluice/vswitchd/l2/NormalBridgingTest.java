package org.sluice.vswitchd.l2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.DropReason;

class NormalBridgingTest {
  private static final long HOST_A = 0x0200_0000_000aL;
  private static final long HOST_B = 0x0200_0000_000bL;

  private final MacTable macTable = new MacTable();
  private final FlowMask mask = new FlowMask();
  private final Bundle trunk = Bundle.trunk(1, "trunk", 1);
  private final Bundle access10 = Bundle.access(2, "access10", 2, 10);
  private final Bundle otherAccess10 = Bundle.access(3, "other10", 3, 10);
  private final Bundle access20 = Bundle.access(4, "access20", 4, 20);
  private final Bundle nativeUntagged = nativeVlan(5, VlanMode.NATIVE_UNTAGGED);
  private final Bundle nativeTagged = nativeVlan(6, VlanMode.NATIVE_TAGGED);
  private final List<Bundle> bundles =
      List.of(trunk, access10, otherAccess10, access20, nativeUntagged, nativeTagged);

  private static Bundle nativeVlan(int id, VlanMode mode) {
    VlanSet trunks = VlanSet.of(List.of(20));
    return new Bundle(id, "native" + id, mode, 10, trunks, List.of(id), PriorityTags.NEVER);
  }

  private final class OneBridge implements NormalBridging.View {
    @Override
    public Bundle bundleOf(int port) {
      return bundles.get(port - 1);
    }

    @Override
    public Bundle bundle(int id) {
      return bundles.get(id - 1);
    }

    @Override
    public List<Bundle> bundles() {
      return bundles;
    }

    @Override
    public boolean floods(Bundle bundle) {
      return true;
    }

    @Override
    public MacTable macTable() {
      return macTable;
    }

    @Override
    public boolean forwardsReservedMulticast() {
      return false;
    }
  }

  private static FlowKey frame(int tci) {
    FlowKey key = new FlowKey();
    key.set(Field.ETH_SRC, HOST_A);
    key.set(Field.ETH_DST, HOST_B);
    key.set(Field.VLAN_TCI, tci);
    return key;
  }

  private NormalBridging.Verdict decide(Bundle ingress, FlowKey key) {
    return NormalBridging.decide(new OneBridge(), ingress, key, mask);
  }

  private static List<String> sent(NormalBridging.Verdict verdict) {
    return verdict.egresses().stream()
        .map(egress -> egress.bundle().name() + "/" + Integer.toHexString(egress.tci()))
        .toList();
  }

  @Test
  void shouldFloodWithinTheVlanWhenTheStationIsUnknown() {
    NormalBridging.Verdict verdict = decide(access10, frame(0));
    assertEquals(List.of("trunk/100a", "other10/0", "native5/0", "native6/100a"), sent(verdict));
    assertEquals(new MacTable.Sighting(HOST_A, 10, 2, false, false), verdict.learned());
    assertTrue(mask.covers(Field.ETH_SRC) && mask.covers(Field.ETH_DST));
    assertFalse(mask.covers(Field.IP_SRC));
  }

  @Test
  void shouldSendOnlyToTheStationWhenItIsKnown() {
    macTable.learn(new MacTable.Sighting(HOST_B, 10, 1, false, false), 0);
    assertEquals(List.of("trunk/100a"), sent(decide(access10, frame(0))));
    assertEquals(List.of(), sent(decide(trunk, frame(0x100a))));
    assertEquals(4, sent(decide(trunk, frame(0x1014))).size() + 1);
  }

  @Test
  void shouldRefuseTagsThatThePortDoesNotCarry() {
    assertEquals(DropReason.VLAN_NOT_ALLOWED, decide(access10, frame(0x100a)).drop());
    assertEquals(DropReason.VLAN_NOT_ALLOWED, decide(nativeTagged, frame(0x101e)).drop());
    assertNull(decide(nativeTagged, frame(0x1014)).drop());
    assertNull(decide(nativeTagged, frame(0)).drop());
    assertNull(decide(trunk, frame(0x1fff)).drop());
  }

  @Test
  void shouldConsumeReservedGroupAddresses() {
    FlowKey key = frame(0);
    key.set(Field.ETH_DST, 0x0180_c200_000eL);
    assertEquals(DropReason.RESERVED_MULTICAST, decide(access10, key).drop());
    key.set(Field.ETH_DST, 0x0180_c200_0010L);
    assertNull(decide(access10, key).drop());
  }

  @Test
  void shouldLearnNothingFromAControllersFrame() {
    NormalBridging.Verdict verdict = decide(NormalBridging.fromController(), frame(0x100a));
    assertNull(verdict.learned());
    assertEquals(5, verdict.egresses().size());
  }

  @Test
  void shouldLookIntoBroadcastArpForAnnouncements() {
    FlowKey key = frame(0);
    key.set(Field.ETH_DST, 0xffff_ffff_ffffL);
    key.set(Field.ETH_TYPE, 0x0806);
    key.set(Field.ARP_OP, 1);
    key.set(Field.ARP_SPA, 0x0a000001);
    key.set(Field.ARP_TPA, 0x0a000002);
    assertFalse(decide(access10, key).learned().gratuitousArp());
    assertTrue(mask.covers(Field.ARP_SPA) && mask.covers(Field.ARP_TPA));
    key.set(Field.ARP_TPA, 0x0a000001);
    assertTrue(decide(access10, key).learned().gratuitousArp());
  }
}
