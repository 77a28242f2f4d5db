package org.sluice.tools.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.tools.ofctl.OvsOfctl;
import org.sluice.tools.ovs.EmbeddedSwitch;
import org.sluice.tools.vsctl.OvsVsctl;

/** A switch that {@code ovs-ofctl} tells its flows, as the first controller will. Stateless. */
final class OpenFlowTraining {
  private static final int FLOWS = 300;
  private static final List<String> ACTIONS =
      List.of(
          "ct(commit),output:1",
          "ct(table=2,zone=1,nat)",
          "load:1->NXM_NX_REG0[],resubmit(,3)",
          "set_field:02:00:00:00:00:01->eth_dst,group:1",
          "mod_vlan_vid:7,NORMAL",
          "drop");

  private OpenFlowTraining() {}

  static void run(Path folder) throws IOException, OvsdbException, InterruptedException {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    VlogRegistry log = new VlogRegistry(Clock.system(), "train", System.err);
    UnixctlCommands commands = new UnixctlCommands("train");
    try (EmbeddedSwitch _ =
        EmbeddedSwitch.ofDummies(folder, log, commands, () -> ready.complete(null))) {
      TrainDaemon.await(ready);
      String database = "--db=unix:" + folder.resolve("db.sock");
      String dummy = "datapath_type=dummy";
      vsctl(database, "--timeout=30", "add-br", "br0", "--", "set", "bridge", "br0", dummy);
      converse(folder.resolve("br0.mgmt").toString(), flows(folder).toString());
      vsctl(database, "--timeout=30", "del-br", "br0");
    }
  }

  private static Path flows(Path folder) throws IOException {
    List<String> lines =
        IntStream.range(0, FLOWS)
            .mapToObj(i -> "priority=%d,%s,actions=%s".formatted(i, match(i), ACTIONS.get(i % 6)))
            .toList();
    return Files.write(folder.resolve("flows"), lines);
  }

  private static String match(int number) {
    return switch (number % 4) {
      case 0 -> "tcp,nw_dst=10.0.0.%d,tp_dst=%d".formatted(number & 255, number);
      case 1 -> "table=1,ip,nw_src=10.0.%d.0/24,ct_state=+trk+est".formatted(number & 255);
      case 2 -> "table=2,udp6,ipv6_dst=fd00::%x,reg0=%d".formatted(number, number);
      default -> "table=3,in_port=%d,dl_dst=02:00:00:00:00:%02x".formatted(number, number & 255);
    };
  }

  private static void converse(String bridge, String flows) throws InterruptedException {
    for (String version : List.of("OpenFlow10", "OpenFlow13", "OpenFlow15")) {
      ofctl(version, "show", bridge);
      ofctl(version, "del-groups", bridge);
      ofctl(version, "add-group", bridge, "group_id=1,type=all,bucket=output:1");
      ofctl(version, "add-flows", bridge, flows);
      ofctl(version, "--bundle", "add-flows", bridge, flows);
      ofctl(version, "mod-flows", bridge, "table=1,ip,actions=drop");
      ofctl(version, "dump-flows", bridge);
      ofctl(version, "dump-tables", bridge);
      ofctl(version, "del-flows", bridge);
    }
  }

  private static void ofctl(String version, String... words) throws InterruptedException {
    String[] arguments = new String[words.length + 2];
    arguments[0] = "--timeout=30";
    arguments[1] = "--protocols=" + version;
    System.arraycopy(words, 0, arguments, 2, words.length);
    new OvsOfctl().run(arguments);
  }

  private static void vsctl(String... words) throws InterruptedException {
    new OvsVsctl().run(words);
  }
}
