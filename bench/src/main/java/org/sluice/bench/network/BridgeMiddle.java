package org.sluice.bench.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sluice.bench.contest.ServerProcess;
import org.sluice.bench.peer.CollectorPause;

/**
 * The kernel's bridge, with the same policy for nftables. A kernel that cannot track connections in
 * the bridge's own hooks (NF_CONNTRACK_BRIDGE) does it in those of IP, where bridged packets are
 * taken on request (BRIDGE_NETFILTER). It ends with its namespace.
 */
final class BridgeMiddle implements Middle {
  private static final Path IN_HOOKS_OF_IP =
      Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");
  private static final String RULES =
      """
      table %s filter {
        chain forward {
          type filter hook forward priority 0; policy drop;
          %s
          ct state established,related accept
          ct state new accept
        }
      }
      """;

  BridgeMiddle(Site site, Path folder) throws IOException {
    site.inMiddle("ip link add br0 type bridge");
    for (String device : new String[] {Site.LEFT_PORT, Site.RIGHT_PORT}) {
      site.inMiddle("ip link set " + device + " master br0");
    }
    site.inMiddle("ip link set br0 up");
    String nft = ServerProcess.installed("nft", "nftables") + " -f ";
    Path own = Files.writeString(folder.resolve("bridge.nft"), rules("bridge"));
    Path ofIp = Files.writeString(folder.resolve("ip.nft"), rules("ip"));
    try {
      site.inMiddle(nft + own);
    } catch (IOException e) {
      site.middle().call(() -> Files.writeString(IN_HOOKS_OF_IP, "1"));
      site.inMiddle(nft + ofIp);
    }
  }

  private static String rules(String family) {
    return RULES.formatted(family, family.equals("bridge") ? "ether type arp accept" : "");
  }

  @Override
  public double processorSeconds() {
    return Double.NaN;
  }

  @Override
  public List<CollectorPause> collectorPauses() {
    return List.of();
  }

  @Override
  public void close() {}
}
