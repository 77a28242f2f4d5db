package org.sluice.vswitchd.ofproto;

import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.BundleAdd;
import org.sluice.openflow.message.OfMessage.BundleControl;
import org.sluice.openflow.message.PacketOut;
import org.sluice.vswitchd.ofproto.RequestHandler.Request;

/** OpenFlow bundles: messages gathered first, then done together or not at all. */
final class BundleHandler {
  private final Ofproto ofproto;
  private final RequestHandler requests;

  BundleHandler(Ofproto ofproto, RequestHandler requests) {
    this.ofproto = ofproto;
    this.requests = requests;
  }

  OfError control(Request request, BundleControl control) {
    int id = control.bundleId();
    Session session = request.session();
    BundleStage stage = session.bundles().get(id);
    OfError error =
        switch (control.type()) {
          case OPEN_REQUEST -> open(session, control, stage);
          case CLOSE_REQUEST -> close(session, control, stage);
          case COMMIT_REQUEST -> commit(request, control, stage);
          case DISCARD_REQUEST -> session.bundles().remove(id) == null ? badId() : null;
          default -> OfError.OFPBFC_BAD_TYPE;
        };
    if (error == null) {
      BundleControl.Type done = BundleControl.Type.ofWire(control.type().wire() + 1);
      request.reply(new BundleControl(id, done, control.flags()));
    }
    return error;
  }

  private static OfError badId() {
    return OfError.OFPBFC_BAD_ID;
  }

  private static OfError open(Session session, BundleControl control, BundleStage stage) {
    if (stage != null) {
      session.bundles().remove(control.bundleId());
      return badId();
    }
    if (session.bundles().size() >= Session.MAX_BUNDLES) {
      return OfError.OFPBFC_OUT_OF_BUNDLES;
    }
    session.bundles().put(control.bundleId(), new BundleStage(control.flags()));
    return null;
  }

  private static OfError close(Session session, BundleControl control, BundleStage stage) {
    if (stage == null) {
      return badId();
    }
    if (stage.isClosed() || stage.flags() != control.flags()) {
      session.bundles().remove(control.bundleId());
      return stage.isClosed() ? OfError.OFPBFC_BUNDLE_CLOSED : OfError.OFPBFC_BAD_FLAGS;
    }
    stage.close();
    return null;
  }

  OfError add(Request request, BundleAdd add) {
    Session session = request.session();
    BundleStage stage = session.bundles().get(add.bundleId());
    if (stage == null) {
      if (session.bundles().size() >= Session.MAX_BUNDLES) {
        return OfError.OFPBFC_OUT_OF_BUNDLES;
      }
      stage = new BundleStage(add.flags());
      session.bundles().put(add.bundleId(), stage);
    }
    OfError error = check(stage, add);
    if (error == null) {
      stage.items().add(new BundleStage.Item(request.xid(), add.message()));
    } else {
      session.bundles().remove(add.bundleId());
    }
    return error;
  }

  private static OfError check(BundleStage stage, BundleAdd add) {
    if (stage.isClosed()) {
      return OfError.OFPBFC_BUNDLE_CLOSED;
    }
    if (stage.flags() != add.flags()) {
      return OfError.OFPBFC_BAD_FLAGS;
    }
    if (stage.items().size() >= BundleStage.MAX_MESSAGES) {
      return OfError.OFPBFC_MSG_TOO_MANY;
    }
    return switch (add.message()) {
      case FlowMod mod -> null;
      case PacketOut out -> null;
      case OfMessage.PortMod mod -> null;
      default -> OfError.OFPBFC_MSG_UNSUP;
    };
  }

  private OfError commit(Request request, BundleControl control, BundleStage stage) {
    if (stage == null) {
      return badId();
    }
    request.session().bundles().remove(control.bundleId());
    if (stage.flags() != control.flags()) {
      return OfError.OFPBFC_BAD_FLAGS;
    }
    return requests.locked(() -> commitLocked(request, stage));
  }

  private OfError commitLocked(Request request, BundleStage stage) {
    FlowEdit edit = new FlowEdit(ofproto.tables());
    for (BundleStage.Item item : stage.items()) {
      OfError error = apply(edit, item.message(), request.nowNs());
      if (error != null) {
        edit.revert();
        request.session().outbox().sendError(item.xid(), error, item.message());
        return OfError.OFPBFC_MSG_FAILED;
      }
    }
    edit.commit(request.nowNs());
    return null;
  }

  private OfError apply(FlowEdit edit, OfMessage message, long nowNs) {
    return switch (message) {
      case FlowMod mod -> edit.apply(mod, nowNs);
      case PacketOut out -> ofproto.backend().packetOut(ofproto, out, nowNs);
      case OfMessage.PortMod mod -> requests.portMod(mod);
      default -> OfError.OFPBFC_MSG_UNSUP;
    };
  }
}
