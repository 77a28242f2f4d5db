package org.sluice.tools.system;

import java.io.IOException;
import java.nio.file.Path;
import org.sluice.base.linux.Netlink;
import org.sluice.base.linux.NetworkNamespace;

/**
 * Hosts in network namespaces of their own, numbered from 1. Each has {@code eth0}, the other end
 * of a device here that a switch can take. What an earlier, killed run left is removed first.
 */
final class Hosts implements AutoCloseable {
  private final String prefix;
  private final int count;
  private final Tools tools = new Tools(Path.of("/"));

  private Hosts(String prefix, int count) {
    this.prefix = prefix;
    this.count = count;
  }

  /** Makes {@code count} hosts; {@code prefix} tells them from those of other tests. */
  static Hosts make(String prefix, int count) throws Exception {
    Hosts hosts = new Hosts("sl-" + prefix, count);
    hosts.close();
    for (int host = 1; host <= count; host++) {
      NetworkNamespace.create(hosts.namespace(host)).close();
      hosts.plug(host);
    }
    return hosts;
  }

  /** Joins a host to a new device here. */
  void plug(int host) throws Exception {
    try (NetworkNamespace namespace = NetworkNamespace.open(namespace(host));
        Netlink netlink = Netlink.open()) {
      netlink.createVeth(device(host), "eth0", namespace);
      netlink.setUp(device(host), true);
    }
    ip(host, "link", "set", "eth0", "address", "02:00:00:00:78:0" + host);
    ip(host, "addr", "add", address(host) + "/24", "dev", "eth0");
    ip(host, "link", "set", "eth0", "up");
  }

  /** Deletes a host's device, and with it what is at the other end. */
  void unplug(int host) throws IOException {
    delete(device(host));
  }

  private static void delete(String device) throws IOException {
    try (Netlink netlink = Netlink.open()) {
      if (netlink.linkIndex(device) != 0) {
        netlink.deleteLink(device);
      }
    }
  }

  /** Makes a pair of devices here that are the ends of one wire. */
  void plugWire() throws Exception {
    tools.run("ip", "link", "add", wire(1), "type", "veth", "peer", "name", wire(2));
    tools.run("ip", "link", "set", wire(1), "up");
    tools.run("ip", "link", "set", wire(2), "up");
  }

  /** An end of that wire, 1 or 2. */
  String wire(int end) {
    return prefix + "-w" + end;
  }

  /** The end of a host's wire that is here. */
  String device(int host) {
    return prefix + host;
  }

  /** Where a host lives. */
  String namespace(int host) {
    return prefix + host;
  }

  String address(int host) {
    return "10.78.0." + host;
  }

  /** Runs {@code ip} for a host. */
  void ip(int host, String... words) throws Exception {
    String[] command = new String[words.length + 3];
    command[0] = "ip";
    command[1] = "-n";
    command[2] = namespace(host);
    System.arraycopy(words, 0, command, 3, words.length);
    tools.run(command);
  }

  /** Runs a program on a host. */
  Tools.Result on(int host, String... words) throws Exception {
    String[] command = new String[words.length + 4];
    command[0] = "ip";
    command[1] = "netns";
    command[2] = "exec";
    command[3] = namespace(host);
    System.arraycopy(words, 0, command, 4, words.length);
    return tools.attempt(command);
  }

  /** Whether a host gets an answer of another one within some seconds. */
  boolean pings(int from, int to) throws Exception {
    return pings(from, to, 4);
  }

  /** Whether a host gets no answer of another one for a second. */
  boolean isCutOff(int from, int to) throws Exception {
    return !pings(from, to, 1);
  }

  private boolean pings(int from, int to, int seconds) throws Exception {
    String deadline = Integer.toString(seconds);
    return on(from, "ping", "-c", "1", "-i", "0.2", "-w", deadline, address(to)).status() == 0;
  }

  @Override
  public void close() throws IOException {
    delete(wire(1));
    for (int host = 1; host <= count; host++) {
      unplug(host);
      if (NetworkNamespace.list().contains(namespace(host))) {
        NetworkNamespace.delete(namespace(host));
      }
    }
  }
}
