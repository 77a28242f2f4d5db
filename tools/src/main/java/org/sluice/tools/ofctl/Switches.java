package org.sluice.tools.ofctl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.stream.Stream;
import org.sluice.base.stream.StreamAddress;
import org.sluice.base.stream.Tls;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.codec.Inspected;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.connection.OfAddress;
import org.sluice.openflow.connection.OfConnectionException;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.message.TableFeatures;
import org.sluice.openflow.text.Names;

/**
 * Finds switches by what users call them, and learns what they call their ports and tables. One
 * thread at a time.
 */
final class Switches {
  private final OfctlOptions options;
  private final Path runDirectory;
  private final NoteLog notes;
  private final Vlog log;
  private final Vlog tlsLog;
  private final Map<String, Names> known = new HashMap<>();
  private final AtomicInteger xids = new AtomicInteger();

  Switches(OfctlOptions options, Path runDirectory, NoteLog notes, VlogRegistry logs) {
    this.options = options;
    this.runDirectory = runDirectory;
    this.notes = notes;
    log = logs.vlog("vconn");
    tlsLog = logs.vlog("stream_ssl");
  }

  /** Connects to a bridge, a socket or a target. */
  SwitchSession open(String name) throws IOException {
    return open(name, "mgmt", options.versions());
  }

  /** Connects where a bridge copies what it and its controller say. */
  SwitchSession openSnoop(String name) throws IOException {
    return open(name, "snoop", options.versions());
  }

  /** Connects with one of {@code versions}. */
  SwitchSession open(String name, Set<OfVersion> versions) throws IOException {
    return open(name, "mgmt", versions);
  }

  private SwitchSession open(String name, String kind, Set<OfVersion> versions) throws IOException {
    if (name.indexOf(':') >= 0) {
      return openTarget(name, versions);
    }
    String bridge = name.substring(name.indexOf('@') + 1);
    List<Path> sockets =
        List.of(
            Path.of(name),
            runDirectory.resolve(name + "." + kind),
            runDirectory.resolve(bridge + "." + kind));
    for (Path socket : sockets) {
      if (Files.exists(socket) && !Files.isDirectory(socket)) {
        return openSocket(socket, name, versions);
      }
    }
    throw new OfctlException(name + " is not a bridge or a socket");
  }

  private SwitchSession openTarget(String name, Set<OfVersion> versions) {
    try {
      StreamAddress target = OfAddress.parse(name, runDirectory);
      if (target.isPassive()) {
        throw unsupported(name);
      }
      return SwitchSession.over(target.connect(tls()), name, versions, xids, log);
    } catch (IllegalArgumentException e) {
      log.err("%s", e.getMessage());
      throw unsupported(name);
    } catch (IOException e) {
      throw new OfctlException("connecting to " + name + " (" + reason(e) + ")");
    }
  }

  private static OfctlException unsupported(String name) {
    return new OfctlException(
        "connecting to " + name + " (Address family not supported by protocol)");
  }

  private SwitchSession openSocket(Path socket, String name, Set<OfVersion> versions) {
    String target = "unix:" + socket;
    try {
      Stream stream = OfAddress.parse(target, runDirectory).connect(null);
      return SwitchSession.over(stream, target, versions, xids, log);
    } catch (OfConnectionException e) {
      throw new OfctlException(name + ": failed to connect to socket (" + reason(e) + ")");
    } catch (IOException e) {
      throw new OfctlException(socket + ": failed to open socket (" + reason(e) + ")");
    }
  }

  private Tls tls() {
    Tls tls = new Tls(tlsLog);
    tls.configure(options.tls());
    return tls;
  }

  private static String reason(IOException e) {
    if (e instanceof OfConnectionException) {
      return "Protocol error";
    }
    String text = e.getMessage();
    return text == null ? "Connection refused" : text;
  }

