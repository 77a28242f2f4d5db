package org.sluice.vswitchd.ofproto;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMod.Timeouts;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.PortStatus;
import org.sluice.openflow.message.OfMessage.TableStatus;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.message.PortDescription.State;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.classifier.TableVersions;
import org.sluice.vswitchd.l2.Bundle;
import org.sluice.vswitchd.l2.MacTable;
import org.sluice.vswitchd.translate.BridgeView;
import org.sluice.vswitchd.translate.Effect;
import org.sluice.vswitchd.translate.Group;
import org.sluice.vswitchd.translate.PacketInEvent;
import org.sluice.vswitchd.translate.PortView;

/**
 * One bridge's OpenFlow switch: tables, ports, and who talks to it.
 *
 * <p>Changes are made under the writer lock that all switches of the process share; what
 * translation reads ({@link BridgeView}) is published whole and read by any thread without it.
 */
public final class Ofproto implements BridgeView {
  /** Tables that controllers see. */
  public static final int VISIBLE_TABLES = 254;

  private static final int EXPIRY_PORTION = 256;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NANOS_PER_MILLISECOND = 1_000_000L;

  private final String name;
  private final ReentrantLock writer;
  private final ChangeSequence changes;
  private final SwitchBackend backend;
  private final MacTable macTable = new MacTable();
  private final Snoops snoops = new Snoops();
  private final SessionSet sessions = new SessionSet();
  private final FlowTables tables;
  private final FlowMonitors monitors = new FlowMonitors(this);
  private final Meters meters = new Meters(this);
  private final TlvTable tlvTable = new TlvTable();
  private final RequestHandler handler = new RequestHandler(this);

  private volatile PortTable ports = PortTable.EMPTY;
  private volatile SwitchSettings settings = SwitchSettings.of(0);
  private volatile int fragments = OfMessage.SwitchConfig.FRAGMENTS_NORMAL;
  private Rule standaloneRule;
  private volatile Standalone standalone = Standalone.OFF;

  /** A switch without ports and rules. */
  public Ofproto(
      String name,
      ReentrantLock writer,
      ChangeSequence changes,
      TableVersions versions,
      SwitchBackend backend) {
    this.name = name;
    this.writer = writer;
    this.changes = changes;
    this.backend = backend;
    this.tables = new FlowTables(versions, new TableListener());
  }

  @Override
  public String name() {
    return name;
  }

  ReentrantLock writer() {
    return writer;
  }

  /** Notes that something changed that a translation may rest on. */
  void noteChange() {
    changes.advance();
  }

  SwitchBackend backend() {
    return backend;
  }

  FlowMonitors monitors() {
    return monitors;
  }

  Meters meters() {
    return meters;
  }

  TlvTable tlvTable() {
    return tlvTable;
  }

  SessionSet sessions() {
    return sessions;
  }

  /** The flow tables. */
  public FlowTables tables() {
    return tables;
  }

  /** The ports as they are now. */
  public PortTable portTable() {
    return ports;
  }

  /** What configuration says of the switch. */
  public SwitchSettings settings() {
    return settings;
  }

  // Configuration, by whoever holds the writer lock.

  /** Takes over new settings. */
  public void configure(SwitchSettings changed) {
    assert writer.isHeldByCurrentThread();
    settings = changed;
    macTable.configure(changed.macTableSize(), changed.macAgingS());
    changes.advance();
  }

  /** Takes over what configuration says of the flow tables; those not named are as nobody's. */
  public void configureTables(Map<Integer, TableConfiguration> wanted, long nowNs) {
    assert writer.isHeldByCurrentThread();
    for (int i = 0; i < FlowTables.INTERNAL; i++) {
      TableConfiguration table = wanted.get(i);
      TableSettings.Configured configured =
          table == null ? TableSettings.Configured.NONE : table.settings();
      if (!tables.settings(i).configured().equals(configured)) {
        tables.configure(i, tables.settings(i).withConfigured(configured));
        tables.shrink(i, nowNs);
      }
    }
  }

