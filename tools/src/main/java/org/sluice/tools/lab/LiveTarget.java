package org.sluice.tools.lab;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.base.unixctl.UnixctlServer;
import org.sluice.datapath.datapath.DatapathStatistics;
import org.sluice.datapath.packet.DropReason;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.text.FlowFile;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.ovsdb.client.ClientConfig;
import org.sluice.ovsdb.client.CommitResult;
import org.sluice.ovsdb.client.Edit;
import org.sluice.ovsdb.client.OvsdbClient;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.tools.ovs.EmbeddedSwitch;

/**
 * The lab's switch on real devices: the whole product in this process, configured through its
 * database and driven by OpenFlow, as any user would. Used by one thread.
 */
final class LiveTarget implements SwitchUnderTest {
  static final String BRIDGE = "sl-lab";

  private static final long START_MS = 20_000;
  private static final String PROGRAM = "ovs-vswitchd";

  private final Path policies;
  private final Path directory;
  private final EmbeddedSwitch running;
  private final UnixctlCommands commands;
  private final UnixctlServer control;
  private final OpenFlowClient openflow;

  /**
   * Starts the switch with the three hosts' ports.
   *
   * @param policies the folder of the flow files
   * @param directory for the database and the sockets
   */
  LiveTarget(Path policies, Path directory)
      throws IOException, OvsdbException, InterruptedException {
    this.policies = policies;
    this.directory = directory;
    VlogRegistry registry = new VlogRegistry(Clock.system(), PROGRAM, System.err);
    registry.setLevel(null, LogDestination.CONSOLE, LogLevel.ERR);
    registry.openFile(directory.resolve("ovs-vswitchd.log"));
    commands = new UnixctlCommands("sluice lab");
    control =
        UnixctlServer.start(
            UnixctlServer.defaultPath(directory, PROGRAM), commands, registry.vlog("unixctl"));
    CountDownLatch ready = new CountDownLatch(1);
    running = new EmbeddedSwitch(directory, 1, registry, commands, ready::countDown);
    if (!ready.await(START_MS, TimeUnit.MILLISECONDS)) {
      throw new IOException("the switch did not start within " + START_MS + " ms");
    }
    configure(registry);
    openflow = new OpenFlowClient(directory.resolve(BRIDGE + ".mgmt"));
  }

  /** The folder with the sockets. */
  Path directory() {
    return directory;
  }

  /** Where the control socket is. */
  Path controlSocket() {
    return control.path();
  }

  private void configure(VlogRegistry registry) throws IOException, InterruptedException {
    ClientConfig config =
        ClientConfig.of("unix:" + directory.resolve("db.sock"), ShippedSchemas.openVswitch())
            .monitor("Open_vSwitch", "bridges", "next_cfg", "cur_cfg")
            .monitor("Interface", "name", "ofport", "error");
    try (OvsdbClient client = new OvsdbClient(config, registry.vlog("lab"))) {
      client.start();
      await(client, Snapshot::isComplete, "the database answers");
      CommitResult result = client.commit(bridge(client));
      if (!result.isOk()) {
        throw new IOException("could not configure the bridge: " + result);
      }
      await(client, LiveTarget::isConfigured, "the bridge runs");
      for (var row : client.snapshot().rows("Interface")) {
        if (!row.get("error").isEmpty()) {
          throw new IOException(row.get("error").string());
        }
      }
    }
  }

  private interface Condition {
    boolean holds(Snapshot snapshot);
  }

  private static void await(OvsdbClient client, Condition condition, String what)
      throws IOException, InterruptedException {
    Snapshot seen = client.snapshot();
    long leftMs = START_MS;
    while (!condition.holds(seen)) {
      if (leftMs <= 0) {
        throw new IOException("gave up waiting until " + what);
      }
      seen = client.awaitChange(seen, 100);
      leftMs -= 100;
    }
  }

  private static boolean isConfigured(Snapshot snapshot) {
    var root = snapshot.onlyRow("Open_vSwitch");
    return root != null
        && root.get("cur_cfg").integer(0) == 1
        && snapshot.rows("Interface").stream().noneMatch(row -> row.get("ofport").isEmpty());
  }

  private static Edit bridge(OvsdbClient client) {
    Edit edit = client.edit();
    List<UUID> ports = new ArrayList<>();
    ports.add(port(edit, BRIDGE, "internal", 0));
    int number = 1;
    for (String host : Network.NAMES) {
      ports.add(port(edit, Host.portName(host), "system", number++));
    }
    Edit.NewRow row =
        edit.insert("Bridge")
            .set("name", Datum.of(BRIDGE))
            .set("fail_mode", Datum.of("secure"))
            .set("ports", Datum.ofUuids(ports));
    edit.insert("Open_vSwitch").set("bridges", Datum.of(row.uuid())).set("next_cfg", Datum.of(1));
    return edit;
  }

  private static UUID port(Edit edit, String name, String type, int ofPort) {
    Edit.NewRow device =
        edit.insert("Interface").set("name", Datum.of(name)).set("type", Datum.of(type));
    if (ofPort != 0) {
      device.set("ofport_request", Datum.of(ofPort));
    }
    return edit.insert("Port")
        .set("name", Datum.of(name))
        .set("interfaces", Datum.of(device.uuid()))
        .uuid();
  }

  @Override
  public void install(Policy policy) throws IOException {
    try {
      openflow.replaceFlows(FlowFile.read(policies.resolve(policy.fileName()), Names.NONE));
    } catch (OfSyntaxException e) {
      throw new IOException(e.getMessage(), e);
    }
    command("dpctl/flush-conntrack");
    command("revalidator/purge");
  }

  @Override
  public Counts counts() throws IOException {
    List<RuleCount> rules = new ArrayList<>();
    for (FlowStats flow : openflow.flows()) {
      boolean drops = flow.actions().isEmpty();
      rules.add(new RuleCount(flow.cookie(), drops, flow.counts().packets()));
    }
    Map<String, Long> drops = new TreeMap<>();
    statistics()
        .drops()
        .forEach((DropReason reason, Long count) -> drops.put(reason.counter(), count));
    return new Counts(rules, drops);
  }

  @Override
  public CacheCounts caches() {
    DatapathStatistics now = statistics();
    return new CacheCounts(
        now.hits() + now.misses(), now.microflowHits(), now.megaflowHits(), now.misses());
  }

  private DatapathStatistics statistics() {
    return running.core().datapath().statistics();
  }

  @Override
  public List<String> connections() throws IOException {
    return command("dpctl/dump-conntrack").lines().toList();
  }

  private String command(String name) throws IOException {
    return switch (commands.run(new UnixctlRequest(name, List.of(), false)).join()) {
      case UnixctlReply.Text(String text) -> text;
      case UnixctlReply.LongText(Reader text) -> text.readAllAsString();
      case UnixctlReply.Json(var document) -> document.toString();
      case UnixctlReply.Failure(String error) -> throw new IOException(name + ": " + error);
    };
  }

  @Override
  public void close() throws IOException {
    openflow.close();
    control.close();
    running.close();
  }
}