  /** Refuses formats of which none is allowed, before anything is connected to. */
  void requireAllowed(Set<FlowFormat> usable) {
    EnumSet<FlowFormat> both = options.formats();
    both.retainAll(usable);
    if (both.isEmpty()) {
      throw new OfctlException(
          "none of the usable flow formats ("
              + FlowFormat.describe(usable)
              + ") is among the allowed flow formats ("
              + FlowFormat.describe(options.formats())
              + ")");
    }
  }

  /** Connects, and uses one of {@code usable} for flow mods. */
  SwitchSession openFor(String name, Set<FlowFormat> usable) throws IOException {
    requireAllowed(usable);
    SwitchSession session = open(name);
    session.useAny(usable, options.formats());
    return session;
  }

  // Names.

  /** What users may call ports and tables of the switch. */
  Names accepted(String name) {
    return options.takesNames() ? names(name) : Names.NONE.withLog(notes);
  }

  /** What ports and tables of the switch are called in output. */
  Names shown(String name) {
    return options.showsNames() ? names(name).withColors(options.colors()) : options.numbers();
  }

  /**
   * Asks the switch for the names of its tables, if they count. Open vSwitch's tool does so before
   * it gives a table a name, which the transaction ids in what it prints tell.
   */
  void learnTables(String name) {
    if (options.takesNames()) {
      names(name).tableText(0);
    }
  }

  private Names names(String name) {
    return known.computeIfAbsent(name, this::learnLater);
  }

  private Names learnLater(String name) {
    return Names.lazy(() -> ports(name), () -> tables(name)).withLog(notes);
  }

  private Map<String, Integer> ports(String name) {
    Map<String, Integer> ports = new HashMap<>();
    try (SwitchSession session = open(name)) {
      Set<String> ambiguous = new HashSet<>();
      for (PortDescription port : ports(session)) {
        if (ports.put(port.name(), port.number()) != null) {
          ambiguous.add(port.name());
        }
      }
      ports.keySet().removeAll(ambiguous);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ports;
  }

  /** The ports of a switch. */
  static List<PortDescription> ports(SwitchSession session) throws IOException {
    if (session.version().isBefore(OfVersion.OF13)) {
      Inspected reply = OfDecoder.inspect(session.transact(new OfMessage.FeaturesRequest()));
      if (!(reply.message() instanceof OfMessage.FeaturesReply features)) {
        throw new OfctlException(session.name() + ": received bad features reply");
      }
      if (!features.ports().isEmpty()) {
        return features.ports();
      }
    }
    List<PortDescription> ports = new ArrayList<>();
    session.transactMultipart(
        new Multipart.PortDescriptionRequest(OfPort.ANY),
        bytes -> {
          Inspected reply = OfDecoder.inspect(bytes);
          if (reply.message() instanceof Multipart.PortDescriptionReply part) {
            ports.addAll(part.ports());
          }
        });
    return ports;
  }

  private Map<String, Integer> tables(String name) {
    Map<String, Integer> tables = new HashMap<>();
    try (SwitchSession session = open(name)) {
      for (TableFeatures table : tables(session)) {
        if (!table.name().isEmpty()) {
          tables.putIfAbsent(table.name(), table.table());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tables;
  }

  /** The tables of a switch. */
  static List<TableFeatures> tables(SwitchSession session) throws IOException {
    List<TableFeatures> tables = new ArrayList<>();
    boolean stats = session.version().isBefore(OfVersion.OF13);
    Multipart.Request request =
        stats
            ? new Multipart.TableStatsRequest()
            : new Multipart.TableFeaturesRequest(List.of(), false);
    session.transactMultipart(
        request,
        bytes -> {
          switch (OfDecoder.inspect(bytes).message()) {
            case Multipart.TableStatsReply reply ->
                reply.tables().stream()
                    .map(Multipart.TableStats::features)
                    .filter(Objects::nonNull)
                    .forEach(tables::add);
            case Multipart.TableFeaturesReply reply -> tables.addAll(reply.tables());
            case null, default -> {}
          }
        });
    return tables;
  }
}
