package org.sluice.openflow.codec;

import java.util.HashSet;
import java.util.Set;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.GroupMod.Bucket;
import org.sluice.openflow.message.GroupMod.Command;
import org.sluice.openflow.message.GroupMod.HashField;
import org.sluice.openflow.message.GroupMod.Selection;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.Vendor;

/**
 * Writes groups.
 *
 * <pre>
 *  mod, 1.1:   0  command (16)  2  type  3  0  4  group (32)  8  buckets
 *  mod, 1.5:   0  command (16)  2  type  3  0  4  group (32)  8  bytes of buckets (16)  10  0 (16)
 *             12  command's bucket (32)  16  buckets, properties
 *  bucket 1.1: 0  length (16)  2  weight (16)  4  watch_port (32)  8  watch_group (32)  12  0 (32)
 *             16  actions
 *  bucket 1.5: 0  length (16)  2  bytes of actions (16)  4  bucket (32)  8  actions, properties
 * </pre>
 */
final class GroupWriter {
  static final int BUCKET_11_BYTES = 16;
  static final int BUCKET_15_BYTES = 8;
  static final int WEIGHT = 0;
  static final int WATCH_PORT = 1;
  static final int WATCH_GROUP = 2;
  static final int SELECTION_METHOD = 1;
  static final int METHOD_BYTES = 16;

  private final WireWriter out;
  private final OfVersion version;

  GroupWriter(WireWriter out, OfVersion version) {
    this.out = out;
    this.version = version;
  }

  /** Whether groups have the form of 1.5. */
  static boolean isForm15(OfVersion version) {
    return version == OfVersion.OF10 || version == OfVersion.OF15;
  }

  static WireWriter writeMod(Frames frames, GroupMod mod) {
    WireWriter out =
        frames.start(
            MessageForm.NXT_GROUP_MOD, MessageForm.OFPT11_GROUP_MOD, MessageForm.OFPT15_GROUP_MOD);
    new GroupWriter(out, frames.version()).writeMod(mod);
    return out;
  }

  private void writeMod(GroupMod mod) {
    if (!isForm15(version) && mod.command().isAboutBuckets()) {
      throw new IllegalArgumentException(
          mod.command() + " has no form in OpenFlow " + version.number());
    }
    out.u16(mod.command().wire()).u8(mod.type().wire()).u8(0).u32(mod.groupId());
    if (!isForm15(version)) {
      mod.buckets().forEach(this::writeBucket11);
      return;
    }
    int at = out.size();
    out.u16(0).u16(0).u32(mod.commandBucketId());
    int start = out.size();
    Set<Integer> taken = new HashSet<>();
    mod.buckets().forEach(bucket -> taken.add(bucket.id()));
    for (Bucket bucket : mod.buckets()) {
      writeBucket15(bucket, bucketId(bucket, taken), mod.type());
    }
    out.setU16(at, out.size() - start);
    if (mod.command() != Command.DELETE) {
      writeSelection(mod.selection());
    }
  }

  /** Its own, or the lowest that is free. */
  private static int bucketId(Bucket bucket, Set<Integer> taken) {
    int id = bucket.id();
    if (!Bucket.isBucketId(id)) {
      id = 0;
      while (!taken.add(id)) {
        id++;
      }
    }
    return id;
  }

  void writeDescription(GroupMod.Description group) {
    if (group.type() == null) {
      throw new IllegalArgumentException("group " + group.groupId() + " is of no known type");
    }
    int start = out.size();
    out.u16(0).u8(group.type().wire()).u8(0).u32(group.groupId());
    if (isForm15(version)) {
      int at = out.size();
      out.u16(0).zeros(6);
      int buckets = out.size();
      group.buckets().forEach(bucket -> writeBucket15(bucket, bucket.id(), group.type()));
      out.setU16(at, out.size() - buckets);
      writeSelection(group.selection());
    } else {
      group.buckets().forEach(this::writeBucket11);
    }
    out.setU16(start, out.size() - start);
  }

  private void writeBucket11(Bucket bucket) {
    int start = out.size();
    out.u16(0).u16(bucket.weight()).u32(OfPort.toWire(bucket.watchPort()));
    out.u32(bucket.watchGroup()).zeros(4);
    new ActionWriter(out, version, Match.any()).writeActions(bucket.actions());
    out.setU16(start, out.size() - start);
  }

  private void writeBucket15(Bucket bucket, int id, GroupMod.Type type) {
    int start = out.size();
    out.u16(0).u16(0).u32(id);
    new ActionWriter(out, version, Match.any()).writeActions(bucket.actions());
    out.setU16(start + 2, out.size() - start - BUCKET_15_BYTES);
    if (type == GroupMod.Type.SELECT || bucket.weight() != 0) {
      Property.writeU16(out, WEIGHT, bucket.weight());
    }
    if (bucket.watchPort() != OfPort.ANY) {
      Property.writeU32(out, WATCH_PORT, OfPort.toWire(bucket.watchPort()));
    }
    if (bucket.watchGroup() != GroupMod.ANY) {
      Property.writeU32(out, WATCH_GROUP, bucket.watchGroup());
    }
    out.setU16(start, out.size() - start);
  }

  private void writeSelection(Selection selection) {
    if (selection.method().isEmpty()) {
      return;
    }
    int start = Property.startExperimenter(out, Vendor.NETRONOME, SELECTION_METHOD);
    out.zeros(4).text(selection.method(), METHOD_BYTES).u64(selection.parameter());
    for (HashField field : selection.fields()) {
      Oxm.writeExact(out, field.field(), version, field.maskHigh(), field.maskLow());
    }
    Property.finish(out, start);
  }
}
