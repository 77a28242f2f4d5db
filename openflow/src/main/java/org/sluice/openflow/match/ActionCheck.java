package org.sluice.openflow.match;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.MatchedFields;
import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.CtGateway;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.Learn;
import org.sluice.openflow.action.Nat;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.OfError;

/**
 * Whether a rule's actions can work on the packets it matches: each field that they read or write
 * is there, each goto leads on. Follows what actions do to the packet's type and tags. Used by one
 * thread, for one rule.
 */
public final class ActionCheck {
  /** Tables that rules may be in are numbered below this. */
  private static final int TABLES = 254;

  private static final int LATER_FRAGMENT = 2;
  private static final int CT_INVALID = 0x10;

  private final int table;

  /** What packets are by now. */
  private MatchedFields state;

  private boolean inconsistent;
  private Note note;

  private ActionCheck(Match match, int table) {
    this.state = match;
    this.table = table;
  }

  /**
   * What there is to say.
   *
   * @param error what is wrong, or null
   * @param inconsistent whether an action may find nothing to work on, such as one that takes a tag
   *     off packets that need not have one; OpenFlow 1.0 has nothing against it
   * @param note what the log should say, or null
   */
  public record Verdict(OfError error, boolean inconsistent, Note note) {}

  /** What there is to say of a rule; {@code table} may be {@link FlowMod#ANY_TABLE}. */
  public static Verdict judge(Match match, int table, List<OfAction> actions) {
    ActionCheck check = new ActionCheck(match, table);
    OfError error = check.check(actions);
    return new Verdict(error, check.inconsistent, check.note);
  }

  /** What is wrong, or null; {@code table} may be {@link FlowMod#ANY_TABLE}. */
  public static OfError check(Match match, int table, List<OfAction> actions) {
    return new ActionCheck(match, table).check(actions);
  }

  private OfError check(List<OfAction> actions) {
    for (OfAction action : actions) {
      OfError error = check(action);
      if (error != null) {
        return error;
      }
    }
    return null;
  }

  private OfError check(OfAction action) {
    return switch (action) {
      case Ct ct -> check(ct);
      case Nat nat -> check(nat);
      case Learn learn -> check(learn);
      case OfAction.Simple simple -> check(simple);
    };
  }

  private OfError check(OfAction.Simple action) {
    return switch (action) {
      case OfAction.SetField set -> checkSet(set.field());
      case OfAction.RegLoad load -> checkSet(load.target().field());
      case OfAction.Move(FieldSlice source, FieldSlice target, boolean onf) -> {
        OfError error = requireSource(source.field());
        yield error == null ? requireTarget(target.field()) : error;
      }
      case OfAction.OutputField(FieldSlice source, int maxBytes) -> requireSource(source.field());
      case OfAction.StackPush(FieldSlice source) -> requireSource(source.field());
      case OfAction.StackPop(FieldSlice target) -> requireTarget(target.field());
      case OfAction.Multipath multipath -> requireTarget(multipath.target().field());
      case OfAction.CheckPacketLarger larger -> require(larger.target().field());
      case OfAction.Clone(List<OfAction> actions) -> check(actions);
      case OfAction.WriteActions(List<OfAction> actions) -> checkSet(actions);
      case OfAction.Meter(int id) -> id == 0 ? OfError.OFPMMFC_INVALID_METER : null;
      case OfAction.GotoTable(int next) -> {
        boolean back = table != FlowMod.ANY_TABLE && next <= table;
        yield back || next > TABLES ? OfError.OFPBIC_BAD_TABLE_ID : null;
      }
      default -> {
        inconsistent |= !findsItsPlace(action);
        follow(action);
        yield null;
      }
    };
  }

  /** Nobody knows when a set runs, so its actions cannot be held against the match. */
  private OfError checkSet(List<OfAction> actions) {
    boolean before = inconsistent;
    OfError error = check(actions);
    inconsistent = before;
    return error;
  }

  private boolean findsItsPlace(OfAction.Simple action) {
    return switch (action) {
      case OfAction.SetVlanVid(int vid, boolean push) -> push || isTagged();
      case OfAction.SetVlanPcp(int pcp, boolean push) -> push || isTagged();
      case OfAction.PopVlan pop -> isTagged();
      case OfAction.SetIpSrc set -> has(Field.IP_SRC);
      case OfAction.SetIpDst set -> has(Field.IP_DST);
      case OfAction.SetIpTos set -> isIp();
      case OfAction.SetIpEcn set -> isIp();
      case OfAction.SetIpTtl set -> isIp();
      case OfAction.DecTtl dec -> isIp();
      case OfAction.SetTpSrc set -> hasPorts();
      case OfAction.SetTpDst set -> hasPorts();
      case OfAction.SetMplsLabel set -> isMpls();
      case OfAction.SetMplsTc set -> isMpls();
      case OfAction.SetMplsTtl set -> isMpls();
      case OfAction.DecMplsTtl dec -> isMpls();
      case OfAction.PushMpls push -> has(Field.ETH_TYPE);
      case OfAction.PopMpls pop -> has(Field.ETH_TYPE) && isMpls();
      case OfAction.DecNshTtl dec -> has(Field.NSH_TTL);
      case OfAction.FinTimeout timeout -> state.get(Field.NW_PROTO) == Prerequisites.PROTO_TCP;
      default -> true;
    };
  }

  private boolean has(Field field) {
    return Prerequisites.met(field, state);
  }

  /** Few rules change what packets are. */
  private MatchBuilder changed() {
    if (state instanceof MatchBuilder builder) {
      return builder;
    }
    MatchBuilder builder = new MatchBuilder((Match) state);
    state = builder;
    return builder;
  }

