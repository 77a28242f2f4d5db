package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.Multipart.TableStats;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.message.PortStats;
import org.sluice.openflow.message.TableFeatures;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.ofproto.RequestHandler.Request;
import org.sluice.vswitchd.translate.Group;

/**
 * Answers questions about a switch's state. Changes nothing, so takes no lock: dumps read the
 * tables while packets and flow mods go on.
 */
final class StatisticsHandler {
  private static final int GROUP_LIMIT = 0xffff_ff00;
  private static final int ALL_GROUP_TYPES = 0xf;
  private static final int GROUP_CAPABILITIES = 0x7;
  private static final int GROUP_TYPES = 4;

  /** Flows that are told of before the next are looked at: who asks can begin to read. */
  private static final int FLOW_PORTION = 512;

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
      case Multipart.QueueStatsRequest queues -> {
        return queueStats(request, queues);
      }
      case Multipart.QueueDescriptionRequest queues -> {
        return queueDescriptions(request, queues);
      }
      case Multipart.GroupStatsRequest groups -> groupStats(request, groups.group());
      case Multipart.GroupDescriptionRequest groups -> describeGroups(request, groups.group());
      case Multipart.GroupFeaturesRequest groups ->
          request.reply(groupFeatures(request.session().version()));
      case Multipart.MeterStatsRequest meters -> {
        return meterStats(request, meters.meter());
      }
      case Multipart.MeterConfigRequest meters -> {
        return meterConfigs(request, meters.meter());
      }
      case Multipart.MeterFeaturesRequest meters ->
          request.reply(new Multipart.MeterFeaturesReply(Meters.FEATURES));
      case Multipart.TableDescriptionRequest tables ->
          request.reply(TableDescriptions.configuration(ofproto.tables()));
      case Multipart.FlowMonitorRequest monitors -> {
        return monitor(request, monitors);
      }
      case Multipart.IpfixBridgeRequest ipfix -> {
        return OfError.NXST_NOT_CONFIGURED;
      }
      case Multipart.IpfixFlowRequest ipfix -> {
        return OfError.NXST_NOT_CONFIGURED;
      }
      case Multipart.TableFeaturesRequest features -> {
        return tableFeatures(request, features);
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
    List<Rule> rules = ofproto.tables().collect(RuleFilter.of(asked.query()));
    int from = 0;
    while (rules.size() - from > FLOW_PORTION) {
      replyFlows(request, asked, rules.subList(from, from + FLOW_PORTION), true);
      from += FLOW_PORTION;
    }
    replyFlows(request, asked, rules.subList(from, rules.size()), false);
    return null;
  }

  private static void replyFlows(
      Request request, Multipart.FlowStatsRequest asked, List<Rule> rules, boolean hasMore) {
    List<FlowStats> flows = rules.stream().map(rule -> stats(rule, request.nowNs())).toList();
    request.reply(new Multipart.FlowStatsReply(flows, asked.nicira(), hasMore));
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
    List<TableFeatures> features = TableDescriptions.features(ofproto.tables(), version).tables();
    for (int i = 0; i < Ofproto.VISIBLE_TABLES; i++) {
      FlowTables.TableUse use = ofproto.tables().use(i);
      int active = ofproto.tables().visibleRules(i);
      stats.add(new TableStats(i, active, use.lookups(), use.matches(), features.get(i)));
    }
    return stats;
  }

  private void groupStats(Request request, int asked) {
    ofproto.backend().refreshStatistics();
    List<Multipart.GroupStats> stats = new ArrayList<>();
    FlowTables tables = ofproto.tables();
    Map<Integer, List<Rule>> users =
        tables.versions().read(version -> tables.users(RuleFilter::groups, version));
    for (Group group : tables.groups(asked)) {
      stats.add(
          new Multipart.GroupStats(
              group.id(),
              users.getOrDefault(group.id(), List.of()).size(),
              group.counts(),
              Ofproto.age(group.createdNs(), request.nowNs()),
              group.bucketCounts()));
    }
    request.reply(new Multipart.GroupStatsReply(stats, false));
  }

  private void describeGroups(Request request, int asked) {
    List<GroupMod.Description> groups =
        ofproto.tables().groups(asked).stream().map(Group::description).toList();
    request.reply(new Multipart.GroupDescriptionReply(groups, false));
  }

  private OfError meterStats(Request request, int asked) {
    if (!ofproto.meters().means(asked)) {
      return OfError.OFPMMFC_UNKNOWN_METER;
    }
    ofproto.backend().refreshStatistics();
    List<MeterMod.Stats> stats = ofproto.meters().stats(asked, request.nowNs());
    request.reply(new Multipart.MeterStatsReply(stats, false));
    return null;
  }

  private OfError meterConfigs(Request request, int asked) {
    if (!ofproto.meters().means(asked)) {
      return OfError.OFPMMFC_UNKNOWN_METER;
    }
    request.reply(new Multipart.MeterConfigReply(ofproto.meters().configs(asked), false));
    return null;
  }

  private OfError tableFeatures(Request request, Multipart.TableFeaturesRequest asked) {
    OfVersion version = request.session().version();
    ofproto.writer().lock();
    try {
      OfError error = new TableChange(asked.tables()).apply(ofproto.tables(), version);
      if (error != null) {
        return error;
      }
    } finally {
      ofproto.writer().unlock();
    }
    request.reply(TableDescriptions.features(ofproto.tables(), version));
    return null;
  }

  private OfError monitor(Request request, Multipart.FlowMonitorRequest asked) {
    InitialRules initial = new InitialRules(ofproto, request);
    ofproto.writer().lock();
    try {
      OfError error = ofproto.monitors().change(request.session(), asked.monitors());
      if (error != null) {
        return error;
      }
    } finally {
      ofproto.writer().unlock();
    }
    initial.tell(asked.monitors());
    return null;
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

  private OfError queueStats(Request request, Multipart.QueueStatsRequest asked) {
    Queues queues = Queues.of(ofproto, asked.port(), asked.queue());
    if (queues.error() == null) {
      List<Multipart.QueueStats> stats = new ArrayList<>();
      queues.found().forEach(each -> stats.add(queueStats(each)));
      request.reply(new Multipart.QueueStatsReply(stats, false));
    }
    return queues.error();
  }

  /** Devices count by port, not by queue. */
  private static Multipart.QueueStats queueStats(OfMessage.QueueDescription queue) {
    return new Multipart.QueueStats(queue.port(), queue.queue(), -1, -1, -1, -1);
  }

  private OfError queueDescriptions(Request request, Multipart.QueueDescriptionRequest asked) {
    Queues queues = Queues.of(ofproto, asked.port(), asked.queue());
    if (queues.error() == null) {
      request.reply(new Multipart.QueueDescriptionReply(queues.found(), false));
    }
    return queues.error();
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

  private static Multipart.GroupFeaturesReply groupFeatures(OfVersion version) {
    List<Integer> limits = Collections.nCopies(GROUP_TYPES, GROUP_LIMIT);
    List<Integer> actions = Collections.nCopies(GROUP_TYPES, bucketActions(version));
    return new Multipart.GroupFeaturesReply(ALL_GROUP_TYPES, GROUP_CAPABILITIES, limits, actions);
  }

  /** Bits for what buckets can do, by the numbers that the version has for actions. */
  private static int bucketActions(OfVersion version) {
    return switch (version) {
      case OF10 -> OfMessage.FeaturesReply.ALL_ACTIONS;
      case OF11 -> 0x1ff_e7ff;
      default -> 0x3ff_8001;
    };
  }
}
