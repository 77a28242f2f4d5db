package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.match.Prerequisites;

/**
 * What a switch has to let through so that the host it runs on reaches its controllers by way of
 * the switch itself, whatever the controllers' own rules say (Open vSwitch's design document,
 * "In-Band Control"): DHCP and ARP of the local port, ARP that asks for or comes from a controller
 * or the gateway on the way to it, and the connection itself.
 */
final class InBandRules {
  /** A match and its priority, above all that controllers may use. */
  record Wanted(Match match, int priority) {}

  /** A controller: its IPv4 address and TCP port. */
  record Remote(int address, int port) {}

  private static final int FROM_LOCAL_DHCP = 180_000;
  private static final int TO_LOCAL_ARP = 180_001;
  private static final int FROM_LOCAL_ARP = 180_002;
  private static final int TO_NEXT_HOP_ARP = 180_003;
  private static final int FROM_NEXT_HOP_ARP = 180_004;
  private static final int TO_REMOTE_ARP = 180_005;
  private static final int FROM_REMOTE_ARP = 180_006;
  private static final int TO_REMOTE_TCP = 180_007;
  private static final int FROM_REMOTE_TCP = 180_008;

  private static final int ARP_REQUEST = 1;
  private static final int ARP_REPLY = 2;
  private static final int DHCP_SERVER = 67;
  private static final int DHCP_CLIENT = 68;

  private final List<Wanted> wanted = new ArrayList<>();

  private InBandRules() {}

  /**
   * The rules; none where there is no controller.
   *
   * @param localMac the local port's address; 0 while it has none
   * @param nextHops the addresses of the hosts on the way to the controllers, as far as known
   */
  static List<Wanted> of(long localMac, Set<Long> nextHops, Set<Remote> remotes) {
    InBandRules rules = new InBandRules();
    if (!remotes.isEmpty()) {
      if (localMac != 0) {
        rules.addLocal(localMac);
      }
      nextHops.forEach(rules::addNextHop);
      Set<Integer> addresses = new TreeSet<>();
      remotes.forEach(remote -> addresses.add(remote.address()));
      addresses.forEach(rules::addRemote);
      remotes.forEach(rules::addConnection);
    }
    return rules.wanted;
  }

  private void add(MatchBuilder match, int priority) {
    wanted.add(new Wanted(match.build(), priority));
  }

  private void addLocal(long mac) {
    add(
        ip(Prerequisites.PROTO_UDP)
            .exact(Field.IN_PORT, OfPort.LOCAL)
            .exact(Field.ETH_SRC, mac)
            .exact(Field.UDP_SRC, DHCP_CLIENT)
            .exact(Field.UDP_DST, DHCP_SERVER),
        FROM_LOCAL_DHCP);
    add(arp(ARP_REPLY).exact(Field.ETH_DST, mac), TO_LOCAL_ARP);
    add(arp(ARP_REQUEST).exact(Field.ETH_SRC, mac), FROM_LOCAL_ARP);
  }

  private void addNextHop(long mac) {
    add(arp(ARP_REPLY).exact(Field.ETH_DST, mac), TO_NEXT_HOP_ARP);
    add(arp(ARP_REQUEST).exact(Field.ETH_SRC, mac), FROM_NEXT_HOP_ARP);
  }

  private void addRemote(int address) {
    long bits = Integer.toUnsignedLong(address);
    add(arp(ARP_REPLY).exact(Field.ARP_TPA, bits), TO_REMOTE_ARP);
    add(arp(ARP_REQUEST).exact(Field.ARP_SPA, bits), FROM_REMOTE_ARP);
  }

  private void addConnection(Remote remote) {
    long bits = Integer.toUnsignedLong(remote.address());
    add(
        ip(Prerequisites.PROTO_TCP).exact(Field.IP_DST, bits).exact(Field.TCP_DST, remote.port()),
        TO_REMOTE_TCP);
    add(
        ip(Prerequisites.PROTO_TCP).exact(Field.IP_SRC, bits).exact(Field.TCP_SRC, remote.port()),
        FROM_REMOTE_TCP);
  }

  private static MatchBuilder ip(int protocol) {
    return new MatchBuilder()
        .exact(Field.ETH_TYPE, Prerequisites.ETH_TYPE_IPV4)
        .exact(Field.NW_PROTO, protocol);
  }

  private static MatchBuilder arp(int operation) {
    return new MatchBuilder()
        .exact(Field.ETH_TYPE, Prerequisites.ETH_TYPE_ARP)
        .exact(Field.ARP_OP, operation);
  }
}
