package org.sluice.openflow.match;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.Learn;
import org.sluice.openflow.action.Nat;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.OfError;

/**
 * Whether a rule's actions can work on the packets it matches: each field that they read or write
 * is there, each goto leads on. Follows what actions do to the packet's type and tags. Used by one
 * thread, for one rule.
 */
public final class ActionCheck {
  /** Tables that rules may be in are numbered below this. */
  private static final int TABLES = 254;

  private static final int CT_INVALID = 0x10;

  private final MatchBuilder state = new MatchBuilder();
  private final int table;

  private ActionCheck(Match match, int table) {
    state.key().copyFrom(match.key());
    state.mask().cover(match.mask());
    this.table = table;
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
      case OfAction.SetField set -> require(set.field());
      case OfAction.RegLoad load -> require(load.target().field());
      case OfAction.Move(FieldSlice source, FieldSlice target) -> {
        OfError error = require(source.field());
        yield error == null ? require(target.field()) : error;
      }
      case OfAction.OutputField(FieldSlice source, int maxBytes) -> require(source.field());
      case OfAction.StackPush(FieldSlice source) -> require(source.field());
      case OfAction.StackPop(FieldSlice target) -> require(target.field());
      case OfAction.Multipath multipath -> require(multipath.target().field());
      case OfAction.CheckPacketLarger larger -> require(larger.target().field());
      case OfAction.Clone(List<OfAction> actions) -> check(actions);
      case OfAction.WriteActions(List<OfAction> actions) -> check(actions);
      case OfAction.Meter(int id) -> id == 0 ? OfError.OFPMMFC_INVALID_METER : null;
      case OfAction.GotoTable(int next) -> {
        boolean back = table != FlowMod.ANY_TABLE && next <= table;
        yield back || next > TABLES ? OfError.OFPBIC_BAD_TABLE_ID : null;
      }
      default -> {
        follow(action);
        yield null;
      }
    };
  }

  /** What the action does to the packet's type and tags. */
  private void follow(OfAction.Simple action) {
    switch (action) {
      case OfAction.PushVlan push -> tag();
      case OfAction.SetVlanVid(int vid, boolean push) -> {
        if (push) {
          tag();
        }
      }
      case OfAction.SetVlanPcp(int pcp, boolean push) -> {
        if (push) {
          tag();
        }
      }
      case OfAction.PopVlan pop -> state.set(Field.VLAN_TCI, 0, 0, 0, 0xffff);
      case OfAction.PushMpls(int type) -> retype(type);
      case OfAction.PopMpls(int type) -> retype(type);
      case OfAction.Encap(int packetType, var properties) -> repack(packetType);
      case OfAction.Decap(int packetType) -> repack(packetType);
      default -> {}
    }
  }

  private void tag() {
    state.set(Field.VLAN_TCI, 0, MatchBuilder.VLAN_PRESENT, 0, 0xffff);
  }

  private void retype(int ethType) {
    state.exact(Field.ETH_TYPE, ethType);
    state.set(Field.NW_PROTO, 0, 0, 0, 0);
  }

  private void repack(int packetType) {
    state.exact(Field.PACKET_TYPE, packetType & 0xffff_ffffL);
    if (packetType >>> 16 == 1) {
      state.exact(Field.ETH_TYPE, packetType & 0xffff);
    }
  }

  private OfError require(Field field) {
    return state.meetsPrerequisite(field) ? null : OfError.OFPBAC_MATCH_INCONSISTENT;
  }

  private boolean isIp() {
    return state.meetsPrerequisite(Field.NW_PROTO);
  }

  private OfError check(Ct ct) {
    long proto = state.key().get(Field.NW_PROTO);
    boolean invalid = (state.key().get(Field.CT_STATE) & CT_INVALID) != 0 && ct.commit();
    boolean ftp = ct.alg() == Ct.ALG_FTP && proto != Prerequisites.PROTO_TCP;
    boolean tftp = ct.alg() == Ct.ALG_TFTP && proto != Prerequisites.PROTO_UDP;
    if (!isIp() || invalid || ftp || tftp) {
      return OfError.OFPBAC_MATCH_INCONSISTENT;
    }
    OfError error = ct.zoneField() == null ? null : require(ct.zoneField().field());
    return error == null ? check(ct.actions()) : error;
  }

  private OfError check(Nat nat) {
    boolean right =
        nat.addresses() == null
            ? isIp()
            : state.meetsPrerequisite(nat.addresses().ipv6() ? Field.IPV6_SRC : Field.IP_SRC);
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
            case Learn.LoadInto(FieldSlice target, Learn.Source source) -> {
              boolean there =
                  target.field().writable() && learned.meetsPrerequisite(target.field());
              OfError wrong = there ? checkSource(source) : OfError.OFPBAC_MATCH_INCONSISTENT;
              yield target.field().writable() ? wrong : OfError.OFPBAC_BAD_SET_ARGUMENT;
            }
            case Learn.OutputTo(FieldSlice source) -> require(source.field());
          };
      if (error != null) {
        return error;
      }
    }
    return null;
  }

  private OfError checkSource(Learn.Source source) {
    return source instanceof Learn.FromField(FieldSlice slice) ? require(slice.field()) : null;
  }

  private OfError checkLearned(MatchBuilder learned, FieldSlice target, Learn.Source source) {
    if (!learned.meetsPrerequisite(target.field())) {
      return OfError.OFPBAC_MATCH_INCONSISTENT;
    }
    if (source instanceof Learn.Constant(long high, long low)) {
      target.write(learned.mask(), -1L, -1L);
      target.write(learned.key(), high, low);
    }
    return checkSource(source);
  }
}