  /** Takes over other ports and bundles, and tells controllers of the difference. */
  public void setPorts(PortTable changed) {
    assert writer.isHeldByCurrentThread();
    PortTable old = ports;
    ports = changed;
    changes.advance();
    for (Bundle bundle : old.bundles()) {
      if (changed.bundle(bundle.id()) == null) {
        macTable.forgetBundle(bundle.id());
      }
    }
    for (SwitchPort port : old.all()) {
      if (changed.get(port.number()) == null) {
        tellPort(PortStatus.DELETED, port.description());
      }
    }
    for (SwitchPort port : changed.all()) {
      SwitchPort before = old.get(port.number());
      if (before == null) {
        tellAdded(port);
      } else {
        tellModified(before.description(), port.description());
      }
    }
  }

  /**
   * Makes the switch one that bridges by itself, or not: with no controller configured by a rule
   * that anybody sees and may delete, where controllers are configured but gone by a hidden one.
   */
  public void setStandalone(Standalone mode, long nowNs) {
    assert writer.isHeldByCurrentThread();
    standalone = mode;
    if (standaloneRule != null) {
      tables.removeHidden(standaloneRule);
      standaloneRule = null;
    }
    int priority =
        switch (mode) {
          case OFF -> -1;
          case VISIBLE -> 0;
          case HIDDEN -> FAIL_OPEN_PRIORITY;
        };
    if (priority >= 0) {
      Rule.Body body = Rule.Body.of(List.of(OfAction.Output.to(OfPort.NORMAL)));
      standaloneRule = new Rule(0, Match.any(), priority, body, nowNs);
      tables.insertHidden(standaloneRule);
    }
  }

  /** What {@link #setStandalone} said last, if rules were not flushed since. */
  public Standalone standalone() {
    return standalone;
  }

  /** Above every priority that a controller may use. */
  private static final int FAIL_OPEN_PRIORITY = 0xf0f0f0;

  /** How a switch comes to bridge by itself. */
  public enum Standalone {
    OFF,
    VISIBLE,
    HIDDEN
  }

  /** Removes every rule. */
  public void flushRules() {
    assert writer.isHeldByCurrentThread();
    standaloneRule = null;
    standalone = Standalone.OFF;
    tables.clear();
    meters.clear();
  }

  /**
   * Removes rules whose time is up and stations not heard for long; says how many. Looks for them
   * without the writer lock, and takes that for a few at a time.
   */
  public int expire(long nowNs) {
    handler.expireBundles(settings.bundleIdleS() * NANOS_PER_SECOND, nowNs);
    int count = macTable.expire(nowNs);
    if (count > 0) {
      changes.advance();
    }
    List<Rule> due = tables.due(nowNs);
    due.sort(Comparator.comparingLong(Rule::sequence)); // so is it told, as Open vSwitch does
    for (int from = 0; from < due.size(); from += EXPIRY_PORTION) {
      List<Rule> portion = due.subList(from, Math.min(due.size(), from + EXPIRY_PORTION));
      writer.lock();
      try {
        count += tables.expire(portion, nowNs);
      } finally {
        writer.unlock();
      }
    }
    sweep();
    return count;
  }

  /** Forgets what the version of the last time needed; the lock is for a few rules at a time. */
  private void sweep() {
    boolean hasMore = true;
    for (boolean isFirst = true; hasMore; isFirst = false) {
      writer.lock();
      try {
        if (isFirst) {
          tables.giveUpOld();
        }
        hasMore = tables.sweep(EXPIRY_PORTION);
      } finally {
        writer.unlock();
      }
    }
  }

  // Sessions.

  /** Begins to tell {@code session} of events. */
  public void attach(Session session) {
    sessions.add(session);
    changes.advance(); // what a table miss becomes rests on who is there
  }

  /** Forgets {@code session}. */
  public void detach(Session session) {
    sessions.remove(session);
    changes.advance();
  }

  /** Whether a controller is connected. */
  @Override
  public boolean hasController() {
    return sessions.hasController();
  }

  /**
   * Does what a peer asks and sends it the answer; null, or an error that the caller reports with
   * the request's bytes. Takes the writer lock where it has to.
   */
  OfError handle(RequestHandler.Request request, OfMessage message) {
    return handler.handle(request, message);
  }

  /** Adds, changes or deletes rules on nobody's behalf; null, or what is wrong. */
  public OfError flowMod(FlowMod mod, long nowNs) {
    writer.lock();
    try {
      return tables.apply(mod, Origin.NOBODY, nowNs);
    } finally {
      writer.unlock();
    }
  }

