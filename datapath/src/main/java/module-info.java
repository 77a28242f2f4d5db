/**
 * The packet's way: frames, keys, devices, connection tracking, caches and actions. Knows nothing
 * of OpenFlow or OVSDB.
 */
module org.sluice.datapath {
  requires transitive org.sluice.base;

  exports org.sluice.datapath.conntrack;
  exports org.sluice.datapath.conntrack.alg;
  exports org.sluice.datapath.conntrack.event;
  exports org.sluice.datapath.conntrack.fragment;
  exports org.sluice.datapath.conntrack.nat;
  exports org.sluice.datapath.conntrack.protocol;
  exports org.sluice.datapath.conntrack.table;
  exports org.sluice.datapath.datapath;
  exports org.sluice.datapath.flow;
  exports org.sluice.datapath.hook;
  exports org.sluice.datapath.netdev;
  exports org.sluice.datapath.netdev.dummy;
  exports org.sluice.datapath.netdev.linux;
  exports org.sluice.datapath.netdev.pcap;
  exports org.sluice.datapath.packet;

  uses org.sluice.datapath.hook.PacketHook;
}
