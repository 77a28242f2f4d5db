package org.sluice.vswitchd.ofproto;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.Set;
import org.sluice.base.log.Vlog;
import org.sluice.base.stream.Stream;
import org.sluice.base.stream.StreamAddress;
import org.sluice.datapath.flow.AddressText;
import org.sluice.openflow.message.OfMessage.Role;

/**
 * A controller at work: connects, again and again with growing pauses, or listens. Stepped by one
 * thread at a time; its status may be asked by any.
 */
final class ControllerLink {
  private static final long FIRST_BACKOFF_NS = 1_000_000_000L;
  private static final long MILLISECOND_NS = 1_000_000L;
  private static final long NEVER = Long.MIN_VALUE;
  private static final String TIMED_OUT = "Connection timed out";

  private final ControllerSettings settings;
  private final Ofproto ofproto;
  private final StreamAddress target;
  private final String name;
  private final OpenFlowSurroundings around;
  private final Vlog log;
  private volatile OpenFlowServer server;
  private volatile OpenFlowPeer peer;
  private volatile boolean connecting;

  /** Who connects, since when, how long that may take until versions are agreed on. */
  private Thread connector;

  private long attemptedNs;
  private long patienceNs;
  private volatile boolean timedOut;
  private volatile String lastError;
  private volatile boolean closed;

  /** When it was connected last, and when that or an attempt ended; {@link #NEVER} for not yet. */
  private volatile long connectedNs = NEVER;

  private volatile long disconnectedNs = NEVER;
  private volatile long backoffNs = FIRST_BACKOFF_NS;
  private volatile long nextAttemptNs = NEVER;

  ControllerLink(
      ControllerSettings settings,
      Ofproto ofproto,
      StreamAddress target,
      OpenFlowSurroundings around) {
    this.settings = settings;
    this.ofproto = ofproto;
    this.target = target;
    this.name = ofproto.name() + "<->" + settings.target();
    this.around = around;
    this.log = around.logs().rconn();
  }

  ControllerSettings settings() {
    return settings;
  }

  /** Where an in-band controller is; null where it is not in band or has no IPv4 address. */
  InBandRules.Remote remote() {
    if (!settings.inBand() || !(target instanceof StreamAddress.Tcp tcp) || tcp.isPassive()) {
      return null;
    }
    long address = AddressText.readIpv4(tcp.place().host());
    return address < 0 ? null : new InBandRules.Remote((int) address, tcp.place().port());
  }

  /** Connects if it is time to, and asks for signs of life. */
  void step(long nowNs) {
    boolean due = nextAttemptNs == NEVER || nowNs >= nextAttemptNs;
    if (target.isPassive()) {
      if (server == null && due) {
        nextAttemptNs = nowNs + FIRST_BACKOFF_NS;
        listen();
      }
    } else if (isConnected()) {
      backoffNs = FIRST_BACKOFF_NS;
    } else if (connecting) {
      if (!timedOut && nowNs - attemptedNs >= patienceNs) {
        timedOut = true;
        endAttempt();
      }
    } else if (due) {
      connecting = true;
      timedOut = false;
      attemptedNs = nowNs;
      patienceNs = Math.max(FIRST_BACKOFF_NS, backoffNs);
      connector = Thread.ofPlatform().daemon().name("openflow-controller").start(this::connect);
    }
    peers().forEach(each -> each.probe(settings.inactivityProbeMs(), nowNs));
  }

  private void endAttempt() {
    OpenFlowPeer current = peer;
    if (current != null) {
      current.close();
    } else if (connector != null) {
      connector.interrupt(); // it waits for an answer to its first packet
    }
  }

  private void listen() {
    try {
      server =
          OpenFlowServer.start(ofproto, target, Session.Kind.SERVICE, settings.packetIns(), around);
    } catch (IOException e) {
      lastError = e.getMessage();
    }
  }

  private void connect() {
    try {
      tell("connecting...");
      peer = peerOver(target.connect(around.tls()).attentive());
      if (closed || timedOut) {
        peer.close();
      }
      peer.run();
      lastError = "End of file";
      log.info("%s: connection closed by peer", name);
    } catch (ClosedChannelException _) {
      noteTimeOut(); // the peer was given up
    } catch (IOException e) {
      if (timedOut) {
        noteTimeOut();
      } else {
        lastError = e.getMessage();
        tell("connection failed (" + e.getMessage() + ")");
      }
    } finally {
      Session last = session();
      connectedNs = last == null ? connectedNs : last.beganNs();
      disconnectedNs = around.clock().nowNs();
      nextAttemptNs = disconnectedNs + backoffNs;
      backoffNs = Math.min(2 * backoffNs, settings.maxBackoffMs() * MILLISECOND_NS);
      peer = null;
      connecting = false;
    }
  }

  private void noteTimeOut() {
    lastError = TIMED_OUT;
    if (timedOut) {
      tell("connection timed out");
    }
  }

  private OpenFlowPeer peerOver(Stream stream) {
    return new OpenFlowPeer(
        ofproto, Session.Kind.CONTROLLER, settings.packetIns(), stream, settings.target(), around);
  }

  /** Writes of attempts to connect until they have become as rare as they may. */
  private void tell(String what) {
    if (backoffNs < settings.maxBackoffMs() * MILLISECOND_NS) {
      log.info("%s: %s", name, what);
    } else {
      log.dbg("%s: %s", name, what);
    }
  }

  private Set<OpenFlowPeer> peers() {
    OpenFlowServer listening = server;
    if (listening != null) {
      return listening.peers();
    }
    OpenFlowPeer current = peer;
    return current == null ? Set.of() : Set.of(current);
  }

  private boolean isConnected() {
    return session() != null;
  }

  private Session session() {
    OpenFlowPeer current = peer;
    return current == null ? null : current.session();
  }

  /** A place to listen at is never connected; whoever comes there is not its concern. */
  ControllerStatus status(long nowNs) {
    if (target.isPassive()) {
      return ControllerStatus.listening(settings.target());
    }
    OpenFlowPeer current = peer;
    Session session = current == null ? null : current.session();
    if (session != null) {
      return new ControllerStatus(
          settings.target(),
          true,
          roleText(session.role()),
          current.isProbed() ? "IDLE" : "ACTIVE",
          lastError,
          ages(session.beganNs(), nowNs),
          session.packetInStatus());
    }
    String state = connecting ? "CONNECTING" : "BACKOFF";
    return new ControllerStatus(
        settings.target(), false, null, state, lastError, ages(connectedNs, nowNs), Map.of());
  }

  private ControllerStatus.Ages ages(long lastConnectedNs, long nowNs) {
    return new ControllerStatus.Ages(
        secondsSince(lastConnectedNs, nowNs), secondsSince(disconnectedNs, nowNs));
  }

  private static int secondsSince(long sinceNs, long nowNs) {
    return sinceNs == NEVER ? ControllerStatus.Ages.NEVER : Ofproto.secondsBetween(sinceNs, nowNs);
  }

  private static String roleText(Role role) {
    return switch (role) {
      case PRIMARY -> "master";
      case SECONDARY -> "slave";
      default -> "other";
    };
  }

  void close() {
    closed = true;
    if (server != null) {
      server.close();
    }
    endAttempt();
  }
}