  /** Performs a learn action's effect; says whether any table has changed. Takes the lock. */
  public boolean learn(Effect.LearnRule learned, long nowNs) {
    writer.lock();
    try {
      return LearnedRules.learn(tables, learned, nowNs);
    } finally {
      writer.unlock();
    }
  }

  /** Who is shown what controllers are told and say. */
  Snoops snoops() {
    return snoops;
  }

  /** Sends a packet to the controllers that want it. Never waits. */
  public void packetIn(PacketInEvent packetIn, long nowNs) {
    PacketIns.tell(sessions, packetIn, nowNs);
  }

  void setFragments(int handling) {
    if (fragments != handling) {
      fragments = handling;
      changes.advance();
    }
  }

  int fragments() {
    return fragments;
  }

  private void tellPort(int reason, PortDescription port) {
    sessions.tell(AsyncConfig.Kind.PORT_STATUS, reason, session -> new PortStatus(reason, port));
  }

  /** A port comes first and is alive then. */
  private void tellAdded(SwitchPort port) {
    PortDescription dead = without(port.description(), State.LIVE);
    tellPort(PortStatus.ADDED, dead);
    tellChange(dead, port.description());
  }

  /** A port that loses its carrier is not alive first, and has none then. */
  private void tellModified(PortDescription before, PortDescription after) {
    PortDescription between = without(after, State.LIVE | State.LINK_DOWN);
    boolean dies = (before.state() & State.LIVE) != 0 && (after.state() & State.LINK_DOWN) != 0;
    if (dies) {
      tellChange(before, between);
    }
    tellChange(dies ? between : before, after);
  }

  /** Tells of a change who can see it: 1.0 has no port that is alive. */
  private void tellChange(PortDescription before, PortDescription after) {
    boolean isSmall = without(before, State.LIVE).equals(without(after, State.LIVE));
    if (!before.equals(after)) {
      sessions.tell(
          AsyncConfig.Kind.PORT_STATUS,
          PortStatus.MODIFIED,
          session ->
              isSmall && session.version() == OfVersion.OF10
                  ? null
                  : new PortStatus(PortStatus.MODIFIED, after));
    }
  }

  private static PortDescription without(PortDescription port, int state) {
    return new PortDescription(
        port.number(),
        port.mac(),
        port.name(),
        port.config(),
        port.state() & ~state,
        port.features());
  }

  /** What has to happen when rules change. */
  private final class TableListener implements FlowTables.Listener {
    @Override
    public void changed() {
      changes.advance();
    }

    @Override
    public OfError check(FlowMod mod) {
      // The table may have changed since the match was read.
      return tlvTable.layout().agrees(mod.match())
          ? References.check(Ofproto.this, mod.actions())
          : OfError.NXFMFC_INVALID_TLV_FIELD;
    }

    @Override
    public void rule(RuleChange change, Origin origin, long nowNs) {
      if (change.after() == null) {
        tellRemoved(change.before(), change.reason(), nowNs);
      }
      monitors.note(change, origin);
      tellVacancy(change.rule().tableId());
    }

    @Override
    public void done(long nowNs) {
      monitors.flush();
    }
  }

  /** Tells that a table got full or has room again, where somebody asked to be told. */
  private void tellVacancy(int table) {
    TableSettings settings = tables.settings(table);
    TableSettings.Vacancy vacancy = settings.vacancy();
    if (!vacancy.isOn()) {
      return;
    }
    int free = tables.percentFree(table);
    int event =
        free < vacancy.down()
            ? TableStatus.VACANCY_DOWN
            : free > vacancy.up() ? TableStatus.VACANCY_UP : 0;
    if (event != vacancy.next()) {
      return;
    }
    TableStatus status = new TableStatus(event, TableDescriptions.configuration(tables, table));
    sessions.tell(AsyncConfig.Kind.TABLE_STATUS, event, _ -> status);
    int next =
        event == TableStatus.VACANCY_DOWN ? TableStatus.VACANCY_UP : TableStatus.VACANCY_DOWN;
    tables.configure(
        table, settings.withVacancy(new TableSettings.Vacancy(vacancy.down(), vacancy.up(), next)));
  }

