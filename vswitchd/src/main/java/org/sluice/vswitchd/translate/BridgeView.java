package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.message.FlowMod.Timeouts;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.l2.Bundle;
import org.sluice.vswitchd.l2.NormalBridging;

/**
 * A bridge as translation sees it. Any thread may ask at any time; what is answered is published
 * whole.
 */
public interface BridgeView extends NormalBridging.View {
  /** The bridge's name. */
  String name();

  /** How many tables there are; the last one is the switch's own. */
  int tableCount();

  /** The version of the tables that is in force, the same for all bridges. */
  long version();

  /**
   * The best rule for {@code key} in {@code table} as {@code version} has it, or null; {@code
   * wildcards} covers from then on also what was looked at. Conjunctions are resolved.
   */
  Rule lookup(int table, FlowKey key, FlowMask wildcards, long version);

  /** What a packet that no rule of {@code table} matches becomes. */
  TableMiss onMiss(int table);

  /** Counts packets that a table matched or missed. */
  void creditTable(int table, boolean matched, long packets);

  /** Makes the timeouts of {@code rule} no longer than {@code limit}. Any thread. */
  void shortenTimeouts(Rule rule, Timeouts limit);

  /**
   * Whether {@code rule} is within its limit in {@code version}: it is there already, or not too
   * many are.
   */
  boolean mayLearn(Effect.LearnRule rule, long version);

  /** The group of that number in {@code version}; null where there is none. */
  Group group(int id, long version);

  /** What the datapath calls the meter of that number; {@link #NO_METER} where there is none. */
  int datapathMeter(int meterId);

  /** See {@link #datapathMeter}. */
  int NO_METER = -1;

  /** Whether a controller is connected. */
  boolean hasController();

  /** The port of that OpenFlow number; null where there is none. */
  PortView port(int ofPort);

  /** All ports, in the order in which frames are flooded. */
  List<PortView> ports();

  /** Where tunnel options lie in keys and matches. */
  OptionLayout options();

  /** How fragments look to the tables. */
  FragmentHandling fragmentHandling();

  @Override
  default boolean floods(Bundle bundle) {
    for (int member : bundle.members()) {
      PortView port = port(member);
      if (port != null && port.has(PortView.Flag.NO_FLOOD)) {
        return false;
      }
    }
    return true;
  }

  /** What becomes of a packet that no rule of a table matches. */
  enum TableMiss {
    /** Looks in the next table. */
    CONTINUE,
    /** Goes to the controllers. */
    CONTROLLER,
    DROP
  }

  /** How fragments look to the tables. */
  enum FragmentHandling {
    /** As packets whose ports are 0. */
    NORMAL,
    /** Not at all: they are dropped. */
    DROP,
    /** As they are: the first one has its ports. */
    MATCH
  }
}
