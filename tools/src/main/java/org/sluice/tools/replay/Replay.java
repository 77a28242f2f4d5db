package org.sluice.tools.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.datapath.conntrack.ConnectionSnapshot;
import org.sluice.datapath.datapath.DatapathStatistics;
import org.sluice.datapath.netdev.dummy.DummyNetdev;
import org.sluice.datapath.netdev.pcap.PcapWriter;
import org.sluice.datapath.packet.DropReason;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.tools.offline.OfflineSwitch;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.classifier.RuleStatistics;

/**
 * A switch between captures: takes frames from a {@link Tape}, one after the other at its time, and
 * writes what each port sends. Used by one thread.
 *
 * <p>The switch's time starts at the first frame and follows the frames' timestamps; a frame that
 * is stamped earlier than the one before it comes at that one's time.
 */
final class Replay implements AutoCloseable {
  private static final long START_NS = 1_000_000_000L;
  private static final int MAX_MTU = 65_535;
  private static final long FIRST_MAC = 0x02_00_00_00_00_00L;

  private final OfflineSwitch offline = new OfflineSwitch(START_NS);
  private final ConnectionLog connections = new ConnectionLog(offline);
  private final Map<Integer, Lane> lanes = new TreeMap<>();
  private final List<Integer> outputs = new ArrayList<>();
  private long originNs;
  private boolean started;
  private IOException failure;

  /** A port: its device, and the capture of what it sends. */
  private final class Lane implements DummyNetdev.Listener {
    private final int port;
    private final PcapWriter writer;
    private final DummyNetdev device;

    Lane(int port, PcapWriter writer) {
      this.port = port;
      this.writer = writer;
      this.device = new DummyNetdev("port" + port, FIRST_MAC + port);
      device.setMtu(MAX_MTU);
      device.setListener(this);
    }

    @Override
    public void frame(boolean sent, byte[] frame) {
      if (!sent) {
        return;
      }
      outputs.add(port);
      try {
        writer.write(offline.clock().nowNs() - START_NS + originNs, frame);
      } catch (IOException e) {
        failure = e;
      }
    }
  }

  /** What a port has received and sent. */
  record PortCount(int port, long in, long out) {}

  /** Loads the rules of a flow file. */
  void addFlows(Path file) throws OfSyntaxException {
    offline.addFlows(file);
  }

  /** The rules, with counters that include every frame so far. */
  List<Rule> rules() {
    return offline.rules();
  }

  /** Opens a port whose output goes to {@code FOLDER/PORT.pcap}. */
  void addPort(int port, Path folder) throws IOException {
    Lane lane = new Lane(port, PcapWriter.create(output(folder, port)));
    lanes.put(port, lane);
    offline.addPort(port, lane.device);
  }

  /** Where the output of {@code port} goes. */
  static Path output(Path folder, int port) {
    return folder.resolve(port + ".pcap");
  }

  /** Lets one frame in and sees it through. */
  void play(Tape.Entry entry) throws IOException {
    long timeNs = entry.frame().timeNs();
    if (!started) {
      started = true;
      originNs = timeNs;
    }
    long nowNs = Math.max(offline.clock().nowNs(), START_NS + timeNs - originNs);
    connections.beforeStep(nowNs);
    outputs.clear();
    if (!lanes.get(entry.port()).device.inject(entry.frame().bytes())) {
      throw new IOException(
          "port " + entry.port() + ": a frame is too long: " + entry.frame().bytes().length);
    }
    offline.step(nowNs);
    if (failure != null) {
      throw failure;
    }
    if (!offline.faults().isEmpty()) {
      throw new IllegalStateException("the switch failed on a packet", offline.faults().getFirst());
    }
  }

  /** Like {@link #play}, and finds out what became of the frame: by what it has counted. */
  Fate playAndWatch(Tape.Entry entry) throws IOException {
    Map<DropReason, Long> drops = drops();
    Map<RuleStatistics, Long> packets = new HashMap<>();
    rules().forEach(rule -> packets.put(rule.statistics(), rule.statistics().packets()));
    play(entry);
    return new Fate(
        offline.clock().nowNs() - START_NS,
        entry.port(),
        entry.frame(),
        List.copyOf(outputs),
        dropsSince(drops),
        rulesSince(packets));
  }

  private List<DropReason> dropsSince(Map<DropReason, Long> before) {
    Map<DropReason, Long> now = drops();
    return now.keySet().stream()
        .filter(reason -> now.get(reason) > before.getOrDefault(reason, 0L))
        .toList();
  }

  private List<Rule> rulesSince(Map<RuleStatistics, Long> before) {
    return rules().stream()
        .filter(rule -> {
          RuleStatistics now = rule.statistics();
          return now.packets() > before.getOrDefault(now, 0L);
        })
        .toList();
  }

  /** Packets by the reason of their drop. */
  Map<DropReason, Long> drops() {
    Map<DropReason, Long> ordered = new EnumMap<>(DropReason.class);
    ordered.putAll(offline.statistics().drops());
    return ordered;
  }

  /** What the caches have done. */
  DatapathStatistics statistics() {
    return offline.statistics();
  }

  /** Every connection that there was, as it was last. */
  Collection<ConnectionSnapshot> connections() {
    return connections.all();
  }

  /** What each port has received and sent, in order of the ports. */
  List<PortCount> ports() {
    List<PortCount> counts = new ArrayList<>();
    lanes.forEach((port, lane) -> {
      var counted = lane.device.statistics();
      counts.add(new PortCount(port, counted.rxPackets(), counted.txPackets()));
    });
    return counts;
  }

  @Override
  public void close() throws IOException {
    offline.close();
    for (Lane lane : lanes.values()) {
      lane.writer.close();
    }
  }

  /** Makes the folder of the outputs; {@code inputs} must not be among what is written there. */
  static void prepare(Path folder, Collection<Integer> ports, List<PortFile> inputs)
      throws IOException, ReplayException {
    if (folder.toString().isEmpty()) {
      throw new ReplayException("--out needs the name of a folder");
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new ReplayException("--out " + folder + ": not a folder");
    }
    for (int port : ports) {
      for (PortFile input : inputs) {
        Path output = output(folder, port);
        if (Files.exists(output) && Files.isSameFile(output, input.file())) {
          throw new ReplayException(
              "--out " + folder + ": would overwrite " + input.file() + ", which is replayed");
        }
      }
    }
    Files.createDirectories(folder);
  }
}
