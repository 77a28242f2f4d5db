package org.sluice.openflow.match;

import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.Learn;
import org.sluice.openflow.action.Nat;
import org.sluice.openflow.action.OfAction;

/** What actions are called in messages about them. */
final class ActionName {
  private ActionName() {}

  static String of(OfAction action) {
    return switch (action) {
      case Ct ct -> "ct";
      case Nat nat -> "nat";
      case Learn learn -> "learn";
      case OfAction.Simple simple -> ofSimple(simple);
    };
  }

  private static String ofSimple(OfAction.Simple action) {
    return switch (action) {
      case OfAction.Output output -> "output";
      case OfAction.OutputField output -> "output_reg";
      case OfAction.OutputTruncated output -> "output_trunc";
      case OfAction.Controller controller -> "controller";
      case OfAction.Enqueue enqueue -> "enqueue";
      case OfAction.Group group -> "group";
      case OfAction.Bundle bundle -> "bundle";
      case OfAction.SetField set -> "set_field";
      case OfAction.SetOption set -> "set_field";
      case OfAction.RegLoad load -> "set_field";
      case OfAction.Move move -> "move";
      case OfAction.StackPush push -> "push";
      case OfAction.StackPop pop -> "pop";
      case OfAction.SetTunnel set -> "set_tunnel";
      case OfAction.SetQueue set -> "set_queue";
      case OfAction.PopQueue pop -> "pop_queue";
      case OfAction.CheckPacketLarger check -> "check_pkt_larger";
      case OfAction.DeleteField delete -> "delete_field";
      case OfAction.Encap encap -> "encap";
      case OfAction.Decap decap -> "decap";
      case OfAction.DecNshTtl dec -> "dec_nsh_ttl";
      default -> ofHeaderOrPipeline(action);
    };
  }

  private static String ofHeaderOrPipeline(OfAction.Simple action) {
    return switch (action) {
      case OfAction.SetVlanVid set -> "set_vlan_vid";
      case OfAction.SetVlanPcp set -> "set_vlan_pcp";
      case OfAction.PopVlan pop -> "strip_vlan";
      case OfAction.PushVlan push -> "push_vlan";
      case OfAction.SetEthSrc set -> "mod_dl_src";
      case OfAction.SetEthDst set -> "mod_dl_dst";
      case OfAction.SetIpSrc set -> "mod_nw_src";
      case OfAction.SetIpDst set -> "mod_nw_dst";
      case OfAction.SetIpTos set -> "mod_nw_tos";
      case OfAction.SetIpEcn set -> "mod_nw_ecn";
      case OfAction.SetIpTtl set -> "mod_nw_ttl";
      case OfAction.SetTpSrc set -> "mod_tp_src";
      case OfAction.SetTpDst set -> "mod_tp_dst";
      case OfAction.DecTtl dec -> "dec_ttl";
      case OfAction.PushMpls push -> "push_mpls";
      case OfAction.PopMpls pop -> "pop_mpls";
      case OfAction.SetMplsLabel set -> "set_mpls_label";
      case OfAction.SetMplsTc set -> "set_mpls_tc";
      case OfAction.SetMplsTtl set -> "set_mpls_ttl";
      case OfAction.DecMplsTtl dec -> "dec_mpls_ttl";
      default -> ofPipeline(action);
    };
  }

  private static String ofPipeline(OfAction.Simple action) {
    return switch (action) {
      case OfAction.Resubmit resubmit -> "resubmit";
      case OfAction.CtClear clear -> "ct_clear";
      case OfAction.Clone clone -> "clone";
      case OfAction.FinTimeout timeout -> "fin_timeout";
      case OfAction.Conjunction conjunction -> "conjunction";
      case OfAction.Multipath multipath -> "multipath";
      case OfAction.Note note -> "note";
      case OfAction.Exit exit -> "exit";
      case OfAction.Sample sample -> "sample";
      case OfAction.Meter meter -> "meter";
      case OfAction.ClearActions clear -> "clear_actions";
      case OfAction.WriteActions write -> "write_actions";
      case OfAction.WriteMetadata write -> "write_metadata";
      case OfAction.GotoTable go -> "goto_table";
      default -> throw new IllegalStateException("no name for " + action);
    };
  }
}
