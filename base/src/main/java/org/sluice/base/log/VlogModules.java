package org.sluice.base.log;

import java.util.List;

/**
 * The modules of Open vSwitch's programs. Scripts set their levels by name before anything of the
 * kind has started, so they are known from the beginning, whether or not we have such a part.
 */
final class VlogModules {
  static final List<String> NAMES =
      List.of(
          ("backtrace bfd bond bridge bundle cfm collectors command_line connmgr conntrack "
                  + "conntrack_tp cooperative_multitasking coverage ct_dpif daemon daemon_unix "
                  + "db_ctl_base dns_resolve dpif dpif_netdev dpif_netdev_dpcls dpif_offload "
                  + "dpif_offload_dummy entropy fail_open fatal_signal flow in_band ipf ipfix jsonrpc "
                  + "lacp learning_switch lldp lockfile memory meta_flow native_tnl netdev "
                  + "netdev_dummy netdev_linux netdev_vport netflow netlink netlink_conntrack "
                  + "netlink_notifier netlink_socket nx_match odp_execute odp_util ofp_actions "
                  + "ofp_bundle ofp_connection ofp_ct ofp_errors ofp_flow ofp_group ofp_match "
                  + "ofp_meter ofp_monitor ofp_msgs ofp_packet ofp_port ofp_protocol ofp_queue "
                  + "ofp_table ofp_util ofproto ofproto_dpif ofproto_dpif_mirror ofproto_dpif_monitor "
                  + "ofproto_dpif_rid ofproto_dpif_upcall ofproto_dpif_xlate ofproto_xlate_cache "
                  + "ovs_lldp ovs_numa ovs_rcu ovs_replay ovs_router ovs_thread ovsdb ovsdb_client "
                  + "ovsdb_cs ovsdb_error ovsdb_file ovsdb_idl ovsdb_jsonrpc_server ovsdb_log "
                  + "ovsdb_monitor ovsdb_rbac ovsdb_server ovsdb_util ox_stat pcap pmd_perf poll_loop "
                  + "process rconn reconnect relay replication route_table rstp rstp_sm sflow signals "
                  + "socket_util socket_util_unix stopwatch storage stp stream stream_fd stream_nossl "
                  + "stream_replay stream_ssl stream_tcp stream_unix system_stats timeval transaction "
                  + "transaction_forward trigger tunnel unixctl userspace_tso util uuid vconn "
                  + "vconn_stream vlog vswitchd")
              .split(" "));

  private VlogModules() {}
}
