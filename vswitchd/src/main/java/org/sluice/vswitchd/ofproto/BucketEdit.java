package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.GroupMod.Bucket;
import org.sluice.openflow.message.OfError;

/**
 * Puts buckets into a group's list or takes some out.
 *
 * @param buckets the new list; null where it cannot be
 * @param error why not
 */
record BucketEdit(List<Bucket> buckets, OfError error) {
  private static BucketEdit failed(OfError error) {
    return new BucketEdit(null, error);
  }

  /** The list that {@code mod} makes of {@code old}. */
  static BucketEdit apply(GroupMod mod, List<Bucket> old) {
    return mod.command() == GroupMod.Command.INSERT_BUCKET ? insert(mod, old) : remove(mod, old);
  }

  private static int indexOf(List<Bucket> buckets, int id) {
    for (int i = 0; i < buckets.size(); i++) {
      if (buckets.get(i).id() == id) {
        return i;
      }
    }
    return -1;
  }

  private static BucketEdit insert(GroupMod mod, List<Bucket> old) {
    int at =
        switch (mod.commandBucketId()) {
          case Bucket.ID_FIRST -> 0;
          case Bucket.ID_LAST -> old.size();
          default -> indexOf(old, mod.commandBucketId()) + 1;
        };
    if (at == 0 && Bucket.isBucketId(mod.commandBucketId())) {
      return failed(OfError.OFPGMFC_UNKNOWN_BUCKET);
    }
    List<Bucket> changed = new ArrayList<>(old);
    changed.addAll(at, mod.buckets());
    Set<Integer> ids = new HashSet<>();
    for (Bucket bucket : changed) {
      if (!ids.add(bucket.id())) {
        return failed(OfError.OFPGMFC_BUCKET_EXISTS);
      }
    }
    return new BucketEdit(changed, null);
  }

  private static BucketEdit remove(GroupMod mod, List<Bucket> old) {
    if (mod.commandBucketId() == Bucket.ID_ALL) {
      return new BucketEdit(List.of(), null);
    }
    int at =
        switch (mod.commandBucketId()) {
          case Bucket.ID_FIRST -> 0;
          case Bucket.ID_LAST -> old.size() - 1;
          default -> indexOf(old, mod.commandBucketId());
        };
    boolean byPlace =
        mod.commandBucketId() == Bucket.ID_FIRST || mod.commandBucketId() == Bucket.ID_LAST;
    if (at < 0 && !byPlace) {
      return failed(OfError.OFPGMFC_UNKNOWN_BUCKET);
    }
    List<Bucket> changed = new ArrayList<>(old);
    if (at >= 0 && at < changed.size()) {
      changed.remove(at);
    }
    return new BucketEdit(changed, null);
  }
}
