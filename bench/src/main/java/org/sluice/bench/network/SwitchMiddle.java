package org.sluice.bench.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sluice.bench.peer.CollectorPause;
import org.sluice.bench.peer.RunningSwitch;
import org.sluice.bench.peer.SwitchPeer;

/** A switch in user space. */
final class SwitchMiddle implements Middle {
  /** The shared policy {@code stateful.flows} in both directions, and ARP around it. */
  private static final String RULES =
      """
      table=0,priority=10,arp,actions=normal
      table=0,priority=100,ip,ct_state=-trk,actions=ct(table=1)
      table=1,priority=100,ip,in_port=1,ct_state=+trk+new,actions=ct(commit),output:2
      table=1,priority=100,ip,in_port=2,ct_state=+trk+new,actions=ct(commit),output:1
      table=1,priority=100,ip,in_port=1,ct_state=+trk+est,actions=output:2
      table=1,priority=100,ip,in_port=2,ct_state=+trk+est,actions=output:1
      table=1,priority=90,ip,ct_state=+trk+inv,actions=drop
      """;

  private final RunningSwitch runs;

  SwitchMiddle(SwitchPeer peer, String interfaceType, Site site, Path folder) throws IOException {
    runs = new RunningSwitch(peer, RunningSwitch.Setting.inNamespace(site.middle().name()), folder);
    try {
      attach(Site.LEFT_PORT, 1, interfaceType);
      attach(Site.RIGHT_PORT, 2, interfaceType);
      Path rules = Files.writeString(folder.resolve("rules"), RULES);
      List<String> words = new ArrayList<>(SwitchPeer.ofctl());
      words.addAll(List.of("add-flows", RunningSwitch.BRIDGE, rules.toString()));
      runs.run(words);
    } catch (IOException e) {
      runs.close();
      throw e;
    }
  }

  private void attach(String port, int number, String type) throws IOException {
    String line = "add-port %s %s -- set interface %2$s ofport_request=%d";
    String typed = type.isEmpty() ? "" : " type=" + type;
    runs.configure(line.formatted(RunningSwitch.BRIDGE, port, number) + typed);
  }

  @Override
  public double processorSeconds() {
    return runs.daemon().process().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
  }

  @Override
  public List<CollectorPause> collectorPauses() throws IOException {
    return runs.collectorPauses();
  }

  @Override
  public void close() throws IOException {
    runs.close();
  }
}
