package org.sluice.vswitchd.l2;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.DropReason;

/**
 * What a learning switch does with a frame: the {@code NORMAL} action. A pure function of the
 * frame, the VLAN configuration and the table of stations; learning and sending are the caller's.
 */
public final class NormalBridging {
  private static final int VLAN_PRESENT = 0x1000;
  private static final int VID_BITS = 0xfff;
  private static final int ETH_TYPE_ARP = 0x0806;
  private static final int ARP_REQUEST = 1;
  private static final int ARP_REPLY = 2;
  private static final long BROADCAST = 0xffff_ffff_ffffL;
  private static final long IEEE_GROUPS = 0x0180_c200_0000L;
  private static final long CISCO_FAULT_GROUPS = 0x0100_0ccc_ccc0L;

  /** EDP, EAPS; ISL; PAgP, UDLD and CDP; PVST+; STP uplink fast. */
  private static final Set<Long> OTHER_RESERVED =
      Set.of(
          0x00e0_2b00_0000L,
          0x00e0_2b00_0004L,
          0x00e0_2b00_0006L,
          0x0100_0c00_0000L,
          0x0100_0ccc_ccccL,
          0x0100_0ccc_cccdL,
          0x0100_0ccd_cdcdL);

  /** What bridging has to know of a bridge. */
  public interface View {
    /** The bundle that an OpenFlow port belongs to; null for none. */
    Bundle bundleOf(int port);

    /** The bundle of this id; null where it is gone. */
    Bundle bundle(int id);

    /** Every bundle, in the order in which frames are flooded. */
    List<Bundle> bundles();

    /** Whether frames for unknown stations go out of {@code bundle}. */
    boolean floods(Bundle bundle);

    /** Where stations are. */
    MacTable macTable();

    /** Whether frames for reserved group addresses are forwarded. */
    boolean forwardsReservedMulticast();
  }

  /** A copy of the frame to send: out of {@code bundle}'s port with this tag, 0 for none. */
  public record Egress(Bundle bundle, int tci) {}

  /**
   * What is to be done.
   *
   * @param drop why nothing is sent; null where it is or where there is nowhere to send to
   * @param complaint for a trace, where the frame should not have come in here; else null
   * @param explanation for a trace
   * @param learned where the sender is; null where nothing may be learned
   * @param egresses the copies
   */
  public record Verdict(
      DropReason drop,
      String complaint,
      String explanation,
      MacTable.Sighting learned,
      List<Egress> egresses) {
    static Verdict refused(DropReason drop, String complaint, String explanation) {
      return new Verdict(drop, complaint, explanation, null, List.of());
    }

    static Verdict forward(String explanation, MacTable.Sighting learned, List<Egress> egresses) {
      return new Verdict(null, null, explanation, learned, egresses);
    }
  }

  private final View view;
  private final FlowKey key;
  private final FlowMask mask;

  private NormalBridging(View view, FlowKey key, FlowMask mask) {
    this.view = view;
    this.key = key;
    this.mask = mask;
  }

  /**
   * Decides for the frame that {@code key} describes, received by {@code ingress}.
   *
   * @param ingress the bundle it came in by; null for an unknown port
   * @param mask covers from now on also what the decision looked at
   */
  public static Verdict decide(View view, Bundle ingress, FlowKey key, FlowMask mask) {
    return new NormalBridging(view, key, mask).decide(ingress);
  }

  /** The pretended ingress of a frame that a controller made: any VLAN, nothing learned. */
  public static Bundle fromController() {
    return Bundle.trunk(Integer.MAX_VALUE, "OFPP_NONE", 0xffff);
  }

