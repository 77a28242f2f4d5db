package org.sluice.bench.peer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.sluice.bench.contest.ServerProcess;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.storage.DatabaseFile;

/** A switch that has one bridge and no ports but its own. Used by one thread. */
public final class RunningSwitch implements Closeable {
  public static final String BRIDGE = "br0";

  /** Longer than it takes until an idle heap is looked at: twice ten seconds. */
  private static final int CALM_SECONDS = 25;

  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
  private static final String JAVA_OPTIONS = "SLUICE_JAVA_OPTIONS";

  private final SwitchPeer peer;
  private final Setting setting;
  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();
  private final List<ServerProcess> processes = new ArrayList<>();

  /**
   * How a switch is run.
   *
   * @param launcher words that the daemon's command is put behind
   * @param datapathType of its bridge
   */
  public record Setting(List<String> launcher, List<String> daemonOptions, String datapathType) {
    /** Without any device. */
    public static final Setting DUMMY =
        new Setting(List.of(), List.of("--enable-dummy", "--disable-system"), "dummy");

    /** In user space, with the devices of a network namespace. */
    public static Setting inNamespace(String namespace) {
      return new Setting(List.of("ip", "netns", "exec", namespace), List.of(), "netdev");
    }
  }

  /** Starts {@code peer} in {@code parent}, where it has a folder of its own. */
  public RunningSwitch(SwitchPeer peer, Setting setting, Path parent) throws IOException {
    this.peer = peer;
    this.setting = setting;
    this.folder = Files.createDirectory(parent.resolve(peer.name()));
    for (String variable : List.of("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR")) {
      environment.put(variable, folder.toString());
    }
    try {
      start();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void start() throws IOException {
    Path database = folder.resolve("conf.db");
    String socket = folder.resolve("db.sock").toString();
    try {
      DatabaseFile.create(database, ShippedSchemas.openVswitch());
    } catch (OvsdbException e) {
      throw new IOException(e.getMessage(), e);
    }
    server("ovsdb-server", List.of(), List.of("--remote=punix:" + socket, database.toString()));
    await(Path.of(socket));
    run(peer.command("ovs-vsctl", "--no-wait", "init"));
    List<String> options = new ArrayList<>(setting.daemonOptions());
    options.add("unix:" + socket);
    server("ovs-vswitchd", setting.launcher(), options);
    configure(
        "add-br "
            + BRIDGE
            + " -- set bridge "
            + BRIDGE
            + " fail_mode=secure"
            + " datapath_type="
            + setting.datapathType());
    await(management());
  }

  /** Has {@code ovs-vsctl} carry out a line and waits until the switch has done it. */
  public void configure(String line) throws IOException {
    List<String> words = peer.command("ovs-vsctl", "--timeout=60");
    words.addAll(List.of(line.split(" ")));
    run(words);
  }

  private void server(String program, List<String> launcher, List<String> arguments)
      throws IOException {
    List<String> words = new ArrayList<>(launcher);
    words.addAll(peer.command(program, "-vconsole:off"));
    words.addAll(arguments);
    Map<String, String> all = new TreeMap<>(environment);
    all.put(JAVA_OPTIONS, CollectorPause.options(System.getenv(JAVA_OPTIONS), folder));
    processes.add(ServerProcess.start(words, folder, program + ".log", all));
  }

  private void await(Path socket) throws IOException {
    long startNs = System.nanoTime();
    while (!Files.exists(socket)) {
      if (System.nanoTime() - startNs > PATIENCE_NS) {
        throw new IOException(peer.name() + " does not start: " + folder.getFileName());
      }
      Pause.ms(1);
    }
  }

  /** Where the bridge listens for tools. */
  public Path management() {
    return folder.resolve(BRIDGE + ".mgmt");
  }

  public String name() {
    return peer.name();
  }

  /** Runs a tool against it; how many milliseconds that took. */
  public double run(List<String> words) throws IOException {
    long startNs = System.nanoTime();
    ServerProcess tool = ServerProcess.start(words, folder, "tool.log", environment);
    try {
      int status = tool.process().waitFor();
      if (status != 0) {
        throw new IOException(
            String.join(" ", words) + ": " + Files.readString(folder.resolve("tool.log")).strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return (System.nanoTime() - startNs) / 1e6;
  }

  /** The switch's own process, the database server's not. */
  public ServerProcess daemon() {
    return processes.getLast();
  }

  /** The pauses of its garbage collector so far; none where it has no such thing. */
  public List<CollectorPause> collectorPauses() throws IOException {
    return CollectorPause.told(folder, daemon().process().pid());
  }

  /** Memory of the switch itself, the database server's not counted, once it changes no more. */
  public long residentBytes() throws IOException {
    ServerProcess vswitchd = daemon();
    long bytes = vswitchd.residentBytes();
    for (int calm = 0; calm < CALM_SECONDS; calm++) {
      Pause.ms(1000);
      long now = vswitchd.residentBytes();
      calm = Math.abs(now - bytes) > bytes / 200 ? 0 : calm;
      bytes = now;
    }
    return bytes;
  }

  @Override
  public void close() {
    processes.reversed().forEach(ServerProcess::close);
  }
}
