package org.sluice.openflow.codec;

import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.Role;
import org.sluice.openflow.message.OfVersion;

/** Roles: of before 1.2 in the Nicira form, which has neither "no change" nor a generation. */
final class RoleCodec {
  private static final long NO_GENERATION = -1;

  private RoleCodec() {}

  static OfMessage readRequest(WireReader in) {
    return new OfMessage.RoleRequest(readRole(in), generation(in.skip(4)), false);
  }

  static OfMessage readReply(WireReader in) {
    return new OfMessage.RoleReply(readRole(in), generation(in.skip(4)), false);
  }

  private static Role readRole(WireReader in) {
    Role role = Role.ofWire(in.u32());
    if (role == null) {
      throw in.bad(OfError.OFPRRFC_BAD_ROLE);
    }
    return role;
  }

  private static Long generation(WireReader in) {
    long wire = in.u64();
    return wire == NO_GENERATION ? null : Long.valueOf(wire);
  }

  private static long wire(Long generation) {
    return generation == null ? NO_GENERATION : generation;
  }

  static Role readNicira(WireReader in) {
    int wire = in.u32();
    Role role = wire >= 0 && wire <= 2 ? Role.ofWire(wire + 1) : null;
    if (role == null) {
      throw in.bad(OfError.OFPRRFC_BAD_ROLE);
    }
    return role;
  }

  static OfMessage readStatus(WireReader in) {
    Role role = readRole(in);
    int reason = in.u8();
    return new OfMessage.RoleStatus(role, reason, generation(in.skip(3)));
  }

  static WireWriter write(Frames frames, OfMessage.RoleRequest request) {
    if (request.nicira() || frames.version().isBefore(OfVersion.OF12)) {
      return writeNicira(frames.start(MessageForm.NXT_ROLE_REQUEST), request.role());
    }
    return write(
        frames.start(MessageForm.OFPT12_ROLE_REQUEST), request.role(), request.generation());
  }

  static WireWriter write(Frames frames, OfMessage.RoleReply reply) {
    if (reply.nicira() || frames.version().isBefore(OfVersion.OF12)) {
      return writeNicira(frames.start(MessageForm.NXT_ROLE_REPLY), reply.role());
    }
    return write(frames.start(MessageForm.OFPT12_ROLE_REPLY), reply.role(), reply.generation());
  }

  private static WireWriter write(WireWriter out, Role role, Long generation) {
    return out.u32(role.wire()).zeros(4).u64(wire(generation));
  }

  private static WireWriter writeNicira(WireWriter out, Role role) {
    return out.u32(Math.max(0, role.wire() - 1));
  }

  static WireWriter write(Frames frames, OfMessage.RoleStatus status) {
    WireWriter out = frames.start(MessageForm.ONFT13_ROLE_STATUS, MessageForm.OFPT14_ROLE_STATUS);
    return out.u32(status.role().wire())
        .u8(status.reason())
        .zeros(3)
        .u64(wire(status.generation()));
  }
}
