package org.sluice.openflow.print;

import java.util.List;
import org.sluice.openflow.codec.Inspected;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.text.FlowFormatter;

/** Multipart messages. */
final class MultipartPrinter {
  private static final String[] IPFIX_GOOD = {
    "flows=", "current flows=", "sampled pkts=", "ipv4 ok=", "ipv6 ok="
  };
  private static final String[] IPFIX_BAD = {"pkts errs=", "ipv4 errs=", "ipv6 errs="};
  private static final int IPFIX_SENT = 8;

  private final MessagePrinter printer;
  private final StringBuilder out;

  MultipartPrinter(MessagePrinter printer, StringBuilder out) {
    this.printer = printer;
    this.out = out;
  }

  void add(Multipart message, Inspected inspected) {
    switch (message) {
      case Multipart.Request request -> add(request);
      case Multipart.Reply reply -> add(reply, inspected);
    }
  }

  private void add(Multipart.Request request) {
    switch (request) {
      case Multipart.FlowStatsRequest flows ->
          new FlowPrinter(printer.names(), out).add(flows.query());
      case Multipart.AggregateRequest flows ->
          new FlowPrinter(printer.names(), out).add(flows.query());
      case Multipart.PortStatsRequest(int port) ->
          out.append(" port_no=").append(printer.names().portText(port));
      case Multipart.PortDescriptionRequest(int port) ->
          out.append(" port=").append(printer.names().portText(port));
      case Multipart.QueueStatsRequest queue -> new QueuePrinter(printer, out).add(queue);
      case Multipart.QueueDescriptionRequest(int port, int queue) ->
          new QueuePrinter(printer, out).addRequest(port, queue);
      case Multipart.GroupStatsRequest(int group) -> groups(OfVersion.OF10).addId(group);
      case Multipart.GroupDescriptionRequest(int group) -> groups(OfVersion.OF10).addId(group);
      case Multipart.MeterStatsRequest(int meter) -> addMeter(meter);
      case Multipart.MeterConfigRequest(int meter) -> addMeter(meter);
      case Multipart.TableFeaturesRequest features ->
          new TablePrinter(printer.names(), out).addFeatures(features.tables());
      case Multipart.FlowMonitorRequest monitors -> {
        MonitorPrinter monitor = new MonitorPrinter(printer.names(), out);
        monitors.monitors().forEach(monitor::add);
      }
      case Multipart.DescriptionRequest description -> {}
      case Multipart.TableStatsRequest tables -> {}
      case Multipart.TableDescriptionRequest tables -> {}
      case Multipart.GroupFeaturesRequest groups -> {}
      case Multipart.MeterFeaturesRequest meters -> {}
      case Multipart.IpfixBridgeRequest ipfix -> {}
      case Multipart.IpfixFlowRequest ipfix -> {}
    }
  }

  private GroupPrinter groups(OfVersion version) {
    return new GroupPrinter(printer.names(), version, out);
  }

  private void addMeter(int meter) {
    out.append(' ');
    new MeterPrinter(out).addId(meter, '=');
  }

