package org.sluice.tools.ofctl;

import java.io.IOException;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.List;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.SwitchConfig;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.text.MonitorParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;

/** {@code monitor} and {@code snoop}: print what a switch says until told to end. */
final class MonitorCommands {
  private static final String WATCH = "watch:";
  private static final EnumSet<OfVersion> WITH_INVALID_TTL =
      EnumSet.range(OfVersion.OF10, OfVersion.OF12);

  private final OfctlOptions options;
  private final Switches switches;
  private final Exchange exchange;
  private final MonitorLoop.Start start;
  private final PrintStream out;
  private int monitorId;
  private boolean resumes;

  MonitorCommands(
      OfctlOptions options,
      Switches switches,
      Exchange exchange,
      MonitorLoop.Start start,
      PrintStream out) {
    this.options = options;
    this.switches = switches;
    this.exchange = exchange;
    this.start = start;
    this.out = out;
  }

  List<OfctlCommand> all() {
    return List.of(
        OfctlCommand.reading(
            "monitor", "switch [misslen] [invalid_ttl] [watch:[...]]", 1, 3, this::monitor),
        OfctlCommand.reading("snoop", "switch", 1, 1, this::snoop));
  }

  private void monitor(List<String> words)
      throws IOException, OfSyntaxException, InterruptedException {
    String name = words.getFirst();
    List<String> wishes = words.subList(1, words.size());
    EnumSet<OfVersion> versions = options.versions();
    if (wishes.contains("invalid_ttl")) {
      versions.retainAll(WITH_INVALID_TTL);
      if (versions.isEmpty()) {
        throw new OfctlException(
            "invalid_ttl requires one of the OpenFlow versions "
                + OfctlOptions.describe(WITH_INVALID_TTL)
                + " but none is enabled (use -O)");
      }
    }
    try (SwitchSession session = switches.open(name, versions)) {
      for (String wish : wishes) {
        carryOut(session, name, wish);
      }
      choosePacketIns(session, switches.shown(name));
      out.flush();
      new MonitorLoop(session, switches, exchange, name, options)
          .run(start, new MonitorLoop.Manner(true, resumes));
    }
  }

  private void snoop(List<String> words) throws IOException, InterruptedException {
    try (SwitchSession session = switches.openSnoop(words.getFirst())) {
      options.hideNames();
      new MonitorLoop(session, switches, exchange, words.getFirst(), options)
          .run(start, new MonitorLoop.Manner(false, false));
    }
  }

  private void carryOut(SwitchSession session, String name, String wish)
      throws IOException, OfSyntaxException {
    Names names = switches.shown(name);
    if (!wish.isEmpty() && Character.isDigit(wish.charAt(0))) {
      setMissLength(session, LooseNumbers.integer(wish), names);
    } else if (wish.equals("invalid_ttl")) {
      wantInvalidTtl(session, names);
    } else if (wish.startsWith(WATCH)) {
      watch(session, name, wish.substring(WATCH.length()));
    } else if (wish.equals("resume")) {
      resumes = true;
      setMissLength(session, 0xffff, names);
    } else {
      throw new OfctlException(wish + ": unsupported \"monitor\" argument");
    }
  }

  private void setMissLength(SwitchSession session, int bytes, Names names) throws IOException {
    SwitchConfig now = exchange.config(session);
    exchange.require(session, new OfMessage.SetConfig(new SwitchConfig(now.flags(), bytes)), names);
  }

  private void wantInvalidTtl(SwitchSession session, Names names) throws IOException {
    SwitchConfig now = exchange.config(session);
    if ((now.flags() & SwitchConfig.INVALID_TTL_TO_CONTROLLER) != 0) {
      return;
    }
    int flags = now.flags() | SwitchConfig.INVALID_TTL_TO_CONTROLLER;
    exchange.require(
        session, new OfMessage.SetConfig(new SwitchConfig(flags, now.missSendLength())), names);
    int after = exchange.config(session).flags();
    if ((after & SwitchConfig.INVALID_TTL_TO_CONTROLLER) == 0) {
      throw new OfctlException(
          "setting invalid_ttl_to_controller failed (this switch probably doesn't support this "
              + "flag)");
    }
  }

  private void watch(SwitchSession session, String name, String text)
      throws IOException, OfSyntaxException {
    MonitorParser.Watched watched = MonitorParser.parse(text, monitorId++, switches.accepted(name));
    switches.requireAllowed(watched.formats());
    Multipart.FlowMonitorRequest request =
        new Multipart.FlowMonitorRequest(List.of(watched.monitor()), false);
    if (options.verbosity() > 0) {
      out.print(exchange.print(session.encode(request), options.numbers(), 2));
    }
    exchange.dump(session, request, switches.shown(name));
    out.flush();
  }

  /** The newest form of packet-in is the best; only 1.0 needs the one before it. */
  private void choosePacketIns(SwitchSession session, Names names) throws IOException {
    PacketIn.Format wanted = options.packetInFormat();
    if (wanted != null) {
      exchange.require(session, new NiciraMessage.SetPacketInFormat(wanted), names);
      return;
    }
    NiciraMessage newest = new NiciraMessage.SetPacketInFormat(PacketIn.Format.NXT_PACKET_IN2);
    boolean refused = session.transactQuietly(newest) != null;
    if (refused && session.version() == OfVersion.OF10) {
      session.transactQuietly(new NiciraMessage.SetPacketInFormat(PacketIn.Format.NXT_PACKET_IN));
    }
  }
}
