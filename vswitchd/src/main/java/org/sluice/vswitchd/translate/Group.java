package org.sluice.vswitchd.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.GroupMod.Bucket;
import org.sluice.vswitchd.classifier.Versioned;

/**
 * A group as it is at one moment: a change puts another in its place. Immutable but for what it
 * counts, which any thread may do.
 */
public final class Group extends Versioned {
  private final GroupMod.Description description;
  private final BucketSlots slots;
  private final long createdNs;
  private final Use use = new Use();
  private final List<Use> bucketUse = new ArrayList<>();

  /** Packets and bytes. */
  private static final class Use {
    private final AtomicLong packets = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    void credit(long morePackets, long moreBytes) {
      packets.addAndGet(morePackets);
      bytes.addAndGet(moreBytes);
    }

    FlowRemoved.Counts counts() {
      return new FlowRemoved.Counts(packets.get(), bytes.get());
    }
  }

  /** A group that has carried nothing. */
  public Group(GroupMod.Description description, long createdNs) {
    this.description = description;
    this.createdNs = createdNs;
    this.slots =
        description.type() == GroupMod.Type.SELECT
            ? BucketSlots.of(description.buckets(), description.selection())
            : null;
    description.buckets().forEach(bucket -> bucketUse.add(new Use()));
  }

  public int id() {
    return description.groupId();
  }

  public GroupMod.Type type() {
    return description.type();
  }

  public List<Bucket> buckets() {
    return description.buckets();
  }

  public GroupMod.Selection selection() {
    return description.selection();
  }

  /** As controllers see it. */
  public GroupMod.Description description() {
    return description;
  }

  public long createdNs() {
    return createdNs;
  }

  /** Which hash value leads to which bucket; null where the datapath's hash does not choose. */
  BucketSlots slots() {
    return slots;
  }

  /** Counts packets that took {@code bucket}, or all of them where that is null. */
  void credit(Bucket bucket, long packets, long bytes) {
    use.credit(packets, bytes);
    for (int i = 0; i < bucketUse.size(); i++) {
      if (bucket == null || bucket.id() == buckets().get(i).id()) {
        bucketUse.get(i).credit(packets, bytes);
      }
    }
  }

  /** What it has carried. */
  public FlowRemoved.Counts counts() {
    return use.counts();
  }

  /** What each bucket has carried. */
  public List<FlowRemoved.Counts> bucketCounts() {
    return bucketUse.stream().map(Use::counts).toList();
  }
}