  private void add(Multipart.Reply reply, Inspected inspected) {
    OfVersion version = inspected.version();
    switch (reply) {
      case Multipart.DescriptionReply description -> add(description);
      case Multipart.FlowStatsReply flows -> addFlows(flows.flows());
      case Multipart.AggregateReply aggregate -> add(aggregate);
      case Multipart.TableStatsReply tables ->
          new TablePrinter(printer.names(), out).addStats(tables.tables(), version);
      case Multipart.TableFeaturesReply features ->
          new TablePrinter(printer.names(), out).addFeatures(features.tables());
      case Multipart.TableDescriptionReply tables -> {
        TablePrinter table = new TablePrinter(printer.names(), out);
        tables.tables().forEach(table::addDescription);
      }
      case Multipart.PortStatsReply ports -> add(ports);
      case Multipart.PortDescriptionReply ports -> add(ports);
      case Multipart.QueueStatsReply queues ->
          new QueuePrinter(printer, out).addStats(queues.queues());
      case Multipart.QueueDescriptionReply queues ->
          new QueuePrinter(printer, out).addQueues(queues.queues());
      case Multipart.GroupStatsReply groups -> {
        groups.groups().forEach(groups(version)::add);
        if (inspected.error() != null) {
          out.append(" ***parse error***");
        }
      }
      case Multipart.GroupDescriptionReply groups -> groups.groups().forEach(groups(version)::add);
      case Multipart.GroupFeaturesReply features -> groups(version).add(features);
      case Multipart.MeterStatsReply meters ->
          meters.meters().forEach(meter -> new MeterPrinter(out.append('\n')).add(meter));
      case Multipart.MeterConfigReply meters ->
          meters.meters().forEach(meter -> new MeterPrinter(out.append('\n')).add(meter));
      case Multipart.MeterFeaturesReply features -> new MeterPrinter(out).add(features.features());
      case Multipart.FlowMonitorReply monitors -> {
        MonitorPrinter monitor = new MonitorPrinter(printer.names(), out);
        monitors.updates().forEach(monitor::add);
      }
      case Multipart.IpfixReply ipfix -> add(ipfix);
    }
  }

  private void add(Multipart.DescriptionReply description) {
    out.append("\nManufacturer: ").append(description.manufacturer());
    out.append("\nHardware: ").append(description.hardware());
    out.append("\nSoftware: ").append(description.software());
    out.append("\nSerial Num: ").append(description.serial());
    out.append("\nDP Description: ").append(description.datapath()).append('\n');
  }

  private void addFlows(List<FlowStats> flows) {
    for (FlowStats flow : flows) {
      out.append("\n ").append(FlowFormatter.format(flow, printer.names(), true));
    }
  }

  private void add(Multipart.AggregateReply aggregate) {
    out.append(" packet_count=").append(Long.toUnsignedString(aggregate.packets()));
    out.append(" byte_count=").append(Long.toUnsignedString(aggregate.bytes()));
    out.append(" flow_count=").append(Integer.toUnsignedString(aggregate.flows()));
  }

  private void add(Multipart.PortStatsReply reply) {
    out.append(' ').append(reply.ports().size()).append(" ports\n");
    if (printer.verbosity() >= 1) {
      reply.ports().forEach(new PortPrinter(printer.names(), out)::add);
    }
  }

  private void add(Multipart.PortDescriptionReply reply) {
    out.append('\n');
    PortPrinter port = new PortPrinter(printer.names(), out);
    reply.ports().stream()
        .sorted(java.util.Comparator.comparingInt(each -> each.number()))
        .forEach(port::add);
  }

  private void add(Multipart.IpfixReply ipfix) {
    if (ipfix.perFlow()) {
      out.append(' ').append(ipfix.stats().size()).append(" ids\n");
    }
    for (Multipart.IpfixStats stats : ipfix.stats()) {
      out.append(
          ipfix.perFlow()
              ? "  id %3s: ".formatted(Integer.toUnsignedString(stats.set()))
              : "\n  bridge ipfix: ");
      add(stats, ipfix.perFlow() ? 10 : 16);
    }
  }

  private void add(Multipart.IpfixStats stats, int indent) {
    List<Long> counters = stats.counters();
    for (int i = 0; i < IPFIX_GOOD.length; i++) {
      out.append(IPFIX_GOOD[i]).append(PortPrinter.count(counters.get(i))).append(", ");
    }
    out.append("tx pkts=").append(PortPrinter.count(counters.get(IPFIX_SENT))).append('\n');
    out.append(" ".repeat(indent));
    for (int i = 0; i < IPFIX_BAD.length; i++) {
      long count = counters.get(IPFIX_GOOD.length + i);
      out.append(IPFIX_BAD[i]).append(PortPrinter.count(count)).append(", ");
    }
    out.append("tx errs=").append(PortPrinter.count(counters.get(IPFIX_SENT + 1))).append('\n');
  }
}
