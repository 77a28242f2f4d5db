package org.sluice.vswitchd.bridge;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.sluice.base.clock.Clock;
import org.sluice.base.clock.WarpClock;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.stream.TlsSettings;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.text.FlowParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.ovsdb.client.ClientConfig;
import org.sluice.ovsdb.client.CommitResult;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.client.OvsdbClient;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.server.OvsdbServer;
import org.sluice.ovsdb.server.ServerConfig;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.transaction.Row;

/**
 * A database and the whole switch with devices of nothing, in the test's own process, whose clock
 * stands: bridge {@code br0} with port 1, {@code p1}.
 */
final class DummySwitch implements AutoCloseable {
  private static final long PATIENCE_MS = 20_000;

  private final DatabaseSchema schema = ShippedSchemas.openVswitch();
  private final UnixctlCommands commands = new UnixctlCommands("test");
  private final WarpClock clock = new WarpClock(Clock.system());
  private final OvsdbServer server;
  private final OvsdbClient client;
  private final Vswitchd vswitchd;

  /** Starts it; its files are in {@code directory}. */
  DummySwitch(Path directory) throws Exception {
    VlogRegistry logs = new VlogRegistry(Clock.system(), "test", System.err);
    logs.setLevel(null, LogDestination.CONSOLE, LogLevel.ERR);
    Path file = directory.resolve("conf.db");
    DatabaseFile.create(file, schema);
    server = new OvsdbServer(ServerConfig.in(directory), Clock.system(), logs.vlog("ovsdb"));
    server.addDatabase(file);
    server.addRemote("punix:db.sock");
    String remote = "unix:" + directory.resolve("db.sock");
    client = new OvsdbClient(ClientConfig.of(remote, schema).monitorAll(), logs.vlog("idl"));
    client.start();
    await(Snapshot::isConnected);
    commit(draft -> addBridge(draft, draft.insert("Open_vSwitch")));
    Vswitchd.Options options =
        new Vswitchd.Options(directory, remote, 1, DummyMode.OVERRIDE, TlsSettings.NONE);
    CompletableFuture<Void> ready = new CompletableFuture<>();
    vswitchd = new Vswitchd(options, clock, logs, commands, () -> ready.complete(null));
    vswitchd.start();
    ready.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    await(_ -> ofPort("p1") > 0);
    run("time/stop");
  }

  private static void addBridge(Draft draft, Row root) {
    Row bridge = draft.insert("Bridge");
    draft.set(bridge, "name", Datum.of("br0"));
    draft.set(bridge, "fail_mode", Datum.of("secure"));
    addPort(draft, bridge, "br0", "internal");
    addPort(draft, bridge, "p1", "dummy");
    draft.set(root, "bridges", Datum.of(bridge.uuid()));
  }

  private static Row addPort(Draft draft, Row bridge, String name, String type) {
    Row device = draft.insert("Interface");
    draft.set(device, "name", Datum.of(name));
    draft.set(device, "type", Datum.of(type));
    Row port = draft.insert("Port");
    draft.set(port, "name", Datum.of(name));
    draft.set(port, "interfaces", Datum.of(device.uuid()));
    draft.insertInto(bridge, "ports", Datum.of(port.uuid()));
    return device;
  }

  /** Adds a port to the bridge in a draft; its interface. */
  static Row addPort(Draft draft, String name) {
    return addPort(draft, draft.rows("Bridge").getFirst(), name, "dummy");
  }

  /** The OpenFlow number of a port; -1 where it has none. */
  long ofPort(String name) {
    return client.snapshot().rows("Interface").stream()
        .filter(row -> row.get("name").string().equals(name))
        .findFirst()
        .orElseThrow()
        .get("ofport")
        .integer(-1);
  }

  /** The database as it is. */
  Snapshot database() {
    return client.snapshot();
  }

  /** Waits until the database is as it should be. */
  void await(Predicate<Snapshot> wanted) throws InterruptedException {
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    Snapshot seen = client.snapshot();
    while (!wanted.test(seen)) {
      assertTrue(System.nanoTime() < endNs, "the database does not come to what was awaited");
      seen = client.awaitChange(seen, PATIENCE_MS);
    }
  }

  private CommitResult.Committed commit(Consumer<Draft> changes) throws InterruptedException {
    CommitResult result =
        client.transact(
            snapshot -> {
              Draft draft = new Draft(schema, snapshot);
              changes.accept(draft);
              return draft.toEdit();
            },
            10);
    return assertInstanceOf(CommitResult.Committed.class, result);
  }

  /** Changes the database, and returns when the switch runs what it says. */
  void change(Consumer<Draft> changes) throws InterruptedException {
    long wanted =
        commit(
                draft -> {
                  changes.accept(draft);
                  draft.increment(root(draft), "next_cfg");
                })
            .incremented();
    await(snapshot -> snapshot.onlyRow("Open_vSwitch").get("cur_cfg").integer(0) >= wanted);
  }

  /** The row that everything hangs from. */
  static Row root(Draft draft) {
    return draft.rows("Open_vSwitch").getFirst();
  }

  /** Adds a flow to the bridge. */
  void addFlow(String flow) throws OfSyntaxException {
    FlowMod mod = FlowParser.parse(FlowMod.Command.ADD, flow, Names.NONE);
    assertNull(vswitchd.core().bridge("br0").flowMod(mod, clock.nowNs()));
  }

  /** Lets a packet arrive at port 1, and returns when it is through. */
  void receive(String packet) throws Exception {
    run("netdev-dummy/receive", "p1", packet);
  }

  /** Runs a command as {@code ovs-appctl} would; what it prints. */
  String run(String command, String... arguments) throws Exception {
    return switch (reply(command, arguments)) {
      case UnixctlReply.Text(String text) -> text;
      case UnixctlReply.LongText(Reader text) -> text.readAllAsString();
      case UnixctlReply other -> fail(other.toString());
    };
  }

  /** What becomes of a command, printed or refused. */
  UnixctlReply reply(String command, String... arguments) throws Exception {
    UnixctlRequest request = new UnixctlRequest(command, List.of(arguments), false);
    return commands.run(request).get(PATIENCE_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    vswitchd.close();
    client.close();
    server.close();
  }
}
