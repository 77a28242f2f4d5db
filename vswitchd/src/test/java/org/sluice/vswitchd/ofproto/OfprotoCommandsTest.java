package org.sluice.vswitchd.ofproto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.base.clock.ManualClock;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.sync.Agent;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.datapath.conntrack.ConnectionWalk;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.datapath.DatapathOptions;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.netdev.dummy.DummyNetdev;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.message.CtFlush;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.text.CtFlushText;
import org.sluice.openflow.text.FlowParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.vswitchd.l2.Bundle;

/** A whole switch stepped on one thread, and what it says of itself. */
class OfprotoCommandsTest {
  /** UDP from 10.0.0.1 (station 0a:..:01) to 10.0.0.2 (station 0a:..:02). */
  private static final byte[] FRAME =
      HexFormat.of()
          .parseHex(
              "0a0000000002"
                  + "0a0000000001"
                  + "0800"
                  + "4500001c000000004011"
                  + "66cf"
                  + "0a000001"
                  + "0a000002"
                  + "0001000200080000");

  private static final int SOURCE_PORT = 34;
  private static final String MEMORY = "  Memory: \\d{6,} bytes, \\d{3,} per connection\n";

  private final ManualClock clock = new ManualClock(1_000_000_000L, 0);
  private final SwitchCore core =
      new SwitchCore(
          DatapathOptions.named("netdev@ovs-netdev"),
          new Conntrack(1),
          (where, cause) -> {
            throw new AssertionError(where, cause);
          });
  private final Agent control = core.controlAgent();
  private final UnixctlCommands commands = new UnixctlCommands("test");
  private final DummyNetdev first = new DummyNetdev("p1", 0x0a0000000011L);
  private final DummyNetdev second = new DummyNetdev("p2", 0x0a0000000012L);
  private Ofproto bridge;

  @BeforeEach
  void start() {
    bridge = core.addBridge("br0");
    core.datapath().addPort(first);
    core.datapath().addPort(second);
    core.writer().lock();
    try {
      List<SwitchPort> ports =
          List.of(
              SwitchPort.of(1, "p1", 1, 0x0a0000000011L, 0),
              SwitchPort.of(2, "p2", 2, 0x0a0000000012L, 0));
      List<Bundle> bundles = List.of(Bundle.trunk(0, "p1", 1), Bundle.trunk(1, "p2", 2));
      core.setPorts(bridge, new PortTable(ports, bundles));
    } finally {
      core.writer().unlock();
    }
    List<OfAction> normal = List.of(OfAction.Output.to(OfPort.NORMAL));
    FlowMod mod = FlowMod.builder().match(Match.any()).priority(0).actions(normal).build();
    assertNull(bridge.flowMod(mod, clock.nowNs()));
    new OfprotoCommands(core, clock).registerIn(commands);
  }

  private void step() {
    control.doWork(clock.nowNs());
    core.packetAgents().forEach(agent -> agent.doWork(clock.nowNs()));
  }

  private String run(String command, String... arguments) {
    UnixctlRequest request = new UnixctlRequest(command, List.of(arguments), false);
    CompletableFuture<UnixctlReply> reply = commands.run(request);
    for (int i = 0; i < 10; i++) {
      step();
    }
    return switch (reply.join()) {
      case UnixctlReply.Text(String text) -> text;
      case UnixctlReply.LongText(Reader text) -> read(text);
      case UnixctlReply other -> fail(other.toString());
    };
  }

