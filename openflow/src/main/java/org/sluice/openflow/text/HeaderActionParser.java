package org.sluice.openflow.text;

import java.util.ArrayList;
import java.util.List;
import org.sluice.datapath.flow.AddressText;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OptionBits;

/** Reads the actions that change a packet's headers and metadata. */
final class HeaderActionParser {
  private HeaderActionParser() {}

  /** The action, or null where {@code name} is not one of these. */
  static OfAction parse(String name, String value, Names names) throws OfSyntaxException {
    OfAction action = parseField(name, value, names);
    if (action == null) {
      action = parseVlanAndMpls(name, value);
    }
    return action == null ? parseModify(name, value) : action;
  }

  private static OfAction parseField(String name, String value, Names names)
      throws OfSyntaxException {
    return switch (name) {
      case "set_field" -> setField(value, names);
      case "load" -> load(value);
      case "move" -> move(value);
      case "set_tunnel" -> new OfAction.SetTunnel(Numbers.u64(value), false);
      case "set_tunnel64" -> new OfAction.SetTunnel(Numbers.u64(value), true);
      case "set_queue" -> new OfAction.SetQueue(Numbers.u32(value));
      case "pop_queue" -> new OfAction.PopQueue();
      case "dec_ttl" -> decTtl(value);
      case "dec_nsh_ttl" -> new OfAction.DecNshTtl();
      default -> null;
    };
  }

  /** Where {@code ->} stands. */
  static int arrow(String text) throws OfSyntaxException {
    int arrow = text.indexOf("->");
    if (arrow < 0) {
      throw new OfSyntaxException(text + ": missing `->'");
    }
    if (arrow + 2 == text.length()) {
      throw new OfSyntaxException(text + ": missing field name following `->'");
    }
    return arrow;
  }

  private static OfAction setField(String text, Names names) throws OfSyntaxException {
    int arrow = arrow(text);
    String name = text.substring(arrow + 2);
    Field field = Field.byName(name);
    if (field == null) {
      throw new OfSyntaxException(name + " is not a valid OXM field name");
    }
    if (!field.writable()) {
      throw new OfSyntaxException(name + " is read-only");
    }
    String shown = text.substring(0, arrow);
    if (field.isOption()) {
      return new OfAction.SetOption(field, OptionText.parse(field, shown));
    }
    FieldValue value = FieldText.parse(field, shown, names);
    if (!fits(field, value)) {
      throw new OfSyntaxException(shown + " is not a valid value for field " + name);
    }
    return new OfAction.SetField(
        field, value.high(), value.low(), value.maskHigh(), value.maskLow());
  }

  private static boolean fits(Field field, FieldValue value) {
    // OXM's VLAN id has a 13th bit, which says that there is a tag.
    int bits = field == Field.VLAN_VID ? 13 : field.bits();
    return bits >= 64 || value.low() >>> bits == 0;
  }

  private static OfAction load(String text) throws OfSyntaxException {
    int arrow = arrow(text);
    FieldSlice target = SliceText.parse(text.substring(arrow + 2));
    Numbers.Prefix number = Numbers.prefix(text);
    int bytes = (target.field().bits() + 7) / 8;
    if (number.length() == 0 || !fits(number, bytes * 8)) {
      throw new OfSyntaxException(text + ": cannot parse integer value");
    }
    if (!fits(number, target.bits())) {
      throw new OfSyntaxException(
          "%s: value %s does not fit into %d bits"
              .formatted(text, shown(target.field(), number), target.bits()));
    }
    if (target.field().isOption() && number.value().bitLength() > 2 * Long.SIZE) {
      return new OfAction.SetOption(target.field(), OptionBits.of(target, number.value()));
    }
    return new OfAction.RegLoad(target, number.high(), number.low());
  }

  /** The number as the field would show it. */
  static String shown(Field field, Numbers.Prefix number) {
    FieldValue value = FieldValue.exact(field, number.high(), number.low());
    return FieldText.format(field, value, Names.NONE);
  }

  static boolean fits(Numbers.Prefix number, int bits) {
    return number.value().signum() >= 0 && number.value().bitLength() <= bits;
  }

  private static OfAction move(String text) throws OfSyntaxException {
    SliceText.Prefix source = SliceText.prefix(text);
    if (!text.startsWith("->", source.length())) {
      throw new OfSyntaxException(text + ": missing `->' following source");
    }
    FieldSlice target = SliceText.parse(text.substring(source.length() + 2));
    if (source.slice().bits() != target.bits()) {
      throw new OfSyntaxException(
          "%s: source field is %d bits wide but destination is %d bits wide"
              .formatted(text, source.slice().bits(), target.bits()));
    }
    return new OfAction.Move(source.slice(), target);
  }