  private void tellRemoved(Rule rule, FlowRemoved.Reason reason, long nowNs) {
    if (!rule.hasFlag(FlowMod.SEND_FLOW_REMOVED) || rule.isHidden()) {
      return;
    }
    FlowRemoved.Counts counts =
        new FlowRemoved.Counts(rule.statistics().packets(), rule.statistics().bytes());
    sessions.tell(
        AsyncConfig.Kind.FLOW_REMOVED,
        reason.ordinal(),
        session ->
            new FlowRemoved(
                reason,
                rule.tableId(),
                rule.priority(),
                rule.match(),
                rule.cookie(),
                rule.timeouts(),
                age(rule.createdNs(), nowNs),
                counts,
                session.nxm()));
  }

  /**
   * Nanoseconds from {@code sinceNs} to {@code nowNs}, told by the millisecond as Open vSwitch
   * does.
   */
  static long age(long sinceNs, long nowNs) {
    long ageNs = Math.max(0, nowNs - sinceNs);
    return ageNs - ageNs % NANOS_PER_MILLISECOND;
  }

  /** Whole seconds from {@code sinceNs} to {@code nowNs}. */
  static int secondsBetween(long sinceNs, long nowNs) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(0, nowNs - sinceNs) / NANOS_PER_SECOND);
  }

  // What translation asks. Any thread.

  @Override
  public int tableCount() {
    return FlowTables.COUNT;
  }

  @Override
  public long version() {
    return tables.versions().current();
  }

  @Override
  public Rule lookup(int table, FlowKey key, FlowMask wildcards, long version) {
    return tables.table(table).lookup(key, wildcards, version);
  }

  @Override
  public TableMiss onMiss(int table) {
    return switch (tables.settings(table).miss()) {
      case CONTROLLER -> TableMiss.CONTROLLER;
      case CONTINUE -> TableMiss.CONTINUE;
      case DROP -> TableMiss.DROP;
      case UNSPECIFIED -> sessions.wantsMisses() ? TableMiss.CONTROLLER : TableMiss.DROP;
    };
  }

  @Override
  public Group group(int id, long version) {
    return tables.groups().get(id, version);
  }

  @Override
  public int datapathMeter(int meterId) {
    return meters.datapathId(meterId);
  }

  @Override
  public void shortenTimeouts(Rule rule, Timeouts limit) {
    tables.shortenTimeouts(rule, limit);
  }

  @Override
  public void creditTable(int table, boolean matched, long packets) {
    if (matched) {
      tables.use(table).creditHits(packets);
    } else {
      tables.use(table).creditMisses(packets);
    }
  }

  @Override
  public boolean mayLearn(Effect.LearnRule learned, long version) {
    int table = learned.table();
    return LearnedRules.mayLearn(tables.table(table), learned, version, () -> cookies(table));
  }

  private CookieCounts cookies(int table) {
    CookieCounts counted = tables.indexes().cookies(table);
    if (counted != null) {
      return counted;
    }
    writer.lock();
    try {
      return tables.cookies(table);
    } finally {
      writer.unlock();
    }
  }

  @Override
  public PortView port(int number) {
    return ports.view(number);
  }

  @Override
  public List<PortView> ports() {
    return ports.views();
  }

  @Override
  public OptionLayout options() {
    return tlvTable.layout();
  }

  @Override
  public FragmentHandling fragmentHandling() {
    return switch (fragments & OfMessage.SwitchConfig.FRAGMENTS_MASK) {
      case OfMessage.SwitchConfig.FRAGMENTS_DROP -> FragmentHandling.DROP;
      case OfMessage.SwitchConfig.FRAGMENTS_NX_MATCH -> FragmentHandling.MATCH;
      default -> FragmentHandling.NORMAL;
    };
  }

  @Override
  public Bundle bundleOf(int port) {
    return ports.bundleOf(port);
  }

  @Override
  public Bundle bundle(int id) {
    return ports.bundle(id);
  }

  @Override
  public List<Bundle> bundles() {
    return ports.bundles();
  }

  @Override
  public MacTable macTable() {
    return macTable;
  }

  @Override
  public boolean forwardsReservedMulticast() {
    return settings.forwardsBpdu();
  }
}
