package org.sluice.tools.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.base.clock.Clock;

/**
 * Debian's Open vSwitch with its user-space datapath, driven by its own tools: the oracle of the
 * lab.
 */
final class OvsPeer implements SwitchUnderTest {
  private static final String BRIDGE = "sl-ovs";
  private static final Pattern RULE =
      Pattern.compile("cookie=(0x[0-9a-f]+).*n_packets=(\\d+).*actions=(.*)");

  private final Path policies;
  private final Path directory = Files.createTempDirectory("ovs-peer");

  OvsPeer(Path policies) throws IOException {
    this.policies = policies;
    String database = directory.resolve("conf.db").toString();
    tool("ovsdb-tool", "create", database, "/usr/share/openvswitch/vswitch.ovsschema");
    String socket = directory.resolve("db.sock").toString();
    tool(
        "ovsdb-server",
        database,
        "--detach",
        "--no-chdir",
        "--pidfile",
        "--remote=punix:" + socket);
    tool("ovs-vsctl", "--no-wait", "init");
    tool(
        "ovs-vswitchd",
        "unix:" + socket,
        "--detach",
        "--no-chdir",
        "--pidfile",
        "--log-file",
        "--disable-system");
    tool(
        "ovs-vsctl",
        "add-br",
        BRIDGE,
        "--",
        "set",
        "bridge",
        BRIDGE,
        "datapath_type=netdev",
        "fail_mode=secure");
    int number = 1;
    for (String name : Network.NAMES) {
      String port = Host.portName(name);
      tool(
          "ovs-vsctl",
          "add-port",
          BRIDGE,
          port,
          "--",
          "set",
          "interface",
          port,
          "ofport_request=" + number++);
    }
  }

  private List<String> tool(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    for (String variable : List.of("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR")) {
      builder.environment().put(variable, directory.toString());
    }
    Path output = directory.resolve("output");
    builder.redirectOutput(output.toFile());
    try {
      int status = builder.start().waitFor();
      List<String> lines = Files.readAllLines(output);
      if (status != 0) {
        throw new IOException(Arrays.toString(command) + ": " + lines);
      }
      return lines;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void install(Policy policy) throws IOException {
    tool("ovs-ofctl", "del-flows", BRIDGE);
    tool("ovs-ofctl", "add-flows", BRIDGE, policies.resolve(policy.fileName()).toString());
    tool("ovs-appctl", "dpctl/flush-conntrack");
  }

  @Override
  public Counts counts() throws IOException {
    tool("ovs-appctl", "revalidator/purge");
    Map<String, RuleCount> rules = new TreeMap<>();
    for (String line : tool("ovs-ofctl", "dump-flows", BRIDGE)) {
      Matcher rule = RULE.matcher(line);
      if (rule.find()) {
        long cookie = Long.decode(rule.group(1));
        boolean drops = rule.group(3).equals("drop");
        rules.merge(
            rule.group(1),
            new RuleCount(cookie, drops, Long.parseLong(rule.group(2))),
            (a, b) -> new RuleCount(cookie, drops, a.packets() + b.packets()));
      }
    }
    return new Counts(new ArrayList<>(rules.values()), Map.of());
  }

  @Override
  public CacheCounts caches() {
    return new CacheCounts(0, 0, 0, 0);
  }

  @Override
  public List<String> connections() throws IOException {
    return tool("ovs-appctl", "dpctl/dump-conntrack");
  }

  @Override
  public void close() throws IOException {
    tool("ovs-appctl", "exit", "--cleanup");
    tool("ovs-appctl", "-t", "ovsdb-server", "exit");
  }

  /**
   * Runs the lab against Debian's switch and prints the table: {@code OvsPeer POLICIES [CAPTURES]};
   * with a second folder, the stateful policy's probes are recorded there.
   */
  public static void main(String[] arguments) throws Exception {
    Clock clock = Clock.system();
    try (Network network = new Network(clock);
        OvsPeer peer = new OvsPeer(Path.of(arguments[0]))) {
      // Its user-space datapath takes no frames whose checksum a device was to fill in.
      for (String name : Network.NAMES) {
        String namespace = Host.namespaceName(name);
        peer.tool("ip", "netns", "exec", namespace, "ethtool", "-K", "eth0", "tx", "off");
      }
      Prober prober = new LiveProber(network);
      if (arguments.length > 1) {
        Captures captures = new Captures(Path.of(arguments[1]));
        prober = new RecordingProber(prober, network, captures);
      }
      new Report(new Lab(peer, prober, System.err::println).run()).print(System.out);
    }
  }
}
