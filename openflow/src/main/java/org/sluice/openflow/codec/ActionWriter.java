package org.sluice.openflow.codec;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.Learn;
import org.sluice.openflow.action.Nat;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.match.Prerequisites;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.Vendor;

/**
 * Writes actions and instructions of one rule in one version: standard actions where the version
 * has them, else set-field, else the Nicira extension, as tools have come to expect. Used by one
 * thread, for one list.
 */
final class ActionWriter {
  static final int VENDOR = 0xffff;

  private static final int ONF_COPY = 3200;
  private static final int INSTRUCTION_BYTES = 8;
  private static final int INSTRUCTION_GOTO = 1;
  private static final int INSTRUCTION_METADATA = 2;
  private static final int INSTRUCTION_WRITE = 3;
  private static final int INSTRUCTION_APPLY = 4;
  private static final int INSTRUCTION_CLEAR = 5;
  private static final int INSTRUCTION_METER = 6;

  private final WireWriter out;
  private final OfVersion version;
  private final NiciraActionWriter nicira;
  private final SetFieldWriter fields;
  private final int proto;
  private boolean tagged;

  /** Writes for a rule that matches {@code context}, on which some choices depend. */
  ActionWriter(WireWriter out, OfVersion version, Match context) {
    this.out = out;
    this.version = version;
    nicira = new NiciraActionWriter(out, this);
    fields = new SetFieldWriter(out, version, nicira);
    proto = (int) context.get(Field.NW_PROTO);
    tagged = (context.get(Field.VLAN_TCI) & MatchBuilder.VLAN_PRESENT) != 0;
  }

  private boolean isBefore(OfVersion other) {
    return version.isBefore(other);
  }

  /** Writes what stands behind a rule's match: actions in 1.0, else instructions. */
  void writeInstructions(List<OfAction> actions) {
    if (version == OfVersion.OF10) {
      writeActions(actions);
      return;
    }
    int apply = -1;
    for (OfAction action : actions) {
      boolean instruction = isInstruction(action);
      if (instruction && apply >= 0) {
        finishList(apply);
        apply = -1;
      } else if (!instruction && apply < 0) {
        apply = out.size();
        out.u16(INSTRUCTION_APPLY).u16(0).zeros(4);
      }
      write(action);
    }
    if (apply >= 0) {
      finishList(apply);
    }
  }

  /** Instructions that hold no actions are left out. */
  private void finishList(int start) {
    if (out.size() == start + INSTRUCTION_BYTES) {
      out.truncate(start);
    } else {
      out.setLength(start);
    }
  }

  private boolean isInstruction(OfAction action) {
    return switch (action) {
      case OfAction.Meter meter -> isBefore(OfVersion.OF15);
      case OfAction.ClearActions clear -> true;
      case OfAction.WriteActions write -> true;
      case OfAction.WriteMetadata write -> true;
      case OfAction.GotoTable go -> true;
      default -> false;
    };
  }

  void writeActions(List<OfAction> actions) {
    actions.forEach(this::write);
  }

  private void write(OfAction action) {
    switch (action) {
      case Ct ct -> nicira.writeCt(ct);
      case Nat nat -> nicira.writeNat(nat);
      case Learn learn -> LearnCodec.write(out, learn);
      case OfAction.Output(int port, int maxBytes) -> writeOutput(port, maxBytes);
      case OfAction.Enqueue(int port, int queue) -> writeEnqueue(port, queue);
      case OfAction.Group(int id) -> writeStandardOr(22, 40, id, 4);
      case OfAction.SetQueue(int queue) -> writeStandardOr(21, 4, queue, 4);
      case OfAction.SetField set -> fields.write(set, tagged);
      case OfAction.SetOption set -> fields.write(set);
      case OfAction.RegLoad load -> fields.write(load);
      case OfAction.Move move -> writeMove(move);
      case OfAction.DecTtl decTtl -> writeDecTtl(decTtl);
      case OfAction.Simple simple -> {
        if (!writeInstruction(simple) && !writeVlan(simple) && !writeHeader(simple)) {
          nicira.write(simple);
        }
      }
    }
  }