  private Verdict decide(Bundle ingress) {
    mask.cover(Field.ETH_SRC);
    mask.cover(Field.ETH_DST);
    mask.set(Field.VLAN_TCI, mask.get(Field.VLAN_TCI) | VLAN_PRESENT | VID_BITS);
    if (ingress == null) {
      return Verdict.refused(DropReason.INVALID_PORT, null, "no input bundle, dropping");
    }
    int vid = (int) key.get(Field.DL_VLAN);
    if (!ingress.accepts(vid)) {
      return Verdict.refused(
          DropReason.VLAN_NOT_ALLOWED,
          complaint(ingress, vid),
          "disallowed VLAN VID for this input port, dropping");
    }
    boolean real = ingress.id() != Integer.MAX_VALUE;
    if (real && !view.forwardsReservedMulticast() && isReserved(key.get(Field.ETH_DST))) {
      return Verdict.refused(
          DropReason.RESERVED_MULTICAST, null, "packet has reserved destination MAC, dropping");
    }
    return forward(ingress, ingress.vlanOf(vid), real);
  }

  private Verdict forward(Bundle ingress, int vlan, boolean learns) {
    boolean gratuitous = isGratuitousArp();
    MacTable.Sighting sighting =
        learns
            ? new MacTable.Sighting(
                key.get(Field.ETH_SRC),
                vlan,
                ingress.id(),
                gratuitous,
                ingress.members().size() > 1)
            : null;
    int behind = view.macTable().lookup(key.get(Field.ETH_DST), vlan);
    if (behind == MacTable.UNKNOWN) {
      return Verdict.forward(
          "no learned MAC for destination, flooding", sighting, flood(ingress, vlan));
    }
    Bundle target = view.bundle(behind);
    if (target == null) {
      return Verdict.forward("learned port is unknown, dropping", sighting, List.of());
    }
    if (target.id() == ingress.id()) {
      return Verdict.forward("learned port is input port, dropping", sighting, List.of());
    }
    return Verdict.forward("forwarding to learned port", sighting, List.of(egress(target, vlan)));
  }

  private static String complaint(Bundle ingress, int vid) {
    return ingress.mode() == VlanMode.ACCESS
        ? "dropping VLAN %d tagged packet received on port %s configured as VLAN %d access port"
            .formatted(vid, ingress.name(), ingress.tag())
        : "dropping VLAN %d packet received on port %s not configured for trunking VLAN %d"
            .formatted(vid, ingress.name(), vid);
  }

  private List<Egress> flood(Bundle ingress, int vlan) {
    List<Egress> egresses = new ArrayList<>();
    for (Bundle bundle : view.bundles()) {
      if (bundle.id() != ingress.id() && bundle.carries(vlan) && view.floods(bundle)) {
        egresses.add(egress(bundle, vlan));
      }
    }
    return egresses;
  }

  private Egress egress(Bundle bundle, int vlan) {
    int tci = (int) key.get(Field.VLAN_TCI);
    if ((tci & VLAN_PRESENT) != 0 && bundle.vidOf(vlan) == 0) {
      mask.cover(Field.VLAN_TCI);
    }
    return new Egress(bundle, bundle.tciOf(vlan, tci));
  }

  /** A station that tells everybody where it is, as a virtual machine does after it moved. */
  private boolean isGratuitousArp() {
    if (key.get(Field.ETH_TYPE) != ETH_TYPE_ARP || key.get(Field.ETH_DST) != BROADCAST) {
      return false;
    }
    mask.cover(Field.ARP_OP);
    int op = (int) key.get(Field.ARP_OP);
    if (op != ARP_REQUEST) {
      return op == ARP_REPLY;
    }
    mask.cover(Field.ARP_SPA);
    mask.cover(Field.ARP_TPA);
    return key.get(Field.ARP_SPA) == key.get(Field.ARP_TPA);
  }

  /** Group addresses that bridges or their neighbours' discovery protocols consume. */
  private static boolean isReserved(long mac) {
    return (mac & ~0xfL) == IEEE_GROUPS
        || (mac & ~0x7L) == CISCO_FAULT_GROUPS
        || OTHER_RESERVED.contains(mac);
  }
}
