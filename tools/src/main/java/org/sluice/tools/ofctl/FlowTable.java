package org.sluice.tools.ofctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.SharedActions;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.codec.Inspected;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.match.OptionNormal;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.text.ActionFormatter;
import org.sluice.openflow.text.FlowFile;
import org.sluice.openflow.text.MatchFormatter;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.openflow.text.Parsed;

/** Rules of two sources side by side, so that they can be compared. Used by one thread. */
final class FlowTable {
  /** The side of what is wanted, when rules are replaced. */
  static final int WANTED = 0;

  /** The side of what the switch has. */
  static final int PRESENT = 1;

  /** What makes two rules the same one. */
  private record Key(int table, int priority, Match match) {
    Key {
      match = OptionNormal.of(match);
    }
  }

  /** What a rule does; flags are not compared, since no switch tells them all. */
  private record Version(
      Match match,
      long cookie,
      FlowMod.Timeouts timeouts,
      int importance,
      int flags,
      List<OfAction> actions) {
    boolean isSame(Version other) {
      return cookie == other.cookie
          && timeouts.equals(other.timeouts)
          && importance == other.importance
          && text(Names.NONE).equals(other.text(Names.NONE));
    }

    String text(Names names) {
      return new ActionFormatter(names).format(actions);
    }
  }

  private final Map<Key, Version[]> rules = new LinkedHashMap<>();

  /** Whether {@code source} names a file, rather than a switch. */
  static boolean isFile(String source) {
    boolean path = source.startsWith("/") || source.startsWith(".");
    return path || (source.indexOf(':') < 0 && Files.exists(Path.of(source)));
  }

  private void put(Key key, int side, Version version) {
    rules.computeIfAbsent(key, any -> new Version[2])[side] = version;
  }

  /** Adds the flows of a file; {@code usable} keeps what can say them all. */
  void addFile(Path file, Names names, int side, Set<FlowFormat> usable) throws OfSyntaxException {
    if (Files.notExists(file)) {
      throw new OfctlException(file + ": open (No such file or directory)");
    }
    for (Parsed<FlowMod> flow : FlowFile.readAs(FlowMod.Command.ADD, file, names)) {
      usable.retainAll(flow.formats());
      FlowMod mod = flow.message();
      int table = mod.table() == FlowMod.ANY_TABLE ? 0 : mod.table();
      put(
          new Key(table, mod.priority(), mod.match()),
          side,
          new Version(
              mod.match(),
              mod.cookie().value(),
              mod.timeouts(),
              mod.importance(),
              mod.flags() & FlowMod.SEND_FLOW_REMOVED,
              SharedActions.of(mod.actions())));
    }
  }

  /** Adds the rules of a switch. */
  void addSwitch(SwitchSession session, int side) throws IOException {
    for (FlowStats flow : read(session, Multipart.FlowQuery.all())) {
      put(
          new Key(flow.table(), flow.priority(), flow.match()),
          side,
          new Version(
              flow.match(), flow.cookie(), flow.timeouts(), flow.importance(), 0, flow.actions()));
    }
  }

  /** The rules that a switch has. */
  static List<FlowStats> read(SwitchSession session, Multipart.FlowQuery query) throws IOException {
    List<FlowStats> flows = new ArrayList<>();
    boolean nicira = session.format().dialect().nxm();
    session.transactMultipart(
        new Multipart.FlowStatsRequest(query, nicira),
        bytes -> {
          Inspected reply = OfDecoder.inspect(bytes);
          if (!(reply.message() instanceof Multipart.FlowStatsReply part)) {
            throw new OfctlException("dump flows (Protocol error)");
          }
          flows.addAll(part.flows());
        });
    return flows;
  }

  /** What makes the switch have what is wanted; {@code readd}: what it has already, too. */
  List<FlowMod> changes(boolean readd) {
    Map<Integer, List<FlowMod>> byTable = new TreeMap<>();
    rules.forEach((key, versions) -> {
      if (versions[WANTED] == null) {
        byTable
            .computeIfAbsent(key.table(), table -> new ArrayList<>())
            .add(change(key, versions[PRESENT], FlowMod.Command.DELETE_STRICT));
      }
    });
    rules.forEach((key, versions) -> {
      Version wanted = versions[WANTED];
      Version present = versions[PRESENT];
      if (wanted != null && (readd || present == null || !wanted.isSame(present))) {
        byTable
            .computeIfAbsent(key.table(), table -> new ArrayList<>())
            .add(change(key, wanted, FlowMod.Command.ADD));
      }
    });
    return byTable.values().stream().flatMap(List::stream).toList();
  }

  private static FlowMod change(Key key, Version version, FlowMod.Command command) {
    FlowMod.Builder mod =
        FlowMod.builder()
            .command(command)
            .table(key.table())
            .priority(key.priority())
            .match(version.match());
    if (command == FlowMod.Command.ADD) {
      mod.cookie(new FlowMod.Cookie(0, 0, version.cookie(), true));
      mod.timeouts(version.timeouts()).importance(version.importance()).flags(version.flags());
      mod.actions(version.actions());
    }
    return mod.build();
  }

  /** The rules that differ, each side's with its sign before. */
  String difference(Names names) {
    StringBuilder out = new StringBuilder();
    rules.forEach((key, versions) -> {
      Version first = versions[0];
      Version second = versions[1];
      if (first == null || second == null || !first.isSame(second)) {
        append(out, '-', key, first, names);
        append(out, '+', key, second, names);
      }
    });
    return out.toString();
  }

  private static void append(StringBuilder out, char sign, Key key, Version version, Names names) {
    if (version == null) {
      return;
    }
    out.append(sign);
    if (key.table() != 0) {
      out.append("table=").append(key.table()).append(' ');
    }
    out.append(MatchFormatter.format(version.match(), key.priority(), names));
    if (version.cookie() != 0) {
      out.append(" cookie=0x").append(Long.toHexString(version.cookie()));
    }
    appendNumber(out, " idle_timeout=", version.timeouts().idleS());
    appendNumber(out, " hard_timeout=", version.timeouts().hardS());
    appendNumber(out, " importance=", version.importance());
    out.append(" actions=").append(version.text(names)).append('\n');
  }

  private static void appendNumber(StringBuilder out, String name, int number) {
    if (number != 0) {
      out.append(name).append(number);
    }
  }
}
