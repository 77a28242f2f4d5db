package org.sluice.datapath.conntrack.alg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which gateways read connections that ask for none, by the port that they are opened to.
 *
 * <pre>
 *   sip,irc:7000        SIP at its own port, IRC at port 7000
 * </pre>
 */
public final class GatewayPorts {
  /** No connection is read that does not ask for it. */
  public static final GatewayPorts NONE = new GatewayPorts(new Gateway[0], new int[0]);

  private static final int MAX_ENTRIES = 32;

  private final Gateway[] gateways;
  private final int[] ports;

  private GatewayPorts(Gateway[] gateways, int[] ports) {
    this.gateways = gateways;
    this.ports = ports;
  }

  /** Reads a list as drawn above; empty if it has an error. An empty list is {@link #NONE}. */
  public static Optional<GatewayPorts> parse(String list) {
    List<Gateway> gateways = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (String entry : list.split("[,\\s]+", -1)) {
      int colon = entry.indexOf(':');
      Optional<Gateway> gateway = Gateway.named(colon < 0 ? entry : entry.substring(0, colon));
      int port =
          colon < 0 ? gateway.map(Gateway::port).orElse(0) : port(entry.substring(colon + 1));
      if (!entry.isEmpty()) {
        if (gateway.isEmpty() || port == 0 || gateways.size() == MAX_ENTRIES) {
          return Optional.empty();
        }
        gateways.add(gateway.get());
        ports.add(port);
      }
    }
    int[] numbers = ports.stream().mapToInt(Integer::intValue).toArray();
    return Optional.of(new GatewayPorts(gateways.toArray(Gateway[]::new), numbers));
  }

  private static int port(String text) {
    boolean isNumber = text.matches("[0-9]{1,5}");
    int port = isNumber ? Integer.parseInt(text) : 0;
    return port <= 0xffff ? port : 0;
  }

  /** The gateway for a connection to {@code port}; {@link Gateway#NONE} if none is meant. */
  public Gateway at(int protocol, int port) {
    for (int i = 0; i < ports.length; i++) {
      if (ports[i] == port && gateways[i].reads(protocol)) {
        return gateways[i];
      }
    }
    return Gateway.NONE;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GatewayPorts that
        && Arrays.equals(gateways, that.gateways)
        && Arrays.equals(ports, that.ports);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(gateways) * 31 + Arrays.hashCode(ports);
  }
}
