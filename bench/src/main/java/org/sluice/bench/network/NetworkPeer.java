package org.sluice.bench.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.sluice.bench.peer.SwitchPeer;

/** What can stand between the two hosts. */
enum NetworkPeer {
  SLUICE("sluice", "", true),
  OVS("ovs", "system", false),
  OVS_AFXDP("ovs-afxdp", "afxdp", false),
  BRIDGE("bridge", "", true);

  private final String title;
  private final String interfaceType;
  private final boolean offloads;

  NetworkPeer(String title, String interfaceType, boolean offloads) {
    this.title = title;
    this.interfaceType = interfaceType;
    this.offloads = offloads;
  }

  /** The names that {@code --against} knows. */
  static List<NetworkPeer> against(String name) throws IOException {
    return switch (name) {
      case "ovs" -> List.of(OVS, OVS_AFXDP, BRIDGE);
      case "ovs-afpacket" -> List.of(OVS);
      case "ovs-afxdp" -> List.of(OVS_AFXDP);
      case "bridge" -> List.of(BRIDGE);
      default ->
          throw new IOException(
              "--against " + name + ": the peers are ovs, ovs-afpacket, ovs-afxdp and bridge");
    };
  }

  String title() {
    return title;
  }

  /**
   * Whether hosts may leave checksums and segmentation to devices. Debian's Open vSwitch takes the
   * unfinished checksums of a veth for broken ones, and AF_XDP knows nothing of them.
   */
  boolean offloads(String ourType) {
    return offloads && !(this == SLUICE && ourType.equals("afxdp"));
  }

  /** Connects the hosts of {@code site}. */
  Middle connect(Site site, String ourType, Path folder) throws IOException {
    return switch (this) {
      case SLUICE -> new SwitchMiddle(SwitchPeer.ours(), ourType, site, folder);
      case OVS, OVS_AFXDP -> new SwitchMiddle(SwitchPeer.installed(), interfaceType, site, folder);
      case BRIDGE -> new BridgeMiddle(site, folder);
    };
  }

  /** How many times better than this ours should be; 0 where nothing is asked for. */
  double wanted(NetworkFigure figure) {
    return switch (figure) {
      case TCP -> choose(5, 3, 0.8);
      case UDP_DELIVERED -> choose(2, 1.5, 0.8);
      case CONNECTIONS -> choose(3, 3, 1);
      case DELAY_MEDIAN, DELAY_99, DELAY_999, DELAY_MOST -> choose(1 / 1.2, 0, 0);
      default -> 0;
    };
  }

  private double choose(double ovs, double afxdp, double bridge) {
    return switch (this) {
      case SLUICE -> 0;
      case OVS -> ovs;
      case OVS_AFXDP -> afxdp;
      case BRIDGE -> bridge;
    };
  }
}
