package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.BundleAdd;
import org.sluice.openflow.message.OfMessage.BundleControl;
import org.sluice.openflow.message.PacketOut;
import org.sluice.vswitchd.ofproto.RequestHandler.Request;

/** OpenFlow bundles: messages gathered first, then done together or not at all. */
final class BundleHandler {
  /** What the messages of all bundles of a switch may have had on their way here. */
  static final long MAX_BYTES = 256 << 20;

  /**
   * What of one bundle nobody counts. There may be thousands of bundles, so that all of that comes
   * to less than what is counted.
   */
  private static final long UNCOUNTED_BYTES = 1 << 12;

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
          case OPEN_REQUEST -> open(request, control, stage);
          case CLOSE_REQUEST -> close(request, control, stage);
          case COMMIT_REQUEST -> commit(request, control, stage);
          case DISCARD_REQUEST -> session.bundles().remove(id) == null ? badId() : null;
          default -> OfError.OFPBFC_BAD_TYPE;
        };
    if (error == null) {
      BundleControl.Type done = BundleControl.Type.ofWire(control.type().wire() + 1);
      request.reply(new BundleControl(id, done, 0));
    }
    return error;
  }

  private static OfError badId() {
    return OfError.OFPBFC_BAD_ID;
  }

  private static OfError open(Request request, BundleControl control, BundleStage stage) {
    Session session = request.session();
    if (stage != null) {
      session.bundles().remove(control.bundleId());
      return badId();
    }
    if (session.bundles().size() >= Session.MAX_BUNDLES) {
      return OfError.OFPBFC_OUT_OF_BUNDLES;
    }
    session
        .bundles()
        .put(control.bundleId(), new BundleStage(control.flags(), request.xid(), request.nowNs()));
    return null;
  }

  private static OfError close(Request request, BundleControl control, BundleStage stage) {
    Session session = request.session();
    if (stage == null) {
      return badId();
    }
    if (stage.isClosed() || stage.flags() != control.flags()) {
      session.bundles().remove(control.bundleId());
      return stage.isClosed() ? OfError.OFPBFC_BUNDLE_CLOSED : OfError.OFPBFC_BAD_FLAGS;
    }
    stage.close();
    stage.use(request.nowNs());
    return null;
  }

  OfError add(Request request, BundleAdd add) {
    Session session = request.session();
    BundleStage stage = session.bundles().get(add.bundleId());
    if (stage == null) {
      if (session.bundles().size() >= Session.MAX_BUNDLES) {
        return OfError.OFPBFC_OUT_OF_BUNDLES;
      }
      stage = new BundleStage(add.flags(), request.xid(), request.nowNs());
      session.bundles().put(add.bundleId(), stage);
    }
    OfError error = check(request, stage, add);
    if (error == null) {
      OfError wrong = checkMessage(add.message());
      if (wrong != null) {
        return wrong;
      }
      stage.use(request.nowNs());
      stage.add(new BundleStage.Item(request.xid(), add.message()), request.length());
    } else {
      session.bundles().remove(add.bundleId());
    }
    return error;
  }

  private OfError check(Request request, BundleStage stage, BundleAdd add) {
    if (stage.isClosed()) {
      return OfError.OFPBFC_BUNDLE_CLOSED;
    }
    if (stage.flags() != add.flags()) {
      return OfError.OFPBFC_BAD_FLAGS;
    }
    if (stage.items().size() >= BundleStage.MAX_MESSAGES || !hasRoom(stage, request.length())) {
      return OfError.OFPBFC_MSG_TOO_MANY;
    }
    return switch (add.message()) {
      case FlowMod mod -> null;
      case GroupMod mod -> null;
      case PacketOut out -> null;
      case OfMessage.PortMod mod -> null;
      default -> OfError.OFPBFC_MSG_UNSUP;
    };
  }

  /** Looks at other bundles for each {@link #UNCOUNTED_BYTES} of this one. */
  private boolean hasRoom(BundleStage stage, int length) {
    long after = stage.bytes() + length;
    if (stage.bytes() / UNCOUNTED_BYTES == after / UNCOUNTED_BYTES) {
      return true;
    }
    long held = length;
    for (Session session : ofproto.sessions().all()) {
      for (BundleStage each : session.bundles().values()) {
        held += each.bytes();
      }
    }
    return held <= MAX_BYTES;
  }

  /** What is wrong with a message whatever the tables hold; the bundle goes on without it. */
  private static OfError checkMessage(OfMessage message) {
    return message instanceof FlowMod mod ? FlowEdit.checkForm(mod) : null;
  }

  /** Ends the bundles of {@code session} that were not used for {@code idleNs}. */
  void expire(Session session, long idleNs, long nowNs) {
    session
        .bundles()
        .forEach((id, stage) -> {
          if (nowNs - stage.usedNs() >= idleNs && session.bundles().remove(id, stage)) {
            session.outbox().sendError(stage.xid(), OfError.OFPBFC_TIMEOUT, stage.opening(id));
          }
        });
  }

  private OfError commit(Request request, BundleControl control, BundleStage stage) {
    if (stage == null) {
      return badId();
    }
    if (!request.session().bundles().remove(control.bundleId(), stage)) {
      return badId(); // its time was up just now, of which the peer has been told
    }
    if (stage.flags() != control.flags()) {
      return OfError.OFPBFC_BAD_FLAGS;
    }
    OfError error = requests.locked(() -> commitLocked(request, stage));
    ofproto.backend().awaitPackets(); // who is told that it is done may look for what they did
    return error;
  }

  private OfError commitLocked(Request request, BundleStage stage) {
    List<Runnable> finals = new ArrayList<>();
    OfError error =
        ofproto
            .tables()
            .change(edit -> new Commit(request, edit, finals).apply(stage), request.nowNs());
    if (error == null) {
      finals.forEach(Runnable::run);
      stage.forEachCommand(
          (command, count) -> request.session().flowMods().count(command, count, request.nowNs()));
    }
    return error;
  }

  /**
   * A bundle being carried out, in the next version of the tables, which later messages see and
   * nobody else does. What cannot be taken back waits until all is well.
   */
  private final class Commit {
    private final Request request;
    private final FlowEdit edit;
    private final List<Runnable> finals;

    Commit(Request request, FlowEdit edit, List<Runnable> finals) {
      this.request = request;
      this.edit = edit;
      this.finals = finals;
    }

    OfError apply(BundleStage stage) {
      for (BundleStage.Item item : stage.items()) {
        OfError error = apply(item);
        if (error != null) {
          request.session().outbox().sendError(item.xid(), error, item.message());
          return OfError.OFPBFC_MSG_FAILED;
        }
      }
      return null;
    }

    private OfError apply(BundleStage.Item item) {
      Origin origin = new Origin(request.session(), item.xid());
      return switch (item.message()) {
        case FlowMod mod -> edit.applyChecked(mod, origin, request.nowNs());
        case GroupMod mod -> {
          OfError error = edit.apply(mod, origin, request.nowNs());
          if (error == null) {
            finals.add(requests.forwarding(request, mod, ofproto.tables().versions().next()));
          }
          yield error;
        }
        case PacketOut out -> packetOut(out);
        case OfMessage.PortMod mod -> {
          finals.add(() -> requests.portMod(mod));
          yield requests.checkPortMod(mod);
        }
        default -> OfError.OFPBFC_MSG_UNSUP;
      };
    }

    /** The packet goes through the tables as they are now, and out at the end. */
    private OfError packetOut(PacketOut out) {
      long version = ofproto.tables().versions().next();
      SwitchBackend.Sending sending =
          ofproto.backend().preparePacketOut(ofproto, out, request.nowNs(), version);
      finals.add(sending.send());
      return sending.error();
    }
  }
}
