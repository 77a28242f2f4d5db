package org.sluice.vswitchd.translate;

import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;

/** Chooses one of several links for a walk's packet, by a hash or by which are up. */
final class LinkStep {
  /** How often a link is drawn again that is none; by then another way is as good. */
  private static final int MAX_DRAWS = 64;

  private final Walk walk;
  private final FieldStep fields;
  private final OutputStep outputs;

  LinkStep(Walk walk, FieldStep fields, OutputStep outputs) {
    this.walk = walk;
    this.fields = fields;
    this.outputs = outputs;
  }

  /** Outputs to a member that is up, or writes its number. */
  void bundle(OfAction.Bundle bundle, boolean last) {
    int port =
        switch (bundle.algorithm()) {
          case ACTIVE_BACKUP -> firstUp(bundle);
          case HRW -> highestUp(bundle);
        };
    if (bundle.target() == null) {
      outputs.output(port, 0, last);
    } else {
      fields.load(new OfAction.RegLoad(bundle.target(), 0, port));
    }
  }

  private int firstUp(OfAction.Bundle bundle) {
    for (int member : bundle.members()) {
      if (isUp(member)) {
        return member;
      }
    }
    return OfPort.NONE;
  }

  private int highestUp(OfAction.Bundle bundle) {
    long hash = new HeaderHash(walk).of(bundle.fields(), bundle.basis());
    int best = OfPort.NONE;
    long bestScore = -1;
    for (int i = 0; i < bundle.members().size(); i++) {
      long score = score(hash, i);
      if (score > bestScore && isUp(bundle.members().get(i))) {
        best = bundle.members().get(i);
        bestScore = score;
      }
    }
    return best;
  }

  private boolean isUp(int member) {
    if (member == OfPort.CONTROLLER) {
      return false;
    }
    if (OfPort.isReserved(member) && member != OfPort.LOCAL) {
      return true;
    }
    PortView port = walk.bridge.port(member);
    return port != null && !port.has(PortView.Flag.LINK_DOWN) && !port.has(PortView.Flag.DOWN);
  }

  /** Writes the number of a link, 0 to {@code maxLink}. */
  void multipath(OfAction.Multipath multipath) {
    long hash = new HeaderHash(walk).of(multipath.fields(), multipath.basis()) >>> 32;
    int links = multipath.maxLink() + 1;
    long link =
        switch (multipath.algorithm()) {
          case MODULO_N -> hash % links;
          case HASH_THRESHOLD -> (hash * links) >>> 32;
          case HRW -> highest(hash, links);
          case ITER_HASH -> draw(hash, links, multipath.argument());
        };
    fields.load(new OfAction.RegLoad(multipath.target(), 0, link));
  }

  private static int highest(long hash, int links) {
    int best = 0;
    for (int link = 1; link < links; link++) {
      if (score(hash, link) > score(hash, best)) {
        best = link;
      }
    }
    return best;
  }

  /** Highest random weight: a link's score says nothing of another's. Thaler, Ravishankar 1998. */
  private static long score(long hash, int link) {
    return HeaderHash.mix(hash + link + 1) >>> 1;
  }

  /** Draws among {@code modulus} numbers until it is a link's. */
  private static long draw(long hash, int links, int modulus) {
    boolean isOfUse = modulus >= links && modulus / 2 <= links;
    int among =
        isOfUse || links == 1 ? Math.max(modulus, 1) : Integer.highestOneBit(links - 1) << 1;
    long drawn = hash;
    for (int i = 0; i < MAX_DRAWS; i++) {
      if (drawn % among < links) {
        return drawn % among;
      }
      drawn = HeaderHash.mix(drawn) >>> 32;
    }
    return drawn % links;
  }
}
