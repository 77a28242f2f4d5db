package org.sluice.openflow.text;

import java.util.StringJoiner;
import org.sluice.datapath.flow.AddressText;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OptionBits;

/** Writes the actions that change a packet's headers and metadata. */
final class HeaderActionFormatter {
  private HeaderActionFormatter() {}

  /** The text, or null where {@code action} is not one of these. */
  static String format(OfAction.Simple action) {
    return switch (action) {
      case OfAction.RegLoad(FieldSlice target, long high, long low) -> load(target, high, low);
      case OfAction.Move(FieldSlice source, FieldSlice target, boolean onf) ->
          "move:" + SliceText.format(source) + "->" + SliceText.format(target);
      case OfAction.SetVlanVid(int vid, boolean push) ->
          (push ? "mod_vlan_vid:" : "set_vlan_vid:") + vid;
      case OfAction.SetVlanPcp(int pcp, boolean push) ->
          (push ? "mod_vlan_pcp:" : "set_vlan_pcp:") + pcp;
      case OfAction.PopVlan(boolean strip) -> strip ? "strip_vlan" : "pop_vlan";
      case OfAction.PushVlan(int type) -> "push_vlan:" + Numbers.sharpHex(type);
      case OfAction.SetEthSrc(long mac) -> "mod_dl_src:" + AddressText.mac(mac);
      case OfAction.SetEthDst(long mac) -> "mod_dl_dst:" + AddressText.mac(mac);
      case OfAction.SetIpSrc(int address) -> "mod_nw_src:" + AddressText.ipv4(address);
      case OfAction.SetIpDst(int address) -> "mod_nw_dst:" + AddressText.ipv4(address);
      case OfAction.SetIpTos(int tos) -> "mod_nw_tos:" + tos;
      case OfAction.SetIpEcn(int ecn) -> "mod_nw_ecn:" + ecn;
      case OfAction.SetIpTtl(int ttl) -> "mod_nw_ttl:" + ttl;
      case OfAction.SetTpSrc(int port) -> "mod_tp_src:" + port;
      case OfAction.SetTpDst(int port) -> "mod_tp_dst:" + port;
      case OfAction.DecTtl decTtl -> decTtl(decTtl);
      default -> formatOther(action);
    };
  }

  private static String formatOther(OfAction.Simple action) {
    return switch (action) {
      case OfAction.PushMpls(int type) -> "push_mpls:0x%04x".formatted(type);
      case OfAction.PopMpls(int type) -> "pop_mpls:0x%04x".formatted(type);
      case OfAction.SetMplsLabel(int label) -> "set_mpls_label(" + label + ")";
      case OfAction.SetMplsTc(int tc) -> "set_mpls_tc(" + tc + ")";
      case OfAction.SetMplsTtl(int ttl) -> "set_mpls_ttl(" + ttl + ")";
      case OfAction.DecMplsTtl dec -> "dec_mpls_ttl";
      case OfAction.DecNshTtl dec -> "dec_nsh_ttl";
      case OfAction.SetTunnel(long id, boolean wide) ->
          (wide || id >>> 32 != 0 ? "set_tunnel64:" : "set_tunnel:") + Numbers.sharpHex(id);
      case OfAction.SetQueue(int queue) -> "set_queue:" + Integer.toUnsignedString(queue);
      case OfAction.PopQueue pop -> "pop_queue";
      default -> null;
    };
  }

  /** Loads of more than 64 bits are shown as several. */
  private static String load(FieldSlice target, long high, long low) {
    if (target.field().isOption()) {
      return "set_field:" + OptionBits.of(target, high, low) + "->" + target.field().text();
    }
    if (target.bits() <= Long.SIZE) {
      return "load:" + Numbers.sharpHex(low) + "->" + SliceText.format(target);
    }
    FieldSlice lower = new FieldSlice(target.field(), target.start(), Long.SIZE);
    FieldSlice upper =
        new FieldSlice(target.field(), target.start() + Long.SIZE, target.bits() - Long.SIZE);
    return load(lower, 0, low) + "," + load(upper, 0, high);
  }

  private static String decTtl(OfAction.DecTtl action) {
    if (action.isPlain()) {
      return "dec_ttl";
    }
    StringJoiner ids = new StringJoiner(",", "dec_ttl(", ")");
    action.controllerIds().forEach(id -> ids.add(id.toString()));
    return ids.toString();
  }
}