  private static OfAction decTtl(String value) throws OfSyntaxException {
    if (value.isEmpty()) {
      return OfAction.DecTtl.PLAIN;
    }
    List<Integer> ids = new ArrayList<>();
    KeyValues pairs = new KeyValues(value);
    while (pairs.next()) {
      ids.add(Numbers.u16(pairs.key(), "controller id"));
    }
    if (ids.isEmpty()) {
      throw new OfSyntaxException("dec_ttl_cnt_ids: expected at least one controller id.");
    }
    return new OfAction.DecTtl(ids);
  }

  private static OfAction parseVlanAndMpls(String name, String value) throws OfSyntaxException {
    return switch (name) {
      case "mod_vlan_vid" -> new OfAction.SetVlanVid(vlanVid(value), true);
      case "set_vlan_vid" -> new OfAction.SetVlanVid(vlanVid(value), false);
      case "mod_vlan_pcp" -> new OfAction.SetVlanPcp(vlanPcp(value), true);
      case "set_vlan_pcp" -> new OfAction.SetVlanPcp(vlanPcp(value), false);
      case "strip_vlan" -> new OfAction.PopVlan(true);
      case "pop_vlan" -> new OfAction.PopVlan(false);
      case "push_vlan" -> new OfAction.PushVlan(vlanType(value));
      case "push_mpls" -> new OfAction.PushMpls(mplsType(value));
      case "pop_mpls" -> new OfAction.PopMpls(Numbers.u16(value, "ethertype"));
      case "set_mpls_label" ->
          new OfAction.SetMplsLabel(bounded(given(name, value, "label"), 0xfffff, "MPLS label"));
      case "set_mpls_tc" -> new OfAction.SetMplsTc(bounded(given(name, value, "tc"), 7, "MPLS TC"));
      case "set_mpls_ttl" ->
          new OfAction.SetMplsTtl(Numbers.u8(given(name, value, "ttl"), "MPLS TTL"));
      case "dec_mpls_ttl" -> new OfAction.DecMplsTtl();
      default -> null;
    };
  }

  private static String given(String action, String value, String what) throws OfSyntaxException {
    if (value.isEmpty()) {
      throw new OfSyntaxException(action + ": expected " + what + ".");
    }
    return value;
  }

  private static int vlanVid(String value) throws OfSyntaxException {
    return valid(value, Numbers.u16(value, "VLAN VID"), 0xfff, "VLAN VID");
  }

  private static int vlanPcp(String value) throws OfSyntaxException {
    return valid(value, Numbers.u8(value, "VLAN PCP"), 7, "VLAN PCP");
  }

  private static int valid(String text, int value, int bits, String what) throws OfSyntaxException {
    if ((value & ~bits) != 0) {
      throw new OfSyntaxException(text + ": not a valid " + what);
    }
    return value;
  }

  private static int bounded(String text, int bits, String what) throws OfSyntaxException {
    return valid(text, Numbers.u32(text), bits, what);
  }

  private static int vlanType(String value) throws OfSyntaxException {
    int type = Numbers.u16(value, "ethertype");
    if (type != 0x8100 && type != 0x88a8) {
      throw new OfSyntaxException(value + ": not a valid VLAN ethertype");
    }
    return type;
  }

  private static int mplsType(String value) throws OfSyntaxException {
    int type = Numbers.u16(value, "push_mpls");
    if (type != 0x8847 && type != 0x8848) {
      throw new OfSyntaxException(value + ": not a valid MPLS ethertype");
    }
    return type;
  }

  private static OfAction parseModify(String name, String value) throws OfSyntaxException {
    return switch (name) {
      case "mod_dl_src" -> new OfAction.SetEthSrc(mac(value));
      case "mod_dl_dst" -> new OfAction.SetEthDst(mac(value));
      case "mod_nw_src" -> new OfAction.SetIpSrc(ip(value));
      case "mod_nw_dst" -> new OfAction.SetIpDst(ip(value));
      case "mod_nw_tos" ->
          new OfAction.SetIpTos(valid(value, Numbers.u8(value, "TOS"), 0xfc, "TOS"));
      case "mod_nw_ecn" -> new OfAction.SetIpEcn(valid(value, Numbers.u8(value, "ECN"), 3, "ECN"));
      case "mod_nw_ttl", "set_nw_ttl" -> new OfAction.SetIpTtl(Numbers.u8(value, "TTL"));
      case "mod_tp_src" -> new OfAction.SetTpSrc(Numbers.u16(value, "source port"));
      case "mod_tp_dst" -> new OfAction.SetTpDst(Numbers.u16(value, "destination port"));
      default -> null;
    };
  }

  private static long mac(String value) throws OfSyntaxException {
    long mac = AddressText.readMac(value);
    if (mac < 0) {
      throw new OfSyntaxException("invalid mac address " + value);
    }
    return mac;
  }

  private static int ip(String value) throws OfSyntaxException {
    long address = AddressText.readIpv4(value);
    if (address < 0) {
      throw new OfSyntaxException(value + ": could not convert to IP address");
    }
    return (int) address;
  }
}
