package org.sluice.vswitchd.ofproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.base.clock.Clock;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.PacketIn;
import org.sluice.vswitchd.classifier.TableVersions;
import org.sluice.vswitchd.translate.PacketInEvent;

/** Debian's {@code ovs-ofctl} talks to the switch's management socket. */
class OvsOfctlTest {
  private static final Path OVS_OFCTL = Path.of("/usr/bin/ovs-ofctl");

  @TempDir Path directory;

  private final FakeBackend backend = new FakeBackend();
  private OfprotoConnections connections;
  private Ofproto ofproto;

  /** What a program printed, and its exit code. */
  private record Result(int code, String text) {}

  @BeforeEach
  void start() throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(OVS_OFCTL), "ovs-ofctl is not installed");
    ReentrantLock writer = new ReentrantLock();
    ofproto = new Ofproto("br0", writer, new ChangeSequence(), new TableVersions(), backend);
    connections = TestConnections.of(ofproto, directory, Clock.system(), System.err);
    connections.setControllers(List.of(), true);
    writer.lock();
    try {
      ofproto.configure(SwitchSettings.of(0x0000_0a00_0000_0001L));
      long nowNs = Clock.system().nowNs();
      SwitchPort first = SwitchPort.of(1, "p1", 1, 0x0a0000000011L, nowNs);
      SwitchPort local = SwitchPort.of(0xfffe, "br0", 100, 0x0a0000000001L, nowNs);
      ofproto.setPorts(new PortTable(List.of(first, local), List.of()));
    } finally {
      writer.unlock();
    }
    connections.open();
  }

  @AfterEach
  void stop() {
    if (connections != null) {
      connections.close();
    }
  }

  private String run(String... arguments) throws Exception {
    Result result = attempt(arguments);
    assertEquals(0, result.code, result.text);
    return result.text;
  }

  private Result attempt(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(OVS_OFCTL.toString(), "--timeout=10"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("OVS_RUNDIR", directory.toString());
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    return new Result(process.exitValue(), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"OpenFlow10", "OpenFlow13", "OpenFlow14", "OpenFlow15"})
  void shouldShowRuleWhenAdded(String version) throws Exception {
    run("-O", version, "add-flow", "br0", "table=1,priority=7,tcp,tp_dst=80,actions=output:1");
    run("-O", version, "add-flow", "br0", "cookie=0x5,arp,idle_timeout=60,actions=NORMAL");

    String dump = run("-O", version, "dump-flows", "br0");
    assertTrue(dump.contains("table=1,"), dump);
    assertTrue(dump.contains("priority=7,tcp,tp_dst=80 actions=output:"), dump);
    assertTrue(dump.contains("cookie=0x5"), dump);
    assertTrue(dump.contains("idle_timeout=60"), dump);
    assertTrue(dump.contains("arp actions=NORMAL"), dump);

    run("-O", version, "mod-flows", "br0", "table=1,tcp,actions=drop");
    assertTrue(run("-O", version, "dump-flows", "br0", "table=1").contains("actions=drop"));
    assertTrue(run("-O", version, "dump-aggregate", "br0").contains("flow_count=2"));
    run("-O", version, "--strict", "del-flows", "br0", "table=1,priority=7,tcp,tp_dst=80");
    run("-O", version, "del-flows", "br0");
    assertTrue(run("-O", version, "dump-aggregate", "br0").contains("flow_count=0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"OpenFlow10", "OpenFlow13", "OpenFlow15"})
  void shouldDescribeItself(String version) throws Exception {
    String show = run("-O", version, "show", "br0");
    assertTrue(show.contains("dpid:00000a0000000001"), show);
    assertTrue(show.contains("n_tables:254, n_buffers:0"), show);
    assertTrue(show.contains("1(p1): addr:0a:00:00:00:00:11"), show);
    assertTrue(show.contains("LOCAL(br0)"), show);
    assertTrue(run("-O", version, "dump-desc", "br0").contains("Open vSwitch"));
    assertTrue(run("-O", version, "dump-ports", "br0").contains("2 ports"));
    assertTrue(run("-O", version, "dump-ports-desc", "br0").contains("1(p1)"));
    assertTrue(run("-O", version, "dump-tables", "br0").contains("table 0"));
    run("-O", version, "probe", "br0");
  }

  @Test
  void shouldReplaceAndCompareFlows() throws Exception {
    Path flows = directory.resolve("flows");
    Files.writeString(flows, "priority=5,ip actions=drop\npriority=6,arp actions=NORMAL\n");
    run("add-flow", "br0", "priority=9,actions=drop");
    run("replace-flows", "br0", flows.toString());
    assertEquals("", run("diff-flows", "br0", flows.toString()));
    assertTrue(run("dump-aggregate", "br0").contains("flow_count=2"));
  }

  @Test
  void shouldAddAllOrNothingInBundle() throws Exception {
    Path flows = directory.resolve("flows");
    Files.writeString(flows, "priority=5,ip actions=drop\npriority=6,arp actions=NORMAL\n");
    run("-O", "OpenFlow14", "--bundle", "add-flows", "br0", flows.toString());
    assertTrue(run("dump-aggregate", "br0").contains("flow_count=2"));

    Files.writeString(flows, "add priority=7,udp actions=drop\nadd table=254 actions=drop\n");
    Result failed = attempt("-O", "OpenFlow14", "--bundle", "add-flows", "br0", flows.toString());
    assertTrue(failed.code != 0, failed.text);
    assertTrue(failed.text.contains("OFPBRC_EPERM"), failed.text);
    assertTrue(run("dump-aggregate", "br0").contains("flow_count=2"));
  }

  @Test
  void shouldSayWhatIsWrongWhenRefused() throws Exception {
    run("add-flow", "br0", "priority=5,ip,actions=drop");
    Result refused = attempt("add-flow", "br0", "check_overlap,priority=5,in_port=1,actions=drop");
    assertTrue(refused.text.contains("OFPFMFC_OVERLAP"), refused.text);
  }

  @Test
  void shouldSendPacketOutAndTakePortDown() throws Exception {
    run("packet-out", "br0", "in_port=1 packet=" + "ff".repeat(14) + " actions=output:1");
    assertEquals(1, backend.sent.size());
    run("mod-port", "br0", "p1", "down");
    assertEquals(List.of("p1 down"), backend.admin);
  }

  /** Packet-ins are offered again and again, for nobody says when the tool has asked for them. */
  @ParameterizedTest
  @ValueSource(strings = {"openflow10", "nxt_packet_in", "nxt_packet_in2"})
  void shouldShowPacketInWhenMonitoring(String format) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            OVS_OFCTL.toString(), "--timeout=10", "-P", format, "monitor", "br0", "65534");
    builder.environment().put("OVS_RUNDIR", directory.toString());
    Process process = builder.redirectErrorStream(true).start();
    FlowKey key = new FlowKey();
    key.set(Field.IN_PORT, 1);
    PacketInEvent.Cause cause = new PacketInEvent.Cause(PacketIn.Reason.ACTION, 3, 0x9L, 0);
    Bytes frame = Bytes.ofHex("0a0000000002" + "0a0000000001" + "88b5" + "00".repeat(46));
    PacketInEvent event = new PacketInEvent(ofproto, frame, 60, key, cause, Bytes.EMPTY, null);
    try (InputStream output = process.getInputStream()) {
      while (output.available() == 0 && process.isAlive()) {
        ofproto.packetIn(event, 0);
        Thread.onSpinWait();
      }
      String text = new String(output.readNBytes(40), StandardCharsets.UTF_8);
      assertTrue(text.contains("PACKET_IN"), text);
      process.destroy();
    }
  }
}
