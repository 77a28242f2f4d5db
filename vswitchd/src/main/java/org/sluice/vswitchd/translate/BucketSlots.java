package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.GroupMod.Bucket;

/**
 * The values of the datapath's hash dealt out to a select group's buckets, as many to each as its
 * weight asks for; by Webster's method, as seats go to parties. Immutable.
 *
 * @param algorithm of {@link org.sluice.datapath.datapath.DpAction.Hash}
 * @param buckets the bucket of each slot; their number is a power of two
 */
record BucketSlots(int algorithm, int basis, List<Bucket> buckets) {
  private static final int MIN_SLOTS = 16;
  private static final int SLOTS_PER_BUCKET = 4;
  private static final int MAX_SLOTS = 256;
  private static final int MAX_SLOTS_ASKED = 1 << 16;
  private static final int TRANSPORT = 0;
  private static final int SYMMETRIC = 1;

  BucketSlots {
    buckets = List.copyOf(buckets);
  }

  /**
   * The slots of {@code buckets}; null where the weights would need too many, there are none, or
   * another method was asked for.
   */
  static BucketSlots of(List<Bucket> buckets, GroupMod.Selection selection) {
    boolean asked = selection.method().equals("dp_hash");
    if (!asked && !selection.method().isEmpty()) {
      return null;
    }
    int slots = count(buckets, asked ? MAX_SLOTS_ASKED : MAX_SLOTS);
    if (slots == 0) {
      return null;
    }
    int wanted = (int) (selection.parameter() >>> 32);
    int algorithm = !asked ? SYMMETRIC : wanted == SYMMETRIC ? SYMMETRIC : TRANSPORT;
    return new BucketSlots(
        algorithm, asked ? (int) selection.parameter() : 0, deal(buckets, slots));
  }

  /** How many slots give each bucket at least one; 0 where that is more than {@code most}. */
  private static int count(List<Bucket> buckets, int most) {
    long total = 0;
    int least = Integer.MAX_VALUE;
    for (Bucket bucket : buckets) {
      total += bucket.weight();
      if (bucket.weight() > 0) {
        least = Math.min(least, bucket.weight());
      }
    }
    if (total == 0) {
      return 0;
    }
    long needed = (total + least - 1) / least;
    needed = Math.max(needed, Math.min((long) buckets.size() * SLOTS_PER_BUCKET, MAX_SLOTS));
    needed = Math.max(needed, MIN_SLOTS);
    if (needed > most) {
      return 0;
    }
    return needed == 1 ? 1 : Integer.highestOneBit((int) needed - 1) << 1;
  }

  private static List<Bucket> deal(List<Bucket> buckets, int slots) {
    int[] dealt = new int[buckets.size()];
    Bucket[] result = new Bucket[slots];
    for (int slot = 0; slot < slots; slot++) {
      int winner = 0;
      for (int i = 1; i < dealt.length; i++) {
        if (claim(buckets.get(i), dealt[i]) > claim(buckets.get(winner), dealt[winner])) {
          winner = i;
        }
      }
      dealt[winner]++;
      result[slot] = buckets.get(winner);
    }
    return List.of(result);
  }

  private static double claim(Bucket bucket, int dealt) {
    return bucket.weight() / (2.0 * dealt + 1);
  }

  /** The bits of the hash that choose. */
  int mask() {
    return buckets.size() - 1;
  }

  /** The bucket of the {@code step}th slot from where {@code hash} points. */
  Bucket bucket(int hash, int step) {
    return buckets.get((hash + step) & mask());
  }
}
