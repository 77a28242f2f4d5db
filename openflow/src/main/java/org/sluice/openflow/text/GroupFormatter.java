package org.sluice.openflow.text;

import java.util.List;
import java.util.StringJoiner;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.GroupMod.Bucket;
import org.sluice.openflow.message.GroupMod.HashField;
import org.sluice.openflow.message.GroupMod.Selection;
import org.sluice.openflow.message.OfVersion;

/** Writes groups as {@code ovs-ofctl dump-groups} does. Immutable. */
public final class GroupFormatter {
  private final Names names;
  private final OfVersion version;

  /** Shows ports and tables by these names; bucket numbers where the version has them. */
  public GroupFormatter(Names names, OfVersion version) {
    this.names = names;
    this.version = version;
  }

  private boolean hasBucketIds() {
    return version == OfVersion.OF10 || version == OfVersion.OF15;
  }

  /** A command and the group that it is about. */
  public String format(GroupMod mod) {
    String command =
        switch (mod.command()) {
          case ADD -> "ADD ";
          case MODIFY -> "MOD ";
          case ADD_OR_MODIFY -> "ADD_OR_MOD ";
          case DELETE -> "DEL ";
          case INSERT_BUCKET -> "INSERT_BUCKET ";
          case REMOVE_BUCKET -> "REMOVE_BUCKET ";
        };
    boolean buckets = mod.command().isAboutBuckets();
    String bucket = buckets && hasBucketIds() ? "command_" + bucketId(mod.commandBucketId()) : "";
    return command
        + bucket
        + "group_id="
        + Integer.toUnsignedString(mod.groupId())
        + (buckets ? "" : ",type=" + mod.type().text())
        + format(mod.selection())
        + format(mod.buckets(), mod.type());
  }

  /** A group. */
  public String format(GroupMod.Description group) {
    return "group_id="
        + Integer.toUnsignedString(group.groupId())
        + ",type="
        + (group.type() == null ? "unknown" : group.type().text())
        + format(group.selection())
        + format(group.buckets(), group.type());
  }

  private String format(Selection selection) {
    if (selection.method().isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder(",selection_method=").append(selection.method());
    if (selection.parameter() != 0) {
      out.append(",selection_method_param=");
      out.append(Long.toUnsignedString(selection.parameter()));
    }
    List<HashField> fields = selection.fields();
    if (!fields.isEmpty()) {
      StringJoiner joiner = new StringJoiner(",");
      fields.forEach(field -> joiner.add(format(field)));
      out.append(fields.size() == 1 ? ",fields=" + joiner : ",fields(" + joiner + ")");
    }
    return out.toString();
  }

  private static String format(HashField hash) {
    FieldValue value = FieldValue.exact(hash.field(), hash.maskHigh(), hash.maskLow());
    boolean all = new FieldValue(0, 0, hash.maskHigh(), hash.maskLow()).isExact(hash.field());
    String name = hash.field().text();
    return all ? name : name + "=" + FieldText.format(hash.field(), value, Names.NONE);
  }

  private String format(List<Bucket> buckets, GroupMod.Type type) {
    StringJoiner joiner = new StringJoiner(",", ",", "");
    joiner.setEmptyValue("");
    buckets.forEach(bucket -> joiner.add(format(bucket, type)));
    return joiner.toString();
  }

  private String format(Bucket bucket, GroupMod.Type type) {
    StringBuilder out = new StringBuilder("bucket=");
    if (hasBucketIds()) {
      out.append(bucketId(bucket.id()));
    }
    if (bucket.weight() != (type == GroupMod.Type.SELECT ? 1 : 0)) {
      out.append("weight:").append(bucket.weight()).append(',');
    }
    if (bucket.watchPort() != OfPort.NONE) {
      out.append("watch_port:").append(names.portText(bucket.watchPort())).append(',');
    }
    if (bucket.watchGroup() != GroupMod.ANY) {
      out.append("watch_group:").append(Integer.toUnsignedString(bucket.watchGroup())).append(',');
    }
    return out.append("actions=")
        .append(new ActionFormatter(names).format(bucket.actions()))
        .toString();
  }

  private static String bucketId(int id) {
    String text =
        switch (id) {
          case Bucket.ID_FIRST -> "first";
          case Bucket.ID_LAST -> "last";
          case Bucket.ID_ALL -> "all";
          default -> Integer.toUnsignedString(id);
        };
    return "bucket_id:" + text + ",";
  }
}
