package org.sluice.tools.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A switch between two hosts that lets one of them open connections to the other, hides it behind
 * another address if it is told to, and lets back only answers and what was announced.
 */
final class Firewall {
  /** The host that opens connections. */
  static final int CLIENT = 1;

  /** The host that has servers. */
  static final int SERVER = 2;

  /** What hides the client. */
  static final String HIDDEN = "10.78.0.240";

  /** What hides the client in IPv6. */
  static final String HIDDEN_IPV6 = "fd78::240";

  private static final String CLIENT_MAC = "02:00:00:00:78:01";

  private final Path directory;
  private final List<Process> servers = new ArrayList<>();
  private final Tools tools;
  private Hosts hosts;
  private SluiceProcess sluice;

  private Firewall(Path directory) {
    this.directory = directory;
    this.tools = new Tools(directory);
  }

  /** Makes hosts and switch; skips the test if that is not possible here. */
  static Firewall start(Path directory) throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("ovs-vsctl", "ovs-appctl", "ip");
    Firewall firewall = new Firewall(directory);
    try {
      firewall.begin();
      return firewall;
    } catch (Exception e) {
      firewall.close();
      throw e;
    }
  }

  private void begin() throws Exception {
    hosts = Hosts.make("gw", 2);
    sluice = SluiceProcess.start(directory, "run", "--dir", directory.toString());
    tools.run("ovs-vsctl", "add-br", "br-gw", "--", "set-fail-mode", "br-gw", "secure");
    for (int host : new int[] {CLIENT, SERVER}) {
      tools.addPort("br-gw", hosts.device(host), host);
      hosts.ip(host, "link", "set", "lo", "up");
      hosts.ip(host, "addr", "add", "fd78::" + host + "/64", "dev", "eth0", "nodad");
    }
    for (String address : new String[] {HIDDEN, HIDDEN_IPV6}) {
      hosts.ip(SERVER, "neigh", "add", address, "lladdr", CLIENT_MAC, "dev", "eth0");
    }
  }

  Tools tools() {
    return tools;
  }

  Hosts hosts() {
    return hosts;
  }

  /** Connections that {@code match} picks are opened from host 1 with {@code how}. */
  void open(String match, String how) throws Exception {
    String rules =
        """
        table=0,priority=10,arp actions=normal
        table=0,priority=20,icmp6,icmp_type=135 actions=normal
        table=0,priority=20,icmp6,icmp_type=136 actions=normal
        table=0,priority=10,ip actions=ct(table=1,zone=7,nat)
        table=0,priority=10,ipv6 actions=ct(table=1,zone=7,nat)
        table=1,priority=30,in_port=1,ct_state=+trk+new-rel,MATCH actions=ct(commit,zone=7,HOW),2
        table=1,priority=20,ct_state=+trk+new+rel,ip actions=ct(commit,zone=7,nat),resubmit(,2)
        table=1,priority=20,ct_state=+trk+new+rel,ipv6 actions=ct(commit,zone=7,nat),resubmit(,2)
        table=1,priority=20,ct_state=+trk+est-inv actions=resubmit(,2)
        table=1,priority=0 actions=drop
        table=2,in_port=1 actions=2
        table=2,in_port=2 actions=1
        """;
    Path file = directory.resolve("flows");
    Files.writeString(file, rules.replace("MATCH", match).replace("HOW", how));
    tools.run("ovs-ofctl", "add-flows", "br-gw", file.toString());
  }

  /** Starts a program on the server; it ends with this. */
  void serve(String... command) throws IOException {
    List<String> whole = new ArrayList<>();
    whole.addAll(List.of("ip", "netns", "exec", hosts.namespace(SERVER)));
    whole.addAll(List.of(command));
    Path output = directory.resolve("server" + servers.size() + ".log");
    servers.add(tools.start(output, whole.toArray(String[]::new)));
  }

  /** Waits until somebody listens at a port of the server. */
  void awaitPort(String kind, int port) throws Exception {
    for (int tries = 0; tries < 100; tries++) {
      if (hosts
          .on(SERVER, "ss", "-H", "-n", kind, "sport = :" + port)
          .output()
          .contains("" + port)) {
        return;
      }
      Thread.sleep(100);
    }
    throw new IOException("nobody listens at " + port);
  }

  /** A coverage counter. */
  String counted(String name) throws Exception {
    return tools.run("ovs-appctl", "coverage/read-counter", name).strip();
  }

  /** Ends switch, servers and hosts. */
  void close() throws Exception {
    for (Process server : servers) {
      server.destroy();
      server.waitFor(10, TimeUnit.SECONDS);
    }
    if (sluice != null) {
      sluice.stop();
    }
    if (hosts != null) {
      hosts.close();
    }
  }
}