  private boolean writeInstruction(OfAction.Simple action) {
    switch (action) {
      case OfAction.Meter(int id) -> {
        if (version == OfVersion.OF13 || version == OfVersion.OF14) {
          out.u16(INSTRUCTION_METER).u16(8).u32(id);
        } else if (version.isAtLeast(OfVersion.OF15)) {
          out.u16(29).u16(8).u32(id);
        }
      }
      case OfAction.ClearActions clear -> {
        if (version != OfVersion.OF10) {
          out.u16(INSTRUCTION_CLEAR).u16(8).zeros(4);
        }
      }
      case OfAction.WriteActions(List<OfAction> actions) -> {
        if (version != OfVersion.OF10) {
          int start = out.size();
          out.u16(INSTRUCTION_WRITE).u16(0).zeros(4);
          writeActions(actions);
          finishList(start);
        }
      }
      case OfAction.WriteMetadata(long value, long mask) -> writeMetadata(value, mask);
      case OfAction.GotoTable(int table) -> {
        if (version == OfVersion.OF10) {
          nicira.writeResubmit(new OfAction.Resubmit(OfPort.IN_PORT, table, false));
        } else {
          out.u16(INSTRUCTION_GOTO).u16(8).u8(table).zeros(3);
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void writeMetadata(long value, long mask) {
    if (version == OfVersion.OF10) {
      nicira.start(22, 32);
      out.zeros(6);
    } else {
      out.u16(INSTRUCTION_METADATA).u16(24).zeros(4);
    }
    out.u64(value).u64(mask);
  }

  private void writeOutput(int port, int maxBytes) {
    if (version == OfVersion.OF10) {
      out.u16(0).u16(8).u16(port).u16(maxBytes);
    } else {
      out.u16(0).u16(16).u32(OfPort.toWire(port)).u16(maxBytes).zeros(6);
    }
  }

  private void writeEnqueue(int port, int queue) {
    if (version == OfVersion.OF10) {
      out.u16(11).u16(16).u16(port).zeros(6).u32(queue);
    } else {
      writeStandardOr(21, 4, queue, 4);
      writeOutput(port, 0xffff);
      nicira.writePlain(5);
    }
  }

  /** An action whose only argument is a number: standard from 1.1 on, Nicira's in 1.0. */
  private void writeStandardOr(int type, int niciraType, long value, int bytes) {
    if (version == OfVersion.OF10) {
      nicira.writeNumber(niciraType, value, bytes);
    } else {
      writeStandard(type, value, bytes);
    }
  }

  private void writeStandard(int type, long value, int bytes) {
    out.u16(type).u16(8).uint(value, bytes).zeros(4 - bytes);
  }

  private void writeMove(OfAction.Move move) {
    boolean onf = move.onf() && (version == OfVersion.OF13 || version == OfVersion.OF14);
    if (isBefore(OfVersion.OF15) && !onf) {
      nicira.writeMove(move);
      return;
    }
    int start = out.size();
    if (onf) {
      out.u16(VENDOR).u16(0).u32(Vendor.ONF).u16(ONF_COPY).zeros(2);
    } else {
      out.u16(28).u16(0);
    }
    out.u16(move.target().bits());
    out.u16(move.source().start()).u16(move.target().start()).u16(0);
    Oxm.writeHeader(out, move.source().field(), version, false);
    Oxm.writeHeader(out, move.target().field(), version, false);
    out.pad8(start);
    out.setLength(start);
  }

  private void writeDecTtl(OfAction.DecTtl action) {
    if (action.isPlain()) {
      writeStandardOr(24, 18, 0, 0);
    } else {
      nicira.writeDecTtlIds(action.controllerIds());
    }
  }

  private boolean writeVlan(OfAction.Simple action) {
    switch (action) {
      case OfAction.SetVlanVid(int vid, boolean push) -> {
        pushIf(push);
        if (isBefore(OfVersion.OF12)) {
          writeStandard(1, vid, 2);
        } else {
          fields.writeStandard(Field.VLAN_VID, vid | MatchBuilder.VLAN_PRESENT);
        }
      }
      case OfAction.SetVlanPcp(int pcp, boolean push) -> {
        pushIf(push);
        if (isBefore(OfVersion.OF12)) {
          writeStandard(2, pcp, 1);
        } else {
          fields.writeStandard(Field.VLAN_PCP, pcp);
        }
      }
      case OfAction.PopVlan pop -> {
        writeStandard(version == OfVersion.OF10 ? 3 : 18, 0, 0);
        tagged = false;
      }
      case OfAction.PushVlan(int type) -> {
        if (version != OfVersion.OF10) {
          writeStandard(17, type, 2);
        }
        tagged = true;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void pushIf(boolean push) {
    if (push && !tagged && version != OfVersion.OF10) {
      writeStandard(17, 0x8100, 2);
    }
    tagged |= push;
  }

  /** Set-field from 1.2 on, before it an action of its own, whose type in 1.0 is one higher. */
  private void writeModify(Field field, int type11, long value, int bytes) {
    if (!isBefore(OfVersion.OF12) && field != null) {
      fields.writeStandard(field, value);
    } else {
      int type = version == OfVersion.OF10 && type11 <= 7 ? type11 + 1 : type11;
      writeStandard(type, value, bytes);
    }
  }

  private void writeModifyMac(Field field, int type11, long mac) {
    if (!isBefore(OfVersion.OF12)) {
      fields.writeStandard(field, mac);
    } else {
      out.u16(version == OfVersion.OF10 ? type11 + 1 : type11).u16(16).mac(mac).zeros(6);
    }
  }

  private Field port(Field tcp, Field udp, Field sctp) {
    return switch (proto) {
      case Prerequisites.PROTO_TCP -> tcp;
      case Prerequisites.PROTO_UDP -> udp;
      case Prerequisites.PROTO_SCTP -> sctp;
      default -> null;
    };
  }

  private boolean writeHeader(OfAction.Simple action) {
    switch (action) {
      case OfAction.SetEthSrc(long mac) -> writeModifyMac(Field.ETH_SRC, 3, mac);
      case OfAction.SetEthDst(long mac) -> writeModifyMac(Field.ETH_DST, 4, mac);
      case OfAction.SetIpSrc(int ip) -> writeModify(Field.IP_SRC, 5, ip & 0xffff_ffffL, 4);
      case OfAction.SetIpDst(int ip) -> writeModify(Field.IP_DST, 6, ip & 0xffff_ffffL, 4);
      case OfAction.SetIpTos(int tos) -> {
        boolean own = isBefore(OfVersion.OF12);
        writeModify(Field.IP_DSCP, 7, own ? tos : tos >>> 2, 1);
      }
      case OfAction.SetTpSrc(int tp) ->
          writeModify(port(Field.TCP_SRC, Field.UDP_SRC, Field.SCTP_SRC), 9, tp, 2);
      case OfAction.SetTpDst(int tp) ->
          writeModify(port(Field.TCP_DST, Field.UDP_DST, Field.SCTP_DST), 10, tp, 2);
      case OfAction.SetIpEcn(int ecn) -> writeEcn(ecn);
      case OfAction.SetIpTtl(int ttl) -> {
        if (version == OfVersion.OF10) {
          nicira.writeLoad(FieldSlice.all(Field.NW_TTL), ttl);
        } else {
          writeStandard(23, ttl, 1);
        }
      }
      default -> {
        return writeMpls(action);
      }
    }
    return true;
  }

  private void writeEcn(int ecn) {
    if (version == OfVersion.OF10) {
      nicira.writeLoad(FieldSlice.all(Field.NW_ECN), ecn);
    } else {
      writeModify(Field.NW_ECN, 8, ecn, 1);
    }
  }

  private boolean writeMpls(OfAction.Simple action) {
    switch (action) {
      case OfAction.PushMpls(int type) -> writeStandardOr(19, 23, type, 2);
      case OfAction.PopMpls(int type) -> writeStandardOr(20, 24, type, 2);
      case OfAction.DecMplsTtl dec -> writeStandardOr(16, 26, 0, 0);
      case OfAction.SetMplsLabel(int label) -> writeMplsField(Field.MPLS_LABEL, 13, 30, label, 4);
      case OfAction.SetMplsTc(int tc) -> writeMplsField(Field.MPLS_TC, 14, 31, tc, 1);
      case OfAction.SetMplsTtl(int ttl) -> writeStandardOr(15, 25, ttl, 1);
      case OfAction.SetTunnel(long id, boolean wide) -> {
        if (isBefore(OfVersion.OF12)) {
          nicira.writeTunnel(id, wide);
        } else {
          fields.writeStandard(Field.TUN_ID, id);
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void writeMplsField(Field field, int type, int niciraType, int value, int bytes) {
    if (isBefore(OfVersion.OF12)) {
      writeStandardOr(type, niciraType, value, bytes);
    } else {
      fields.writeStandard(field, value);
    }
  }
}
