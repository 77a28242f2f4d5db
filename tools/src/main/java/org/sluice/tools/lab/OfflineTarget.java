package org.sluice.tools.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.datapath.conntrack.ConnectionText;
import org.sluice.datapath.datapath.DatapathStatistics;
import org.sluice.datapath.netdev.dummy.DummyNetdev;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.tools.offline.OfflineSwitch;
import org.sluice.vswitchd.classifier.Rule;

/**
 * The lab's switch where there are no privileges: the whole pipeline in virtual time, between three
 * devices that {@link CaptureProber} feeds. Used by one thread.
 */
final class OfflineTarget implements SwitchUnderTest, CaptureProber.FrameSwitch {
  private static final long FIRST_MAC = 0x02_00_00_00_77_01L;

  private final Path policies;
  private final OfflineSwitch offline;
  private final List<DummyNetdev> devices = new ArrayList<>();

  /** A switch whose flow files are in the folder {@code policies}; its time starts at 0. */
  OfflineTarget(Path policies) {
    this.policies = policies;
    this.offline = new OfflineSwitch(0);
    for (String host : Network.NAMES) {
      DummyNetdev device = new DummyNetdev(host, FIRST_MAC + devices.size());
      devices.add(device);
      offline.addPort(devices.size(), device);
    }
  }

  @Override
  public List<Frame> exchange(int host, Frame frame, long atNs) throws IOException {
    devices.get(host).inject(frame.bytes());
    offline.step(atNs);
    if (!offline.faults().isEmpty()) {
      throw new IOException("the switch failed on a packet", offline.faults().getFirst());
    }
    List<Frame> out = new ArrayList<>();
    for (DummyNetdev device : devices) {
      for (byte[] sent = device.takeSent(); sent != null; sent = device.takeSent()) {
        out.add(new Frame(sent));
      }
    }
    return out;
  }

  @Override
  public void install(Policy policy) throws IOException {
    offline.clear();
    try {
      offline.addFlows(policies.resolve(policy.fileName()));
    } catch (OfSyntaxException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public Counts counts() {
    Map<Long, RuleCount> rules = new TreeMap<>();
    for (Rule rule : offline.rules()) {
      long packets = rule.statistics().packets();
      rules.merge(
          rule.cookie(),
          new RuleCount(rule.cookie(), rule.actions().isEmpty(), packets),
          (a, b) -> new RuleCount(a.cookie(), a.drops(), a.packets() + b.packets()));
    }
    Map<String, Long> drops = new TreeMap<>();
    offline.statistics().drops().forEach((reason, count) -> drops.put(reason.counter(), count));
    return new Counts(List.copyOf(rules.values()), drops);
  }

  @Override
  public CacheCounts caches() {
    DatapathStatistics now = offline.statistics();
    return new CacheCounts(
        now.hits() + now.misses(), now.microflowHits(), now.megaflowHits(), now.misses());
  }

  @Override
  public List<String> connections() {
    return offline.connections().stream()
        .map(connection -> ConnectionText.line(connection, false, false))
        .toList();
  }

  @Override
  public void close() {
    offline.close();
  }
}
