package org.sluice.datapath.datapath;

import java.util.List;
import org.sluice.datapath.datapath.DpAction.MarkAndLabel;
import org.sluice.datapath.datapath.DpAction.Nat;
import org.sluice.datapath.datapath.DpAction.SetField;
import org.sluice.datapath.datapath.DpAction.Track;
import org.sluice.datapath.datapath.DpAction.UserspaceReason.SlowPath;
import org.sluice.datapath.datapath.DpAction.UserspaceReason.ToController;
import org.sluice.datapath.flow.AddressText;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowAttribute;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.FlowSyntaxException;
import org.sluice.datapath.flow.FlowTextOptions;
import org.sluice.datapath.flow.MplsText;
import org.sluice.datapath.flow.VlanText;

/**
 * Datapath actions as {@code dump-flows} and {@code ofproto/trace} write them, such as {@code
 * set(ipv4(ttl=63)),ct(commit,zone=1),recirc(0x1)}. Fields of one header that are set one after the
 * other are written as one {@code set}. Stateless.
 */
public final class DpActionText {
  private static final int VLAN_TPID = 0x8100;

  private final StringBuilder out = new StringBuilder();
  private final FlowKey context;
  private final FlowTextOptions options;

  private DpActionText(FlowKey context, FlowTextOptions options) {
    this.context = context;
    this.options = options;
  }

  /** The list's text, {@code drop} for an empty one. */
  public static String format(List<DpAction> actions) {
    return format(actions, null, FlowTextOptions.PLAIN);
  }

  /**
   * The list's text.
   *
   * @param context key of the packets acted upon, which tells an IPv4 TTL from an IPv6 hop limit;
   *     null if it is not known
   * @param options gives ports their names
   */
  public static String format(List<DpAction> actions, FlowKey context, FlowTextOptions options) {
    DpActionText text = new DpActionText(context, options);
    text.list(actions);
    return text.out.toString();
  }

  /** Reads a list of actions. */
  public static List<DpAction> parse(String text, FlowTextOptions options)
      throws FlowSyntaxException {
    return new DpActionParser(text, options).parse();
  }

  private void list(List<DpAction> actions) {
    if (actions.isEmpty()) {
      out.append("drop");
    }
    for (int i = 0; i < actions.size(); i++) {
      out.append(i == 0 ? "" : ",");
      if (actions.get(i) instanceof SetField set) {
        i = header(actions, i, set);
      } else {
        action(actions.get(i));
      }
    }
  }

  /**
   * Writes the set actions from {@code start} on that belong to one header; the last one's index.
   */
  private int header(List<DpAction> actions, int start, SetField first) {
    FlowAttribute attribute = FlowAttribute.of(first.field(), context);
    FlowKey key = new FlowKey();
    FlowMask mask = new FlowMask();
    int end = start;
    while (end < actions.size()
        && actions.get(end) instanceof SetField set
        && belongs(set.field(), first.field(), attribute)) {
      merge(set, key, mask);
      end++;
    }
    out.append("set(");
    formatHeader(first.field(), attribute, key, mask);
    out.append(')');
    return end - 1;
  }

  private boolean belongs(Field field, Field first, FlowAttribute attribute) {
    return attribute == null
        ? field.word() == first.word() && FlowAttribute.of(field, context) == null
        : FlowAttribute.of(field, context) == attribute;
  }

  private static void merge(SetField set, FlowKey key, FlowMask mask) {
    Field field = set.field();
    long keepHigh = key.getHigh(field) & ~set.maskHigh();
    long keep = key.get(field) & ~set.maskLow();
    key.set(field, keepHigh | (set.high() & set.maskHigh()), keep | (set.low() & set.maskLow()));
    mask.set(field, mask.getHigh(field) | set.maskHigh(), mask.get(field) | set.maskLow());
  }

  private void formatHeader(Field field, FlowAttribute attribute, FlowKey key, FlowMask mask) {
    if (attribute != null) {
      attribute.format(out, key, mask, FlowTextOptions.PLAIN);
      return;
    }
    if (field.word() == Field.MPLS_LABEL.word()) {
      int entryMask = (int) (mask.word(field.word()) >>> 32);
      out.append("mpls(");
      MplsText.format(out, (int) (key.word(field.word()) >>> 32), entryMask);
    } else {
      int bits = (int) mask.get(Field.VLAN_TCI);
      out.append("vlan(");
      VlanText.format(out, (int) key.get(Field.VLAN_TCI) | 0x1000, bits, false);
    }
    out.append(')');
  }

