package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import org.sluice.datapath.datapath.MeterTable;
import org.sluice.openflow.message.CtFlush;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;
import org.sluice.openflow.message.PortStats;

/** A datapath without packets, which remembers what it was told. */
final class FakeBackend implements SwitchBackend {
  final List<PacketOut> sent = new ArrayList<>();
  final MeterTable meters = new MeterTable();
  final List<String> admin = new ArrayList<>();

  /** What translating a packet meets; null for nothing. */
  RuntimeException fault;

  /** Of the tables that packet-outs of bundles went through. */
  final List<Long> versions = new ArrayList<>();

  /** Zones of which connections were ended. */
  final List<Integer> flushed = new ArrayList<>();

  /** Packets that were sent on where they had stopped. */
  final List<PacketIn> resumed = new ArrayList<>();

  /** How many had been sent when somebody waited for them last. */
  int awaited;

  @Override
  public OfError packetOut(Ofproto ofproto, PacketOut message, long nowNs) {
    sent.add(message);
    return null;
  }

  @Override
  public Sending preparePacketOut(Ofproto ofproto, PacketOut message, long nowNs, long version) {
    versions.add(version);
    if (fault != null) {
      throw fault;
    }
    return new Sending(null, () -> sent.add(message));
  }

  @Override
  public OfError resume(Ofproto ofproto, PacketIn packet, long nowNs) {
    resumed.add(packet);
    return null;
  }

  @Override
  public PortStats portStats(SwitchPort port, long nowNs) {
    PortStats.Direction none = new PortStats.Direction(0, 0, 0, 0);
    return new PortStats(
        port.number(), none, none, PortStats.ReceiveErrors.UNKNOWN, 0, nowNs - port.addedNs());
  }

  @Override
  public List<Integer> queues(SwitchPort port) {
    return List.of(0);
  }

  @Override
  public boolean setAdminUp(SwitchPort port, boolean up) {
    admin.add(port.name() + (up ? " up" : " down"));
    return up;
  }

  @Override
  public MeterTable meters() {
    return meters;
  }

  @Override
  public void awaitPackets() {
    awaited = sent.size();
  }

  @Override
  public void refreshStatistics() {}

  @Override
  public void flushConnections(CtFlush match) {}

  @Override
  public void flushZone(int zone) {
    flushed.add(zone);
  }
}
