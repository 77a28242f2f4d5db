package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.datapath.DpAction;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.GroupMod.Bucket;

/** Sends a walk's packet through a group: all of its buckets, or the one that it chooses. */
final class GroupStep {
  /** How far liveness is followed from group to group. */
  private static final int MAX_CHAIN = 128;

  private final Walk walk;
  private final ActionWalker actions;

  GroupStep(Walk walk, ActionWalker actions) {
    this.walk = walk;
    this.actions = actions;
  }

  /** Runs the group; false where there is none, which ends the list. */
  boolean run(int groupId, boolean last) {
    if (!actions.tables().withinLimits()) {
      return true;
    }
    Group group = walk.bridge.group(groupId, walk.version);
    if (group == null) {
      walk.trace.error("output to nonexistent group " + Integer.toUnsignedString(groupId));
      return false;
    }
    switch (group.type()) {
      case ALL, INDIRECT -> {
        List<Bucket> buckets = group.buckets();
        for (int i = 0; i < buckets.size(); i++) {
          run(buckets.get(i), last && i == buckets.size() - 1);
        }
        walk.effect(new Effect.CrossedGroup(group, null));
      }
      case SELECT -> runOne(group, select(group), last);
      case FAST_FAILOVER -> runOne(group, firstAlive(group, 0), last);
    }
    return true;
  }

  private void runOne(Group group, Bucket bucket, boolean last) {
    if (bucket != null) {
      walk.trace.detail("using bucket " + Integer.toUnsignedString(bucket.id()));
      run(bucket, last);
      walk.effect(new Effect.CrossedGroup(group, bucket));
    } else if (!walk.freezing) {
      walk.trace.detail("no live bucket");
    }
  }

  /** Runs a bucket's actions as an action set, on what is a copy of the packet. */
  private void run(Bucket bucket, boolean last) {
    TraceNode outer =
        walk.trace.enter(
            TraceNode.Type.BUCKET, () -> "bucket " + Integer.toUnsignedString(bucket.id()));
    FlowKey before = walk.key.copy();
    boolean wasInBucket = walk.inBucket;
    walk.inBucket = true;
    walk.depth++;
    actions.run(ActionSet.inOrder(bucket.actions()), last);
    walk.depth--;
    walk.inBucket = wasInBucket;
    if (walk.freezing && walk.error == null) {
      actions.outputs().finishFreezing();
    }
    walk.key.copyFrom(before);
    walk.exit = false;
    walk.trace.leave(outer);
  }

  // --- Which bucket.

  private Bucket select(Group group) {
    if (group.slots() != null) {
      return byDatapathHash(group.slots(), group);
    }
    return group.selection().fields().isEmpty()
        ? best(group, new HeaderHash(walk).symmetricL4())
        : best(group, fieldsHash(group.selection()));
  }

  private Bucket byDatapathHash(BucketSlots slots, Group group) {
    int hash = (int) walk.key.get(Field.DP_HASH);
    if (hash == 0) {
      walk.hash = new DpAction.Hash(slots.algorithm(), slots.basis());
      walk.triggerFreeze();
      walk.repeats = true;
      walk.trace.detail("selection method in use: dp_hash, recirculating");
      return null;
    }
    walk.mask.set(Field.DP_HASH, walk.mask.get(Field.DP_HASH) | slots.mask());
    for (int i = 0; i <= slots.mask(); i++) {
      Bucket bucket = slots.bucket(hash, i);
      if (isAlive(group, bucket, 0)) {
        return bucket;
      }
    }
    return null;
  }

  private long fieldsHash(GroupMod.Selection selection) {
    long hash = HeaderHash.mix(selection.parameter());
    for (GroupMod.HashField hashed : selection.fields()) {
      Field field = hashed.field();
      if (Protocols.has(walk.key, field, walk.mask)) {
        long high = walk.key.getHigh(field) & hashed.maskHigh();
        long low = walk.key.get(field) & hashed.maskLow();
        hash = HeaderHash.mix(HeaderHash.mix(hash + high) + low);
        walk.mask.set(
            field,
            walk.mask.getHigh(field) | hashed.maskHigh(),
            walk.mask.get(field) | hashed.maskLow());
      }
    }
    return hash;
  }

  /** The live bucket with the highest score; scores are spread by hash and scaled by weight. */
  private Bucket best(Group group, long hash) {
    Bucket best = null;
    long bestScore = 0;
    for (Bucket bucket : group.buckets()) {
      if (isAlive(group, bucket, 0)) {
        long score = (HeaderHash.mix(bucket.id() + 1 + hash) & 0xffff) * bucket.weight();
        walk.trace.detail("bucket " + Integer.toUnsignedString(bucket.id()) + ": score " + score);
        if (score >= bestScore) {
          best = bucket;
          bestScore = score;
        }
      } else {
        reportDead(bucket);
      }
    }
    return best;
  }

  // --- Liveness.

  private Bucket firstAlive(Group group, int depth) {
    for (Bucket bucket : group.buckets()) {
      if (isAlive(group, bucket, depth)) {
        return bucket;
      }
      reportDead(bucket);
    }
    return null;
  }

  private void reportDead(Bucket bucket) {
    walk.trace.detail("bucket " + Integer.toUnsignedString(bucket.id()) + ": not live");
  }

  private boolean isAlive(Group group, Bucket bucket, int depth) {
    if (depth >= MAX_CHAIN) {
      walk.trace.error("bucket chaining exceeded " + MAX_CHAIN + " links");
      return false;
    }
    if (group.type() == GroupMod.Type.SELECT && bucket.weight() == 0) {
      return false;
    }
    return !bucket.isWatched()
        || isPortAlive(bucket.watchPort())
        || isGroupAlive(bucket.watchGroup(), depth + 1);
  }

  private boolean isPortAlive(int number) {
    if (number == OfPort.CONTROLLER) {
      return walk.bridge.hasController();
    }
    PortView port = number == OfPort.ANY ? null : walk.bridge.port(number);
    return port != null && !port.has(PortView.Flag.LINK_DOWN);
  }

  private boolean isGroupAlive(int groupId, int depth) {
    Group group = groupId == GroupMod.ANY ? null : walk.bridge.group(groupId, walk.version);
    return group != null && firstAlive(group, depth) != null;
  }
}