  private boolean isTagged() {
    return (state.get(Field.VLAN_TCI) & MatchBuilder.VLAN_PRESENT) != 0;
  }

  private boolean isMpls() {
    return has(Field.MPLS_LABEL);
  }

  private boolean hasPorts() {
    boolean later = (state.get(Field.IP_FRAG) & LATER_FRAGMENT) != 0;
    boolean ports = has(Field.TCP_SRC) || has(Field.UDP_SRC) || has(Field.SCTP_SRC);
    return ports && !later;
  }

  /** What the action does to the packet's type and tags. */
  private void follow(OfAction.Simple action) {
    switch (action) {
      case OfAction.PushVlan push -> tag();
      case OfAction.SetVlanVid set -> tag();
      case OfAction.SetVlanPcp set -> tag();
      case OfAction.PopVlan pop -> changed().set(Field.VLAN_TCI, 0, 0, 0, 0xffff);
      case OfAction.PushMpls(int type) -> retype(type);
      case OfAction.PopMpls(int type) -> retype(type);
      case OfAction.Encap(int packetType, var properties) -> repack(packetType);
      case OfAction.Decap(int packetType) -> repack(packetType);
      default -> {}
    }
  }

  private void tag() {
    changed().set(Field.VLAN_TCI, 0, MatchBuilder.VLAN_PRESENT, 0, 0xffff);
  }

  private void retype(int ethType) {
    changed().exact(Field.ETH_TYPE, ethType);
    changed().set(Field.NW_PROTO, 0, 0, 0, 0);
  }

  private void repack(int packetType) {
    changed().exact(Field.PACKET_TYPE, packetType & 0xffff_ffffL);
    if (packetType >>> 16 == 1) {
      changed().exact(Field.ETH_TYPE, packetType & 0xffff);
    }
  }

  private OfError require(Field field) {
    return has(field) ? null : OfError.OFPBAC_MATCH_INCONSISTENT;
  }

  private OfError checkSet(Field field) {
    OfError error = require(field);
    if (error != null) {
      warn("ofp_actions", "set_field " + field.text() + " lacks correct prerequisites");
    }
    return error;
  }

  private OfError requireSource(Field field) {
    return requireNamed(field, "source", has(field));
  }

  private OfError requireTarget(Field field) {
    return requireNamed(field, "destination", has(field));
  }

  private OfError requireNamed(Field field, String what, boolean met) {
    if (met) {
      return null;
    }
    warn("meta_flow", what + " field " + field.text() + " lacks correct prerequisites");
    return OfError.OFPBAC_MATCH_INCONSISTENT;
  }

  private void warn(String module, String text) {
    note = Note.Remark.warning(module, text);
  }

  private boolean isIp() {
    return has(Field.NW_PROTO);
  }

  private OfError check(Ct ct) {
    long proto = state.get(Field.NW_PROTO);
    boolean invalid = (state.get(Field.CT_STATE) & CT_INVALID) != 0 && ct.commit();
    if (!isIp() || invalid || !isRead(CtGateway.ofPort(ct.alg()), proto)) {
      return OfError.OFPBAC_MATCH_INCONSISTENT;
    }
    OfError error = ct.zoneField() == null ? null : require(ct.zoneField().field());
    return error == null ? check(ct.actions()) : error;
  }

  /** Whether the gateway, if one is named, works over the protocol that is matched. */
  private static boolean isRead(CtGateway gateway, long protocol) {
    return gateway == null
        || (gateway.isOverTcp() && protocol == Prerequisites.PROTO_TCP)
        || (gateway.isOverUdp() && protocol == Prerequisites.PROTO_UDP);
  }

  private OfError check(Nat nat) {
    boolean right =
        nat.addresses() == null
            ? isIp()
            : has(nat.addresses().ipv6() ? Field.IPV6_SRC : Field.IP_SRC);
    return right ? null : OfError.OFPBAC_MATCH_INCONSISTENT;
  }

  /** The learned rule's own match has to hold together too, field after field. */
  private OfError check(Learn learn) {
    MatchBuilder learned = new MatchBuilder();
    for (Learn.Spec spec : learn.specs()) {
      OfError error =
          switch (spec) {
            case Learn.MatchOn(FieldSlice target, Learn.Source source) ->
                checkLearned(learned, target, source);
            case Learn.LoadInto(FieldSlice target, Learn.Source source) ->
                checkLoaded(learned, target.field(), source);
            case Learn.OutputTo(FieldSlice source) -> requireSource(source.field());
          };
      if (error != null) {
        return error;
      }
    }
    return null;
  }

  private OfError checkLoaded(MatchBuilder learned, Field target, Learn.Source source) {
    OfError error = checkSource(source);
    if (error == null) {
      error = requireNamed(target, "destination", learned.meetsPrerequisite(target));
    }
    if (error == null && !target.writable()) {
      warn("meta_flow", "destination field " + target.text() + " is not writable");
      error = OfError.OFPBAC_BAD_SET_ARGUMENT;
    }
    return error;
  }

  private OfError checkSource(Learn.Source source) {
    return source instanceof Learn.FromField(FieldSlice slice)
        ? requireSource(slice.field())
        : null;
  }

  private OfError checkLearned(MatchBuilder learned, FieldSlice target, Learn.Source source) {
    OfError error = checkSource(source);
    if (error == null) {
      error =
          requireNamed(target.field(), "destination", learned.meetsPrerequisite(target.field()));
    }
    if (error != null) {
      return error;
    }
    if (source instanceof Learn.Constant(long high, long low)) {
      target.write(learned.mask(), -1L, -1L);
      target.write(learned.key(), high, low);
    }
    return null;
  }
}
