package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.Multipart.TableStats;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.message.PortStats;
import org.sluice.openflow.message.TableFeatures;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.ofproto.RequestHandler.Request;

/**
 * Answers questions about a switch's state. Changes nothing, so takes no lock: dumps read the
 * tables while packets and flow mods go on.
 */
final class StatisticsHandler {
  private static final int GROUP_LIMIT = 0xffff_ff00;
  private static final int ALL_GROUP_TYPES = 0xf;
  private static final int GROUP_CAPABILITIES = 0x7;
  private static final int GROUP_TYPES = 4;

  private final Ofproto ofproto;

  StatisticsHandler(Ofproto ofproto) {
    this.ofproto = ofproto;
  }

  OfError handle(Request request, Multipart.Request query) {
    switch (query) {
      case Multipart.DescriptionRequest description -> request.reply(description());
      case Multipart.FlowStatsRequest flows -> {
        return flows(request, flows);
      }
      case Multipart.AggregateRequest aggregate -> {
        return aggregate(request, aggregate);
      }
      case Multipart.TableStatsRequest tables ->
          request.reply(new Multipart.TableStatsReply(tables(request.session().version()), false));
      case Multipart.PortStatsRequest ports -> {
        return portStats(request, ports.port());
      }
      case Multipart.PortDescriptionRequest ports -> {
        return portDescriptions(request, ports.port());
      }
      case Multipart.QueueStatsRequest queues ->
          request.reply(new Multipart.QueueStatsReply(List.of(), false));
      case Multipart.QueueDescriptionRequest queues ->
          request.reply(new Multipart.QueueDescriptionReply(List.of(), false));
      case Multipart.GroupStatsRequest groups ->
          request.reply(new Multipart.GroupStatsReply(List.of(), false));
      case Multipart.GroupDescriptionRequest groups ->
          request.reply(new Multipart.GroupDescriptionReply(List.of(), false));
      case Multipart.GroupFeaturesRequest groups -> request.reply(groupFeatures());
      case Multipart.MeterStatsRequest meters ->
          request.reply(new Multipart.MeterStatsReply(List.of(), false));
      case Multipart.MeterConfigRequest meters ->
          request.reply(new Multipart.MeterConfigReply(List.of(), false));
      case Multipart.MeterFeaturesRequest meters ->
          request.reply(new Multipart.MeterFeaturesReply(new MeterMod.Features(0, 0, 0, 0, 0)));
      case Multipart.TableDescriptionRequest tables ->
          request.reply(TableDescriptions.configuration());
      case Multipart.FlowMonitorRequest monitors -> {
        return OfError.OFPBRC_BAD_STAT;
      }
      case Multipart.IpfixBridgeRequest ipfix -> {
        return OfError.NXST_NOT_CONFIGURED;
      }
      case Multipart.IpfixFlowRequest ipfix -> {
        return OfError.NXST_NOT_CONFIGURED;
      }
      case Multipart.TableFeaturesRequest features -> {
        // What tables there are cannot be changed.
        if (!features.tables().isEmpty()) {
          return OfError.OFPTFFC_EPERM;
        }
        request.reply(TableDescriptions.features(request.session().version()));
      }
    }
    return null;
  }

  private Multipart.DescriptionReply description() {
    SwitchSettings.Description own = ofproto.settings().description();
    return new Multipart.DescriptionReply(
        "Nicira, Inc.", "Open vSwitch", own.software(), own.serial(), own.datapath());
  }

  private OfError flows(Request request, Multipart.FlowStatsRequest asked) {
    if (isBadTable(asked.query().table())) {
      return OfError.OFPBRC_BAD_TABLE_ID;
    }
    ofproto.backend().refreshStatistics();
    List<FlowStats> flows = new ArrayList<>();
    for (Rule rule : ofproto.tables().collect(RuleFilter.of(asked.query()))) {
      flows.add(stats(rule, request.nowNs()));
    }
    request.reply(new Multipart.FlowStatsReply(flows, asked.nicira(), false));
    return null;
  }

  private OfError aggregate(Request request, Multipart.AggregateRequest asked) {
    if (isBadTable(asked.query().table())) {
      return OfError.OFPBRC_BAD_TABLE_ID;
    }
    ofproto.backend().refreshStatistics();
    long packets = 0;
    long bytes = 0;
    List<Rule> rules = ofproto.tables().collect(RuleFilter.of(asked.query()));
    for (Rule rule : rules) {
      packets += rule.statistics().packets();
      bytes += rule.statistics().bytes();
    }
    request.reply(new Multipart.AggregateReply(packets, bytes, rules.size(), asked.nicira()));
    return null;
  }

  private static boolean isBadTable(int table) {
    return table != FlowMod.ANY_TABLE && table >= FlowTables.COUNT;
  }

  /** A rule as controllers see it. */
  static FlowStats stats(Rule rule, long nowNs) {
    return new FlowStats(
        rule.tableId(),
        rule.priority(),
        rule.match(),
        rule.cookie(),
        rule.timeouts(),
        new FlowStats.Ages(
            Ofproto.age(rule.createdNs(), nowNs),
            Ofproto.secondsBetween(rule.statistics().usedNs(), nowNs),
            Ofproto.secondsBetween(rule.modifiedNs(), nowNs)),
        new FlowRemoved.Counts(rule.statistics().packets(), rule.statistics().bytes()),
        rule.flags(),
        rule.importance(),
        rule.actions());
  }

  private List<TableStats> tables(OfVersion version) {
    List<TableStats> stats = new ArrayList<>();
    List<TableFeatures> features = TableDescriptions.features(version).tables();
    for (int i = 0; i < Ofproto.VISIBLE_TABLES; i++) {
      FlowTables.TableUse use = ofproto.tables().use(i);
      int active = ofproto.tables().visibleRules(i);
      stats.add(new TableStats(i, active, use.lookups(), use.matches(), features.get(i)));
    }
    return stats;
  }

  private OfError portStats(Request request, int asked) {
    List<PortStats> stats = new ArrayList<>();
    for (SwitchPort port : ofproto.portTable().all()) {
      if (asked == OfPort.ANY || asked == port.number()) {
        stats.add(ofproto.backend().portStats(port, request.nowNs()));
      }
    }
    if (asked != OfPort.ANY && stats.isEmpty()) {
      return OfError.OFPBRC_BAD_PORT;
    }
    request.reply(new Multipart.PortStatsReply(stats, false));
    return null;
  }

  private OfError portDescriptions(Request request, int asked) {
    List<PortDescription> ports = new ArrayList<>();
    for (SwitchPort port : ofproto.portTable().all()) {
      if (asked == OfPort.ANY || asked == port.number()) {
        ports.add(port.description());
      }
    }
    request.reply(new Multipart.PortDescriptionReply(ports, false));
    return null;
  }

  private static Multipart.GroupFeaturesReply groupFeatures() {
    List<Integer> limits = IntStream.range(0, GROUP_TYPES).mapToObj(type -> GROUP_LIMIT).toList();
    List<Integer> actions = IntStream.range(0, GROUP_TYPES).mapToObj(type -> 0).toList();
    return new Multipart.GroupFeaturesReply(ALL_GROUP_TYPES, GROUP_CAPABILITIES, limits, actions);
  }
}
