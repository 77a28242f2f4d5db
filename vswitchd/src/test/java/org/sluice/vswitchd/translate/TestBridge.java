package org.sluice.vswitchd.translate;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowMod.Timeouts;
import org.sluice.vswitchd.classifier.Classifier;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.classifier.TableVersions;
import org.sluice.vswitchd.l2.Bundle;
import org.sluice.vswitchd.l2.MacTable;

/** A bridge that a test has put together. Belongs to the test's thread. */
final class TestBridge implements BridgeView {
  private static final int TABLES = 255;
  private static final int METERS = 10;
  private static final Comparator<Integer> LOCAL_FIRST =
      Comparator.comparingInt(port -> port == OfPort.LOCAL ? 0 : port);

  TableMiss miss = TableMiss.DROP;
  FragmentHandling fragments = FragmentHandling.NORMAL;
  OptionLayout options = OptionLayout.NONE;
  final Map<Integer, Group> groups = new TreeMap<>();
  private final String name;
  private final TableVersions versions;
  private final Map<Integer, Classifier> tables = new TreeMap<>();
  private final Map<Integer, PortView> ports = new TreeMap<>(LOCAL_FIRST);
  private final Map<Integer, Bundle> bundles = new TreeMap<>(LOCAL_FIRST);
  private final MacTable macTable = new MacTable();

  TestBridge(String name, TableVersions versions) {
    this.name = name;
    this.versions = versions;
  }

  void add(PortView port, Bundle bundle) {
    ports.put(port.ofPort(), port);
    bundles.put(port.ofPort(), bundle);
  }

  private Classifier table(int table) {
    return tables.computeIfAbsent(table, number -> new Classifier(versions));
  }

  void insert(Rule rule) {
    table(rule.tableId()).insert(rule);
    versions.publish();
  }

  void remove(Rule rule) {
    table(rule.tableId()).remove(rule);
    versions.publish();
  }

  Rule find(int table, Match match, int priority) {
    return table(table).find(match, priority);
  }

  /** How many rules a table has. */
  int count(int table) {
    return table(table).size();
  }

  /** The only rule of a table. */
  Rule only(int table) {
    List<Rule> rules = table(table).within(Match.any(), version());
    assert rules.size() == 1 : rules;
    return rules.getFirst();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int tableCount() {
    return TABLES;
  }

  @Override
  public long version() {
    return versions.current();
  }

  @Override
  public Rule lookup(int table, FlowKey key, FlowMask wildcards, long version) {
    return table(table).lookup(key, wildcards, version);
  }

  @Override
  public TableMiss onMiss(int table) {
    return miss;
  }

  @Override
  public void shortenTimeouts(Rule rule, Timeouts limit) {
    rule.shortenTimeouts(limit);
  }

  @Override
  public void creditTable(int table, boolean matched, long packets) {}

  @Override
  public boolean mayLearn(Effect.LearnRule rule, long version) {
    int[] count = {0};
    table(rule.table())
        .forEach(version, each -> count[0] += each.cookie() == rule.cookie() ? 1 : 0);
    return rule.limit() == 0
        || count[0] < rule.limit()
        || table(rule.table()).find(rule.match(), rule.priority(), version) != null;
  }

  @Override
  public Group group(int id, long version) {
    return groups.get(id);
  }

  @Override
  public int datapathMeter(int meterId) {
    return meterId >= 0 && meterId < METERS ? meterId + 100 : NO_METER;
  }

  @Override
  public boolean hasController() {
    return false;
  }

  @Override
  public PortView port(int ofPort) {
    return ports.get(ofPort);
  }

  @Override
  public List<PortView> ports() {
    return List.copyOf(ports.values());
  }

  @Override
  public OptionLayout options() {
    return options;
  }

  @Override
  public FragmentHandling fragmentHandling() {
    return fragments;
  }

  @Override
  public Bundle bundleOf(int port) {
    return bundles.get(port);
  }

  @Override
  public Bundle bundle(int id) {
    return bundles.values().stream().filter(each -> each.id() == id).findFirst().orElse(null);
  }

  @Override
  public List<Bundle> bundles() {
    return List.copyOf(bundles.values());
  }

  @Override
  public MacTable macTable() {
    return macTable;
  }

  @Override
  public boolean forwardsReservedMulticast() {
    return false;
  }
}