  private void action(DpAction action) {
    switch (action) {
      case DpAction.Output output -> out.append(options.portName(output.port()));
      case DpAction.Userspace userspace -> userspace(userspace.reason());
      case DpAction.Recirculate recirculate ->
          out.append("recirc(").append(hex(recirculate.recircId())).append(')');
      case SetField set -> list(List.of(set));
      case DpAction.PushVlan push -> pushVlan(push);
      case DpAction.PopVlan _ -> out.append("pop_vlan");
      case Track track -> track(track);
      case DpAction.TrackClear _ -> out.append("ct_clear");
      case DpAction.Clone clone -> nested("clone(", clone.actions());
      case DpAction.CheckLength check -> {
        out.append("check_pkt_len(size=").append(check.maxBytes());
        nested(",gt(", check.larger());
        nested(",le(", check.others());
        out.append(')');
      }
      case DpAction.Truncate truncate ->
          out.append("trunc(").append(truncate.maxBytes()).append(')');
      case DpAction.Hash hash -> {
        out.append(hash.algorithm() == 0 ? "hash(l4(" : "hash(sym_l4(");
        out.append(Integer.toUnsignedString(hash.basis())).append("))");
      }
      case DpAction.Meter meter ->
          out.append("meter(").append(Integer.toUnsignedString(meter.meterId())).append(')');
      case DpAction.Drop _ -> out.append("drop");
    }
  }

  private void nested(String head, List<DpAction> actions) {
    out.append(head);
    list(actions);
    out.append(')');
  }

  private static String hex(long value) {
    return value == 0 ? "0" : "0x" + Long.toHexString(value);
  }

  private static String hex(int value) {
    return hex(value & 0xffff_ffffL);
  }

  private void userspace(DpAction.UserspaceReason reason) {
    out.append("userspace(pid=0,");
    switch (reason) {
      case SlowPath slow -> out.append("slow_path(").append(slow.why()).append(')');
      case ToController controller ->
          out.append("controller(reason=")
              .append(controller.reason())
              .append(",dont_send=0,continuation=")
              .append(controller.continuation() ? 1 : 0)
              .append(",recirc_id=")
              .append(Integer.toUnsignedString(controller.recircId()))
              .append(",rule_cookie=")
              .append(hex(controller.ruleCookie()))
              .append(",controller_id=")
              .append(controller.controllerId())
              .append(",max_len=")
              .append(controller.maxBytes())
              .append(')');
    }
    out.append(')');
  }

  private void pushVlan(DpAction.PushVlan push) {
    out.append("push_vlan(");
    if (push.tpid() != VLAN_TPID) {
      out.append("tpid=0x%04x,".formatted(push.tpid()));
    }
    VlanText.format(out, push.tci(), 0xffff, false);
    out.append(')');
  }

  private void track(Track track) {
    int start = out.length();
    if (track.force()) {
      out.append(",force_commit");
    } else if (track.commit()) {
      out.append(",commit");
    }
    if (track.zone() != 0) {
      out.append(",zone=").append(track.zone());
    }
    markAndLabel(track.set());
    if (track.gateway() != null) {
      out.append(",helper=").append(track.gateway());
    }
    if (track.nat() != null) {
      out.append(",nat");
      nat(track.nat());
    }
    if (out.length() == start) {
      out.append("ct");
    } else {
      out.replace(start, start + 1, "ct(").append(')');
    }
  }

  private void markAndLabel(MarkAndLabel set) {
    if (set.markMask() != 0) {
      out.append(",mark=").append(hex(set.mark())).append('/').append(hex(set.markMask()));
    }
    if (set.labelMaskHigh() != 0 || set.labelMaskLow() != 0) {
      FlowKey key = new FlowKey();
      FlowMask mask = new FlowMask();
      key.set(Field.CT_LABEL, set.labelHigh(), set.labelLow());
      mask.set(Field.CT_LABEL, set.labelMaskHigh(), set.labelMaskLow());
      out.append(",label=");
      FlowAttribute.CT_LABEL.parts().getFirst().format(out, key, mask, options);
    }
  }

  private void nat(Nat nat) {
    if (!nat.source() && !nat.destination()) {
      return;
    }
    out.append(nat.source() ? "(src" : "(dst");
    if (nat.minHigh() != 0 || nat.minLow() != 0) {
      boolean brackets = nat.minPort() != 0;
      out.append('=').append(address(nat.minHigh(), nat.minLow(), brackets));
      boolean range = nat.maxHigh() != nat.minHigh() || nat.maxLow() != nat.minLow();
      if (range && (nat.maxHigh() != 0 || nat.maxLow() != 0)) {
        out.append('-').append(address(nat.maxHigh(), nat.maxLow(), brackets));
      }
    }
    if (nat.minPort() != 0) {
      out.append(':').append(nat.minPort());
      if (nat.maxPort() != 0 && nat.maxPort() != nat.minPort()) {
        out.append('-').append(nat.maxPort());
      }
    }
    out.append((nat.flags() & Nat.PERSISTENT) != 0 ? ",persistent" : "");
    out.append((nat.flags() & Nat.HASH) != 0 ? ",hash" : "");
    out.append((nat.flags() & Nat.RANDOM) != 0 ? ",random" : "");
    out.append(')');
  }

  private static String address(long high, long low, boolean brackets) {
    if (high == 0 && low >>> 32 == 0) {
      return AddressText.ipv4((int) low);
    }
    String text = AddressText.ipv6(high, low);
    return brackets ? "[" + text + "]" : text;
  }
}
