package org.sluice.vswitchd.translate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.Word;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.text.ActionFormatter;
import org.sluice.openflow.text.FieldText;
import org.sluice.openflow.text.MatchFormatter;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.SliceText;
import org.sluice.vswitchd.classifier.Rule;

/** How a trace writes flows, rules and actions. */
final class TraceText {
  private static final int CT_STATE_BITS = 0xff;
  private static final int ICMP = 1;
  private static final int IGMP = 2;
  private static final int ICMPV6 = 58;

  private static final List<Field> ALWAYS =
      List.of(Field.PACKET_TYPE, Field.ETH_SRC, Field.ETH_DST, Field.ETH_TYPE, Field.VLAN_TCI);
  private static final List<Field> WHERE_NOT_ZERO =
      List.of(
          Field.IN_PORT,
          Field.SKB_PRIORITY,
          Field.PKT_MARK,
          Field.RECIRC_ID,
          Field.DP_HASH,
          Field.CT_ZONE,
          Field.CT_MARK,
          Field.CT_LABEL,
          Field.TUN_ID,
          Field.METADATA);
  private static final List<Field> IPV4 = List.of(Field.IP_SRC, Field.IP_DST);
  private static final List<Field> IPV6 = List.of(Field.IPV6_SRC, Field.IPV6_DST, Field.IPV6_LABEL);
  private static final List<Field> IP =
      List.of(Field.IP_FRAG, Field.NW_TOS, Field.NW_TTL, Field.NW_PROTO);
  private static final List<Field> ARP =
      List.of(Field.ARP_SPA, Field.ARP_TPA, Field.ARP_OP, Field.ARP_SHA, Field.ARP_THA);

  private TraceText() {}

  static String action(OfAction action, Names names) {
    return new ActionFormatter(names).format(action);
  }

  static String actions(List<OfAction> actions) {
    return new ActionFormatter(Names.NONE).format(actions);
  }

  static String slice(FieldSlice slice) {
    return SliceText.format(slice);
  }

  static String value(FieldSlice slice, FlowKey key) {
    if (slice.isWhole()) {
      return field(slice.field(), key);
    }
    long high = slice.readHigh(key);
    String low = Long.toHexString(slice.read(key));
    return "0x" + (high == 0 ? low : Long.toHexString(high) + "0".repeat(16 - low.length()) + low);
  }

  /** The line for a lookup in {@code table}. */
  static String table(int table, TableStep.Found found, Names names) {
    String number = (table < 10 ? " " : "") + table + ". ";
    return number
        + switch (found.instead()) {
          case RULE -> rule(found.rule(), names);
          case NOTHING -> "No match.";
          case PACKET_IN -> "No match, and a \"packet-in\" is called for.";
          case FRAGMENT -> "Packets are IP fragments and the fragment handling mode is \"drop\".";
        };
  }

  private static String rule(Rule rule, Names names) {
    String match = MatchFormatter.format(rule.match(), names);
    return match
        + (match.isEmpty() ? "" : ", ")
        + "priority "
        + rule.priority()
        + (rule.cookie() == 0 ? "" : ", cookie 0x" + Long.toHexString(rule.cookie()));
  }

  /** The fields of a packet under a mask. */
  static String match(FlowKey key, FlowMask mask, Names names) {
    return MatchFormatter.format(new Match(key, mask), names);
  }

  /** The fields that a packet has; of its metadata what is not zero. */
  static String flow(FlowKey key, Names names) {
    FlowMask mask = new FlowMask();
    ALWAYS.forEach(mask::cover);
    if (Protocols.isTagged(key)) {
      VlanTags.cover(mask, 1);
    }
    for (Field field : WHERE_NOT_ZERO) {
      coverUnlessZero(key, mask, field);
    }
    for (int i = Word.REGISTERS; i < Word.COUNT; i++) {
      long word = key.word(i);
      mask.words()[i] =
          ((word >>> 32) == 0 ? 0 : 0xffff_ffff_0000_0000L) | ((int) word == 0 ? 0 : 0xffff_ffffL);
    }
    if (key.get(Field.CT_STATE) != 0) {
      mask.set(Field.CT_STATE, CT_STATE_BITS);
    }
    coverTuple(key, mask);
    coverHeaders(key, mask);
    return match(key, mask, names);
  }

  private static void coverUnlessZero(FlowKey key, FlowMask mask, Field field) {
    if ((key.get(field) | key.getHigh(field)) != 0) {
      mask.cover(field);
    }
  }

  private static void coverTuple(FlowKey key, FlowMask mask) {
    if (key.get(Field.CT_STATE) != 0 && key.get(Field.CT_NW_PROTO) != 0) {
      boolean ipv4 = Protocols.isIpv4(key);
      mask.cover(ipv4 ? Field.CT_NW_SRC : Field.CT_IPV6_SRC);
      mask.cover(ipv4 ? Field.CT_NW_DST : Field.CT_IPV6_DST);
      mask.cover(Field.CT_NW_PROTO);
      mask.cover(Field.CT_TP_SRC);
      mask.cover(Field.CT_TP_DST);
    }
  }

  private static void coverHeaders(FlowKey key, FlowMask mask) {
    if (Protocols.isArp(key)) {
      ARP.forEach(mask::cover);
    } else if (Protocols.isIp(key)) {
      (Protocols.isIpv4(key) ? IPV4 : IPV6).forEach(mask::cover);
      IP.forEach(mask::cover);
      if (!Protocols.isLaterFragment(key)) {
        coverTransport(key, mask);
      }
    }
  }

  private static void coverTransport(FlowKey key, FlowMask mask) {
    int protocol = (int) key.get(Field.NW_PROTO);
    boolean control = protocol == ICMP || protocol == ICMPV6 || protocol == IGMP;
    if (Protocols.hasPorts(key) || control) {
      mask.cover(Field.TCP_SRC);
      mask.cover(Field.TCP_DST);
    }
    if (protocol == Protocols.TCP) {
      mask.cover(Field.TCP_FLAGS);
    }
    if (Protocols.has(key, Field.ND_TARGET, new FlowMask())) {
      mask.cover(Field.ND_TARGET);
      mask.cover(Field.ND_SLL);
      mask.cover(Field.ND_TLL);
    }
  }

  /** A field's value. */
  static String field(Field field, FlowKey key) {
    return FieldText.format(field, key.getHigh(field), key.get(field), Names.NONE);
  }

  /** The names of a bridge's ports. */
  static Names names(BridgeView bridge) {
    Map<String, Integer> ports = new HashMap<>();
    for (PortView port : bridge.ports()) {
      ports.put(port.name(), port.ofPort());
    }
    return new Names(ports, Map.of());
  }
}
