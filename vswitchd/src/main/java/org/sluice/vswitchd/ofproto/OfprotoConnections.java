package org.sluice.vswitchd.ofproto;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.sluice.base.log.Vlog;
import org.sluice.base.stream.StreamAddress;
import org.sluice.openflow.connection.OfAddress;
import org.sluice.vswitchd.ofproto.Ofproto.Standalone;

/**
 * Everybody who talks OpenFlow to one switch: whoever comes to its management socket {@code
 * RUNDIR/BRIDGE.mgmt}, and its controllers. Also decides whether the switch bridges by itself,
 * since that hangs on whether a controller is there.
 *
 * <p>Any thread may call, whether it holds the switch's writer lock or not: that lock guards
 * everything here. A virtual thread of its own makes {@link #step steps} between {@link #open} and
 * {@link #close}.
 */
public final class OfprotoConnections implements AutoCloseable {
  private static final int SERVICE_PROBE_MS = 60_000;
  private static final long STEP_NS = 200_000_000L;

  private final Ofproto ofproto;
  private final OpenFlowSurroundings around;
  private final Vlog log;
  private final List<ControllerLink> controllers = new ArrayList<>();
  private final InBandControl inBand;
  private OpenFlowServer management;
  private OpenFlowServer snooping;
  private boolean secure = true;
  private Thread keeper;
  private boolean configured;
  private volatile boolean closed;

  /** Connections that are not open yet. */
  public OfprotoConnections(Ofproto ofproto, OpenFlowSurroundings around) {
    this.ofproto = ofproto;
    this.around = around;
    this.log = around.logs().rconn();
    this.inBand = new InBandControl(ofproto, around.nextHops());
  }

  /** The management socket's file. */
  public Path managementSocket() {
    return socket("mgmt");
  }

  private Path socket(String suffix) {
    return around.runDirectory().resolve(ofproto.name() + "." + suffix);
  }

  /**
   * Begins to listen at the management socket and at the snoop socket.
   *
   * @throws IOException in one line, if that cannot be
   */
  public void open() throws IOException {
    ofproto.writer().lock();
    try {
      management = listen("mgmt", Session.Kind.SERVICE);
      snooping = listen("snoop", Session.Kind.SNOOP);
      keeper = Thread.ofVirtual().name("openflow-keeper").start(this::keep);
    } finally {
      ofproto.writer().unlock();
    }
  }

  private OpenFlowServer listen(String suffix, Session.Kind kind) throws IOException {
    StreamAddress place = new StreamAddress.Unix(true, socket(suffix));
    return OpenFlowServer.start(ofproto, place, kind, PacketInLimit.NONE, around);
  }

  private void keep() {
    while (!closed) {
      step(around.clock().nowNs());
      LockSupport.parkNanos(this, STEP_NS);
    }
  }

  /**
   * Has exactly these controllers from now on. A switch that gets its first controller, or loses
   * its last, begins without rules.
   *
   * @param isSecure whether the switch does nothing by itself while no controller is there
   */
  public void setControllers(List<ControllerSettings> wanted, boolean isSecure) {
    locked(() -> replaceControllers(wanted, isSecure));
  }

  private void replaceControllers(List<ControllerSettings> wanted, boolean isSecure) {
    boolean hadSome = !controllers.isEmpty();
    secure = isSecure;
    for (ControllerLink link : List.copyOf(controllers)) {
      if (!wanted.contains(link.settings())) {
        link.close();
        controllers.remove(link);
      }
    }
    for (ControllerSettings each : wanted) {
      if (controllers.stream().noneMatch(link -> link.settings().equals(each))) {
        add(each);
      }
    }
    if (configured && hadSome != !controllers.isEmpty()) {
      ofproto.flushRules();
      inBand.flushed();
    }
    configured = true;
    step(around.clock().nowNs());
  }

  private void add(ControllerSettings wanted) {
    try {
      StreamAddress target = OfAddress.parse(wanted.target(), around.runDirectory());
      if (target.isPassive() && target.file() != null && !isOwn(target.file())) {
        log.err(
            "bridge %s: Not adding Unix domain socket controller \"%s\" outside %s",
            ofproto.name(), wanted.target(), around.runDirectory().resolve(ofproto.name() + ".*"));
        return;
      }
      controllers.add(new ControllerLink(wanted, ofproto, target, around));
    } catch (IllegalArgumentException e) {
      log.warn("bridge %s: %s", ofproto.name(), e.getMessage());
    }
  }

  /** Whether nobody else's file can be where a controller's row says to listen. */
  private boolean isOwn(Path file) {
    Path parent = file.toAbsolutePath().normalize().getParent();
    return around.runDirectory().toAbsolutePath().normalize().equals(parent)
        && file.getFileName().toString().startsWith(ofproto.name() + ".");
  }

  /** Connects where it is time to, asks silent peers for signs of life, and minds the fail mode. */
  public void step(long nowNs) {
    locked(() -> stepLocked(nowNs));
  }

  private void stepLocked(long nowNs) {
    if (closed) {
      return;
    }
    listening()
        .forEach(server -> server.peers().forEach(peer -> peer.probe(SERVICE_PROBE_MS, nowNs)));
    inBand.step(remotes(), nowNs);
    controllers.forEach(link -> link.step(nowNs));
    ofproto.monitors().resume();
    if (configured && ofproto.standalone() != standalone()) {
      ofproto.setStandalone(standalone(), nowNs);
    }
  }

  /** The controllers whose connections go through the switch itself, if they do. */
  private Set<InBandRules.Remote> remotes() {
    Set<InBandRules.Remote> remotes = new HashSet<>();
    for (ControllerLink link : controllers) {
      InBandRules.Remote remote = link.remote();
      if (remote != null) {
        remotes.add(remote);
      }
    }
    return remotes;
  }

  /** The sockets that are open. */
  private List<OpenFlowServer> listening() {
    return Stream.of(management, snooping).filter(Objects::nonNull).toList();
  }

  private Standalone standalone() {
    if (secure) {
      return Standalone.OFF;
    }
    if (controllers.isEmpty()) {
      return Standalone.VISIBLE;
    }
    return ofproto.hasController() ? Standalone.OFF : Standalone.HIDDEN;
  }

  private void locked(Runnable change) {
    ofproto.writer().lock();
    try {
      change.run();
    } finally {
      ofproto.writer().unlock();
    }
  }

  /** How the controllers are, in the order in which they were configured. */
  public List<ControllerStatus> status() {
    List<ControllerStatus> all = new ArrayList<>();
    long nowNs = around.clock().nowNs();
    locked(() -> controllers.forEach(link -> all.add(link.status(nowNs))));
    return all;
  }

  /** Ends every connection. */
  @Override
  public void close() {
    locked(this::closeLocked);
  }

  private void closeLocked() {
    closed = true;
    listening().forEach(OpenFlowServer::close);
    controllers.forEach(ControllerLink::close);
    controllers.clear();
    LockSupport.unpark(keeper);
  }
}
