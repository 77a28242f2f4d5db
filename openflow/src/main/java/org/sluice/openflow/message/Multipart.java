package org.sluice.openflow.message;

import java.util.List;
import org.sluice.datapath.flow.Match;

/**
 * Questions whose answers may take several messages, and the answers. A reply record holds what one
 * message said, {@code more} that others follow; a sender gives the whole list and the encoder
 * splits it.
 */
public sealed interface Multipart extends OfMessage {

  /** A question. */
  sealed interface Request extends Multipart {}

  /** An answer, or a part of it. */
  sealed interface Reply extends Multipart {}

  record DescriptionRequest() implements Request {}

  /** What the switch calls itself. */
  record DescriptionReply(
      String manufacturer, String hardware, String software, String serial, String datapath)
      implements Reply {}

  /** Which rules a flow or aggregate request means; a table of 0xff means all. */
  record FlowQuery(int table, FlowMod.Filter filter, long cookie, long cookieMask, Match match) {
    /** Every rule of every table. */
    public static FlowQuery all() {
      return new FlowQuery(FlowMod.ANY_TABLE, FlowMod.Filter.NONE, 0, 0, Match.any());
    }
  }

  /** {@code nicira}: in the form that 1.0 needs for matches beyond its own. */
  record FlowStatsRequest(FlowQuery query, boolean nicira) implements Request {}

  record FlowStatsReply(List<FlowStats> flows, boolean nicira, boolean more) implements Reply {
    public FlowStatsReply {
      flows = List.copyOf(flows);
    }
  }

  record AggregateRequest(FlowQuery query, boolean nicira) implements Request {}

  record AggregateReply(long packets, long bytes, int flows, boolean nicira) implements Reply {}

  record TableStatsRequest() implements Request {}

  record TableStatsReply(List<TableStats> tables, boolean more) implements Reply {
    public TableStatsReply {
      tables = List.copyOf(tables);
    }
  }

  /** Use of a table. {@code features}: told here up to 1.2. */
  record TableStats(int table, int active, long lookups, long matches, TableFeatures features) {}

  /** {@code port} may be {@link org.sluice.openflow.action.OfPort#ANY}. */
  record PortStatsRequest(int port) implements Request {}

  record PortStatsReply(List<PortStats> ports, boolean more) implements Reply {
    public PortStatsReply {
      ports = List.copyOf(ports);
    }
  }

  /** {@code port} may be {@link org.sluice.openflow.action.OfPort#ANY}. */
  record PortDescriptionRequest(int port) implements Request {}

  record PortDescriptionReply(List<PortDescription> ports, boolean more) implements Reply {
    public PortDescriptionReply {
      ports = List.copyOf(ports);
    }
  }

  /** A queue of 0xffffffff means all. */
  record QueueStatsRequest(int port, int queue) implements Request {}

  record QueueStatsReply(List<QueueStats> queues, boolean more) implements Reply {
    public QueueStatsReply {
      queues = List.copyOf(queues);
    }
  }

  /** {@code durationNs}: -1 for not known. */
  record QueueStats(
      int port, int queue, long txBytes, long txPackets, long txErrors, long durationNs) {}

  record QueueDescriptionRequest(int port, int queue) implements Request {}

  record QueueDescriptionReply(List<OfMessage.QueueDescription> queues, boolean more)
      implements Reply {
    public QueueDescriptionReply {
      queues = List.copyOf(queues);
    }
  }

  /** A group of 0xfffffffc means all. */
  record GroupStatsRequest(int group) implements Request {
    public static final int ALL = 0xffff_fffc;
  }

  record GroupStatsReply(List<GroupStats> groups, boolean more) implements Reply {
    public GroupStatsReply {
      groups = List.copyOf(groups);
    }
  }

  /** Use of a group. */
  record GroupStats(
      int group,
      int referenceCount,
      FlowRemoved.Counts counts,
      long durationNs,
      List<FlowRemoved.Counts> buckets) {
    public GroupStats {
      buckets = List.copyOf(buckets);
    }
  }

  record GroupDescriptionRequest(int group) implements Request {}

  record GroupDescriptionReply(List<GroupMod.Description> groups, boolean more) implements Reply {
    public GroupDescriptionReply {
      groups = List.copyOf(groups);
    }
  }

  record GroupFeaturesRequest() implements Request {}

  /** {@code types}, {@code capabilities}: bits; for each of the four types the limits. */
  record GroupFeaturesReply(
      int types, int capabilities, List<Integer> maxGroups, List<Integer> actions)
      implements Reply {
    public GroupFeaturesReply {
      maxGroups = List.copyOf(maxGroups);
      actions = List.copyOf(actions);
    }
  }

  /** A meter of 0xffffffff means all. */
  record MeterStatsRequest(int meter) implements Request {
    public static final int ALL = 0xffff_ffff;
  }

  record MeterStatsReply(List<MeterMod.Stats> meters, boolean more) implements Reply {
    public MeterStatsReply {
      meters = List.copyOf(meters);
    }
  }

  record MeterConfigRequest(int meter) implements Request {}

  record MeterConfigReply(List<MeterMod.Config> meters, boolean more) implements Reply {
    public MeterConfigReply {
      meters = List.copyOf(meters);
    }
  }

  record MeterFeaturesRequest() implements Request {}

  record MeterFeaturesReply(MeterMod.Features features) implements Reply {}

  /** With tables in it, asks to change them. */
  record TableFeaturesRequest(List<TableFeatures> tables, boolean more) implements Request {
    public TableFeaturesRequest {
      tables = List.copyOf(tables);
    }
  }

  record TableFeaturesReply(List<TableFeatures> tables, boolean more) implements Reply {
    public TableFeaturesReply {
      tables = List.copyOf(tables);
    }
  }

  record TableDescriptionRequest() implements Request {}

  record TableDescriptionReply(List<OfMessage.TableMod> tables, boolean more) implements Reply {
    public TableDescriptionReply {
      tables = List.copyOf(tables);
    }
  }

  /** Starts or, from 1.4 on, ends monitors. */
  record FlowMonitorRequest(List<FlowMonitor> monitors, boolean more) implements Request {
    public FlowMonitorRequest {
      monitors = List.copyOf(monitors);
    }
  }

  /** What monitors tell, as an answer and later unasked. */
  record FlowMonitorReply(List<FlowMonitor.Update> updates, boolean more) implements Reply {
    public FlowMonitorReply {
      updates = List.copyOf(updates);
    }
  }

  record IpfixBridgeRequest() implements Request {}

  record IpfixFlowRequest() implements Request {}

  /** {@code perFlow}: for each collector set, rather than for the bridge. */
  record IpfixReply(List<IpfixStats> stats, boolean perFlow, boolean more) implements Reply {
    public IpfixReply {
      stats = List.copyOf(stats);
    }
  }

  /**
   * What an exporter did.
   *
   * @param counters in the order of the wire: flows in all and now; packets, of IPv4, of IPv6; the
   *     same three not taken; packets sent and failed
   * @param set the collector set
   */
  record IpfixStats(List<Long> counters, int set) {
    public static final int COUNTERS = 10;

    public IpfixStats {
      counters = List.copyOf(counters);
    }
  }
}