  private static String read(Reader text) {
    try {
      return text.readAllAsString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Named as commands name them; one of nothing but a zone is the zone's. */
  @Test
  void shouldLogWhichConnectionsAControllerWantsForgotten() throws Exception {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream console = new PrintStream(text, true, UTF_8);
    VlogRegistry logs = new VlogRegistry(clock, "test", console);
    Vlog log = logs.vlog("ct_dpif");
    logs.setLevel(log, LogDestination.CONSOLE, LogLevel.DBG);
    core.logFlushes(log);
    forget();
    forget("zone=6", "mark=30/0");
    forget("mark=0xabc/0xdef");
    forget("zone=5", "ct_nw_src=10.1.1.1,ct_nw_proto=17");

    List<String> lines =
        text.toString(UTF_8).lines().map(line -> line.replaceFirst(".*ct_flush: ", "")).toList();
    assertEquals("<all>", lines.get(0));
    assertEquals("zone 6", lines.get(1));
    assertTrue(lines.get(2).startsWith("zone=0 mark=0xabc/0xdef "), lines.get(2));
    assertTrue(lines.get(3).startsWith("zone=5 'ct_nw_src=10.1.1.1,ct_nw_dst="), lines.get(3));
  }

  private void forget(String... words) throws OfSyntaxException {
    bridge.backend().flushConnections(CtFlushText.parse(List.of(words)));
  }

  /** As Open vSwitch does: with every bit of the packet that they were made for. */
  @Test
  void shouldShowMegaflowsWithTheBitsThatTheyDoNotLookAt() {
    FlowKey key = new FlowKey();
    FlowMask mask = new FlowMask();
    key.set(Field.ETH_TYPE, 0x0800);
    mask.cover(Field.ETH_TYPE);
    key.set(Field.IP_SRC, 0x8000_0000L);
    mask.set(Field.IP_SRC, 0x8000_0000L);
    Match upperHalf = new Match(key, mask);
    FlowMod mod = FlowMod.builder().match(upperHalf).priority(1).actions(List.of()).build();
    assertNull(bridge.flowMod(mod, clock.nowNs()));
    first.inject(FRAME);
    step();
    String flows = run("dpctl/dump-flows");
    assertTrue(flows.contains("ipv4(src=10.0.0.1/128.0.0.0,frag=no)"), flows);
    flows = run("dpctl/dump-flows", "-m", "filter=ip,nw_dst=10.0.0.2");
    assertTrue(flows.contains("ipv4(src=10.0.0.1/128.0.0.0,dst=10.0.0.2/0.0.0.0,"), flows);
    assertEquals("", run("dpctl/dump-flows", "filter=ip,nw_dst=10.0.0.3"));
  }

  @Test
  void shouldShowWhatPacketsDid() {
    first.inject(FRAME);
    step();
    first.inject(FRAME);
    step();
    assertArrayEquals(FRAME, second.takeSent());

    assertEquals("br0\n", run("ofproto/list"));
    assertTrue(run("dpif/show").startsWith("netdev@ovs-netdev: hit:1 missed:1\n  br0:\n"));
    assertTrue(run("dpif/show").contains("    p1 1/1: (dummy)\n"));
    assertTrue(run("dpctl/show").contains("  flows: 1\n  port 1: p1 (dummy)\n"));
    String flows = run("dpctl/dump-flows");
    assertTrue(
        flows.startsWith("flow-dump from the main thread:\nrecirc_id(0),in_port(1),"), flows);
    assertTrue(flows.contains("packets:1, bytes:42, used:0.000s, actions:2"), flows);
    assertTrue(run("dpctl/dump-flows", "filter=ip").contains("actions:2"));
    assertEquals("", run("dpctl/dump-flows", "filter=arp"));
    assertTrue(run("dpif/dump-flows", "-m", "br0").startsWith("ufid:"));
    assertTrue(run("dpctl/dump-flows", "--names").contains("in_port(p1)"));
    assertTrue(run("fdb/show", "br0").contains("    1     0  0a:00:00:00:00:01    0\n"));
    assertEquals(
        "duration=0s, n_packets=2, n_bytes=84, priority=0,actions=NORMAL\n",
        run("bridge/dump-flows", "br0"));
  }

  @Test
  @Timeout(60)
  @SuppressWarnings("LockNotBeforeTry") // the lock is what is tested
  void shouldShowFlowsWhileSomebodyChangesTables() throws InterruptedException {
    first.inject(FRAME);
    step();
    Semaphore done = new Semaphore(0);
    Thread changing =
        Thread.ofPlatform()
            .start(() -> {
              core.writer().lock();
              done.acquireUninterruptibly();
              core.writer().unlock();
            });
    while (!core.writer().isLocked()) {
      Thread.onSpinWait();
    }
    UnixctlRequest request = new UnixctlRequest("bridge/dump-flows", List.of("br0"), false);
    String rules = ((UnixctlReply.Text) commands.run(request).join()).text();
    assertTrue(rules.contains("n_packets=1, n_bytes=42"), rules);
    done.release();
    changing.join();
  }

  @Test
  @Timeout(60)
  @SuppressWarnings("LockNotBeforeTry") // the lock is what is tested
  void shouldGiveTheWriterLockToWhoHasWaitedLongest() throws InterruptedException {
    List<String> order = new CopyOnWriteArrayList<>();
    core.writer().lock();
    Thread waiting =
        Thread.ofPlatform()
            .start(() -> {
              core.writer().lock();
              order.add("waiting");
              core.writer().unlock();
            });
    while (!core.writer().hasQueuedThread(waiting)) {
      Thread.onSpinWait();
    }
    core.writer().unlock();
    core.writer().lock();
    order.add("again");
    core.writer().unlock();
    waiting.join();
    assertEquals(List.of("waiting", "again"), order);
  }

  @Test
  void shouldShowHowMegaflowsAreKept() {
    first.inject(FRAME);
    step();
    run("revalidator/wait");
    assertEquals(
        """
        netdev@ovs-netdev:
          flows         : (current 1) (avg 0) (max 1) (limit 10000)
          dump duration : 1ms
          ufid enabled : true

          0: (keys 1)
        """,
        run("upcall/show"));
    assertEquals("set flow_limit to 5000\n", run("upcall/set-flow-limit", "5000"));
    assertTrue(run("upcall/show").contains("(limit 5000)"));
  }

  @Test
  void shouldForgetMegaflowsWhenPurged() {
    first.inject(FRAME);
    step();
    assertEquals("", run("revalidator/purge"));
    step();
    assertEquals("", run("dpctl/dump-flows"));
  }

  @Test
  void shouldForgetStationsWhenFlushed() {
    first.inject(FRAME);
    step();
    assertEquals("table successfully flushed\n", run("fdb/flush", "br0"));
    assertEquals(1, run("fdb/show", "br0").lines().count());
  }

  @Test
  void shouldRefuseWhatIsNotThere() {
    UnixctlRequest request = new UnixctlRequest("fdb/show", List.of("br9"), false);
    assertEquals(new UnixctlReply.Failure("no such bridge"), commands.run(request).join());
  }

  @Test
  void shouldAnswerAboutConnections() {
    assertEquals("", run("dpctl/dump-conntrack", "zone=5"));
    assertEquals("Connections Stats:\n    Total: 0\n", run("dpctl/ct-stats-show", "zone=5"));
    assertEquals("0\n", run("dpctl/ct-get-nconns"));
    for (String none : List.of("zone=", "zone=,")) {
      assertEquals("default limit=0\n", run("dpctl/ct-get-limits", none));
      assertEquals("", run("dpctl/ct-del-limits", none));
    }
    assertEquals("setting maxconns successful", run("dpctl/ct-set-maxconns", "10"));
    assertEquals("10\n", run("dpctl/ct-get-maxconns"));
    assertEquals("", run("dpctl/flush-conntrack", "ct_nw_src=10.0.0.1,ct_nw_proto=6"));
    assertEquals("", run("dpctl/flush-conntrack", "netdev@ovs-netdev", "zone=1", "labels=1/0xff"));
    assertEquals("", run("dpctl/dump-conntrack-exp", "netdev@ovs-netdev", "zone=5"));
    assertEquals(
        "pools: 0, ports in use: 0, exhausted: 0\n",
        run("dpctl/ct-nat-pools", "netdev@ovs-netdev"));
    assertEquals("Total Buckets: 1\nCurrent Connections: 0\n\n", run("dpctl/ct-bkts", "gt=7"));
    assertEquals("20000", run("dpctl/ct-get-sweep-interval"));
    assertEquals("disabling TCP sequence checking successful", run("dpctl/ct-disable-tcp-seq-chk"));
    assertEquals("TCP sequence checking: disabled\n", run("dpctl/ct-get-tcp-seq-chk"));
  }

  @Test
  void shouldTakeOptionsInFrontOfTheDatapath() {
    assertEquals("", run("dpctl/dump-conntrack", "-ms", "--more", "netdev@ovs-netdev", "zone=5"));
    String status = run("dpctl/ipf-get-status", "-m", "netdev@ovs-netdev");
    assertTrue(status.endsWith("v6 frags purged: 0\n\n        Fragment Lists:\n\n"), status);
    assertFailure("Unrecognized option -x", "dpctl/dump-conntrack", "-mx");
    assertFailure("Unrecognized option --all", "dpctl/ct-get-nconns", "--all");
  }

  @Test
  void shouldHaveNoDatapathWithoutABridge() {
    core.removeBridge("br0");
    assertFailure(
        """
        ovs-vswitchd: no datapaths exist
        ovs-vswitchd: datapath not found (Invalid argument)
        """,
        "dpctl/ct-get-nconns");
  }

  @Test
  void shouldTellWhatTheDatapathCanDo() {
    String features = run("dpif/show-dp-features", "br0");
    assertTrue(features.contains("Conntrack all-zero IP SNAT: Yes\n"), features);
    assertTrue(features.contains("Max dp_hash algorithm: 1\n"), features);
    assertFailure("no such bridge", "dpif/show-dp-features", "br9");
  }

  private void assertFailure(String error, String command, String... arguments) {
    UnixctlRequest request = new UnixctlRequest(command, List.of(arguments), false);
    assertEquals(new UnixctlReply.Failure(error), commands.run(request).join());
  }

  /** Whatever they are, they are listed and flushed a portion at a time. */
  @Test
  void shouldListEachConnectionOnce() throws Exception {
    addFlow("in_port=1,udp,actions=ct(commit,zone=1),normal");
    addFlow("in_port=2,udp,actions=ct(commit),normal");
    int count = 2 * ConnectionWalk.PORTION;
    for (int port = 1; port <= count; port++) {
      send(first, port);
    }
    send(second, 9);

    List<String> all = run("dpctl/dump-conntrack", "-s").lines().toList();
    assertEquals(count + 1, all.size());
    assertEquals(count + 1, Set.copyOf(all).size());
    String line =
        "udp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=9,dport=2),"
            + "reply=(src=10.0.0.2,dst=10.0.0.1,sport=2,dport=9)";
    assertTrue(all.contains(line + ",zone=1,timeout=60"), all.getFirst());
    assertEquals(count, run("dpctl/dump-conntrack", "zone=1").lines().count());
    run("dpctl/flush-conntrack", "zone=1");
    assertEquals(line + "\n", run("dpctl/dump-conntrack"));
  }

  private void addFlow(String flow) throws OfSyntaxException {
    assertNull(
        bridge.flowMod(FlowParser.parse(FlowMod.Command.ADD, flow, Names.NONE), clock.nowNs()));
  }

  private void send(DummyNetdev from, int port) {
    byte[] frame = FRAME.clone();
    ByteBuffer.wrap(frame).putShort(SOURCE_PORT, (short) port);
    from.inject(frame);
    step();
  }

  /** A controller that gives a packet back may have changed it; what it says of it is no matter. */
  @Test
  void shouldGoOnWithThePacketThatAControllerGivesBack() throws Exception {
    addFlow("in_port=1,actions=controller(pause),resubmit(,1)");
    addFlow("table=1,udp,nw_dst=10.0.0.2,reg1=9,actions=output:2");
    Mailbox mailbox = new Mailbox();
    Session controller = new Session(Session.Kind.CONTROLLER, OfVersion.OF13, mailbox);
    bridge.attach(controller);
    first.inject(FRAME);
    step();
    PacketIn told = assertInstanceOf(PacketIn.class, mailbox.read());
    assertNull(second.takeSent());

    MatchBuilder metadata = new MatchBuilder(told.metadata());
    metadata.exact(Field.ETH_TYPE, 0x86dd).exact(Field.REG1, 9);
    NiciraMessage.Resume resume = new NiciraMessage.Resume(with(told, metadata.build()));
    assertNull(
        bridge.handle(new RequestHandler.Request(controller, 1, 100, clock.nowNs()), resume));
    step();
    assertArrayEquals(FRAME, second.takeSent());
  }

  private static PacketIn with(PacketIn told, Match metadata) {
    return new PacketIn(
        told.format(),
        told.data(),
        told.totalBytes(),
        told.bufferId(),
        told.reason(),
        told.table(),
        told.cookie(),
        metadata,
        told.userdata(),
        told.continuation());
  }

  /** A message can name what no command can: a port of whatever protocol. */
  @Test
  void shouldForgetTheConnectionsThatAMessageNames() throws Exception {
    addFlow("in_port=1,udp,actions=ct(commit,zone=1,exec(set_field:7->ct_mark)),normal");
    for (int port = 1; port <= 5; port++) {
      send(first, port);
    }
    CtFlush.Tuple any = CtFlush.Tuple.ANY;
    CtFlush.Address source = CtFlush.Address.ofIpv4(0x0a00_0001);
    CtFlush.Address destination = CtFlush.Address.ofIpv4(0x0a00_0002);
    CtFlush.Tuple whole =
        new CtFlush.Tuple(source, destination, new CtFlush.Ports(2, 2), any.icmp());
    CtFlush.Bits seven = new CtFlush.Bits(0, 7, 0, 0xffff_ffffL);
    CtFlush.Bits eight = new CtFlush.Bits(0, 8, 0, 0xff);

    assertEquals(List.of(2, 3, 4, 5), leftOf(null, 0, ofPorts(1, 0), any, CtFlush.Bits.ANY));
    assertEquals(List.of(2, 3, 4, 5), leftOf(0, 17, whole, any, CtFlush.Bits.ANY));
    assertEquals(List.of(3, 4, 5), leftOf(1, 17, whole, any, CtFlush.Bits.ANY));
    assertEquals(List.of(4, 5), leftOf(1, 0, any, ofPorts(2, 3), CtFlush.Bits.ANY));
    assertEquals(List.of(4, 5), leftOf(2, 0, any, any, CtFlush.Bits.ANY));
    assertEquals(List.of(4, 5), leftOf(null, 6, any, any, CtFlush.Bits.ANY));
    assertEquals(List.of(4, 5), leftOf(null, 1, any, any, seven));
    assertEquals(List.of(4, 5), leftOf(null, 0, any, any, eight));
    assertEquals(List.of(), leftOf(1, 17, any, any, seven));
  }

  private static CtFlush.Tuple ofPorts(int source, int destination) {
    CtFlush.Tuple any = CtFlush.Tuple.ANY;
    return new CtFlush.Tuple(
        any.source(), any.destination(), new CtFlush.Ports(source, destination), any.icmp());
  }

  /** The source ports of the connections that are there after a message. */
  private List<Integer> leftOf(
      Integer zone, int protocol, CtFlush.Tuple original, CtFlush.Tuple reply, CtFlush.Bits mark) {
    bridge
        .backend()
        .flushConnections(new CtFlush(zone, protocol, original, reply, mark, CtFlush.Bits.ANY));
    return run("dpctl/dump-conntrack")
        .lines()
        .map(line -> Integer.valueOf(line.replaceFirst(".*?sport=(\\d+).*", "$1")))
        .sorted()
        .toList();
  }

  @Test
  void shouldCountAndTellWhatHappensToConnections() throws Exception {
    addFlow("udp,actions=ct(commit,zone=5,exec(set_field:7->ct_mark)),normal");
    assertEquals("", run("dpctl/ct-events"));
    first.inject(FRAME);
    step();
    String line =
        "udp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=1,dport=2),"
            + "reply=(src=10.0.0.2,dst=10.0.0.1,sport=2,dport=1),zone=5,mark=7\n";
    assertEquals("[NEW] " + line, run("dpctl/ct-events"));
    String counts = "Connections Stats:\n    Total: 1\n  UDP: 1\n";
    assertEquals(counts, run("dpctl/ct-stats-show", "zone=5"));
    String all = run("dpctl/ct-stats-show");
    assertTrue(all.startsWith(counts), all);
    assertTrue(all.substring(counts.length()).matches(MEMORY), all);
    run("dpctl/flush-conntrack");
    assertEquals("[DESTROY] " + line, run("dpctl/ct-events"));
    assertEquals("", run("dpctl/ct-events", "off"));
    first.inject(FRAME);
    step();
    assertEquals("", run("dpctl/ct-events"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "dpctl/flush-conntrack bogus; field bogus missing value",
        "dpctl/flush-conntrack ct_nw_src=10.0; failed to parse field ct_nw_src",
        "dpctl/flush-conntrack zone=invalid; failed to parse zone",
        "dpctl/flush-conntrack mark=invalid; failed to parse mark",
        "dpctl/flush-conntrack labels=0x1/; failed to parse labels",
        "dpctl/flush-conntrack zone=1 ct_nw_src=1.1.1.1 ct_nw_dst=1.1.1.1 x; invalid arguments",
        "dpctl/dump-conntrack bogus; datapath not found",
        "dpctl/ct-get-nconns bogus; datapath not found",
        "dpctl/ct-set-maxconns bogus 1; datapath not found",
        "dpctl/ct-set-maxconns bogus; maxconns missing or malformed",
        "dpctl/dump-conntrack zone=x; datapath not found",
        "dpctl/dump-conntrack-exp zone=1 bogus; datapath not found",
        "dpctl/ct-stats-show zone=x; datapath not found",
        "dpctl/ct-bkts gt=x; datapath not found",
        "dpctl/ct-nat-pools bogus; datapath not found",
        "dpctl/ct-enable-tcp-seq-chk bogus; datapath not found",
        "dpctl/ct-get-tcp-seq-chk bogus; datapath not found",
        "dpctl/ct-set-sweep-interval 0; invalid sweep value",
        "dpctl/ct-set-limits netdev@ovs-netdev; too few arguments",
        "dpctl/ct-set-limits default=x; invalid default limit",
        "dpctl/ct-set-limits zone=1; failed to parse zone limit",
        "dpctl/ct-set-limits zone=1,limit=; field limit missing value",
        "dpctl/ct-set-limits zone=x,limit=1; failed to parse field zone",
        "dpctl/ct-set-limits zone=1,limits=1; invalid zone limit field: limits",
        "dpctl/ct-del-limits netdev@ovs-netdev; too few arguments",
        "dpctl/ct-del-limits bogus; invalid argument bogus",
        "dpctl/ct-del-limits bogus zone=1; invalid argument bogus",
        "dpctl/ct-del-limits default bogus zone=1; invalid argument bogus",
        "dpctl/ct-get-limits bogus zone=1; datapath not found",
        "dpctl/ct-get-limits zone=x; invalid zone",
        "dpctl/ipf-set-enabled v5; parameter missing: 'v4' for IPv4 or 'v6' for IPv6",
        "dpctl/ipf-set-min-frag v5 500; parameter missing: v4 for IPv4 or v6 for IPv6",
        "dpctl/ipf-set-min-frag v4 x; parameter missing for minimum fragment size",
        "dpctl/ipf-set-max-nfrags x; parameter missing for maximum fragments",
      })
  void shouldSayWhatIsWrongAboutArguments(String line, String why) {
    List<String> words = List.of(line.split(" ", -1));
    UnixctlRequest bad =
        new UnixctlRequest(words.getFirst(), words.subList(1, words.size()), false);
    assertEquals(
        new UnixctlReply.Failure("ovs-vswitchd: " + why + " (Invalid argument)\n"),
        commands.run(bad).join());
  }
}
