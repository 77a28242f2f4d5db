package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.GroupMod.Bucket;
import org.sluice.openflow.message.GroupMod.Command;
import org.sluice.openflow.message.GroupMod.HashField;
import org.sluice.openflow.message.GroupMod.Selection;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.Vendor;

/** Reads groups: 1.0 as an extension and 1.5 have one form, the versions between another. */
final class GroupReader {
  private final WireReader in;
  private final OfVersion version;
  private final boolean of15;

  GroupReader(WireReader in, OfVersion version) {
    this.in = in;
    this.version = version;
    of15 = GroupWriter.isForm15(version);
  }

  GroupMod readMod() {
    int wireCommand = in.u16();
    int wireType = in.u8();
    int id = in.skip(1).u32();
    Command command = Command.ofWire(wireCommand);
    GroupMod.Type type = GroupMod.Type.ofWire(wireType);
    GroupMod mod = of15 ? readMod15(command, type, id) : readMod11(command, type, id);
    check(mod);
    return mod;
  }

  private GroupMod readMod11(Command command, GroupMod.Type type, int id) {
    List<Bucket> buckets = readBuckets11(in);
    boolean refused = version.isAtLeast(OfVersion.OF13) && command == Command.DELETE;
    if (refused && !buckets.isEmpty()) {
      throw in.bad(OfError.OFPGMFC_INVALID_GROUP);
    }
    return new GroupMod(command, id, type, Bucket.ID_ALL, buckets, Selection.DEFAULT);
  }

  private GroupMod readMod15(Command command, GroupMod.Type type, int id) {
    int bytes = in.u16();
    int bucketId = in.skip(2).u32();
    if (!isCommandBucket(command, bucketId)) {
      throw in.bad(OfError.OFPGMFC_BAD_BUCKET);
    }
    List<Bucket> buckets = readBuckets15(in.sub(bytes, OfError.OFPBRC_BAD_LEN), type);
    Selection selection = readProperties(in, type, command);
    return new GroupMod(command, id, type, bucketId, buckets, selection);
  }

  private static boolean isCommandBucket(Command command, int id) {
    boolean one = Bucket.isBucketId(id) || id == Bucket.ID_FIRST || id == Bucket.ID_LAST;
    return switch (command) {
      case REMOVE_BUCKET -> one || id == Bucket.ID_ALL;
      case INSERT_BUCKET -> one;
      case null, default -> id == Bucket.ID_ALL;
    };
  }

  private void check(GroupMod mod) {
    if (mod.type() == null) {
      throw in.bad(OfError.OFPGMFC_BAD_TYPE);
    }
    boolean deletes = mod.command() == Command.DELETE;
    if (mod.type() == GroupMod.Type.INDIRECT && !deletes && mod.buckets().size() != 1) {
      throw in.bad(OfError.OFPGMFC_INVALID_GROUP);
    }
    if (mod.command() == null) {
      throw in.bad(OfError.OFPGMFC_BAD_COMMAND);
    }
    if (mod.command() == Command.REMOVE_BUCKET && !mod.buckets().isEmpty()) {
      throw in.bad(OfError.OFPGMFC_BAD_BUCKET);
    }
    mod.buckets().forEach(bucket -> check(mod, bucket));
  }

  private void check(GroupMod mod, Bucket bucket) {
    boolean weightless =
        mod.type() != GroupMod.Type.SELECT && mod.command() != Command.INSERT_BUCKET;
    if (weightless && bucket.weight() != 0) {
      throw in.bad(OfError.OFPGMFC_INVALID_GROUP);
    }
    boolean watched = bucket.isWatched();
    switch (mod.type()) {
      case ALL, INDIRECT -> {
        if (watched) {
          throw in.bad(OfError.OFPGMFC_WATCH_UNSUPPORTED);
        }
      }
      case FAST_FAILOVER -> {
        if (!watched) {
          throw in.bad(OfError.OFPGMFC_INVALID_GROUP);
        }
      }
      case SELECT -> {}
    }
  }

  GroupMod.Description readDescription(WireReader list) {
    int length = list.peekU16(0);
    WireReader body = list.sub(length, OfError.OFPBRC_BAD_LEN).skip(2);
    GroupMod.Type type = GroupMod.Type.ofWire(body.u8());
    int id = body.skip(1).u32();
    if (!of15) {
      return new GroupMod.Description(id, type, readBuckets11(body), Selection.DEFAULT);
    }
    int bytes = body.u16();
    body.skip(6);
    List<Bucket> buckets = readBuckets15(body.sub(bytes, OfError.OFPBRC_BAD_LEN), type);
    return new GroupMod.Description(id, type, buckets, readProperties(body, type, Command.ADD));
  }

  private WireReader nextBucket(WireReader list, int headerBytes) {
    if (list.left() < headerBytes) {
      throw list.bad(OfError.OFPGMFC_BAD_BUCKET);
    }
    int length = list.peekU16(0);
    if (length < headerBytes) {
      throw list.bad(OfError.OFPGMFC_BAD_BUCKET);
    }
    return list.sub(length, OfError.OFPGMFC_BAD_BUCKET).skip(2);
  }

  private List<OfAction> readActions(WireReader actions) {
    if (actions.left() % 8 != 0) {
      throw actions.bad(OfError.OFPBRC_BAD_LEN);
    }
    return new ActionReader(version).readAll(actions);
  }

  private List<Bucket> readBuckets11(WireReader list) {
    List<Bucket> buckets = new ArrayList<>();
    while (!list.isEmpty()) {
      WireReader body = nextBucket(list, GroupWriter.BUCKET_11_BYTES);
      int weight = body.u16();
      int port = body.u32();
      int group = body.u32();
      List<OfAction> actions = readActions(body.skip(4));
      int id = buckets.size();
      buckets.add(
          new Bucket(id, weight, list.port(port, OfError.OFPGMFC_BAD_WATCH), group, actions));
    }
    return buckets;
  }

  private List<Bucket> readBuckets15(WireReader list, GroupMod.Type type) {
    List<Bucket> buckets = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    boolean duplicate = false;
    while (!list.isEmpty()) {
      Bucket bucket = readBucket15(nextBucket(list, GroupWriter.BUCKET_15_BYTES), type);
      duplicate |= !ids.add(bucket.id());
      buckets.add(bucket);
    }
    if (duplicate) {
      throw list.bad(OfError.OFPGMFC_BAD_BUCKET);
    }
    return buckets;
  }

  private Bucket readBucket15(WireReader body, GroupMod.Type type) {
    int actionBytes = body.u16();
    int id = body.u32();
    List<OfAction> actions = readActions(body.sub(actionBytes, OfError.OFPGMFC_BAD_BUCKET));
    int weight = type == GroupMod.Type.SELECT ? 1 : 0;
    int port = OfPort.toWire(OfPort.ANY);
    int group = GroupMod.ANY;
    while (!body.isEmpty()) {
      Property property = Property.read(body);
      switch (property.ownType()) {
        case GroupWriter.WEIGHT -> weight = property.u16();
        case GroupWriter.WATCH_PORT -> port = property.u32();
        case GroupWriter.WATCH_GROUP -> group = property.u32();
        default -> throw property.unknown("ofp_group", "group bucket");
      }
    }
    int watched = body.port(port, OfError.OFPGMFC_BAD_WATCH);
    if (!Bucket.isBucketId(id)) {
      throw body.bad(OfError.OFPGMFC_BAD_BUCKET);
    }
    return new Bucket(id, weight, watched, group, actions);
  }

  private static Selection readProperties(WireReader in, GroupMod.Type type, Command command) {
    Selection selection = Selection.DEFAULT;
    while (!in.isEmpty()) {
      Property property = Property.read(in);
      boolean netronome =
          property.experimenter() == Vendor.NETRONOME
              || property.experimenter() == Vendor.NETRONOME_OLD;
      if (!netronome || property.type() != GroupWriter.SELECTION_METHOD) {
        throw property.unknown("ofp_group", "group");
      }
      checkSelection(property.value(), type, command);
      selection = readSelection(property.value());
    }
    return selection;
  }

  private static void checkSelection(WireReader in, GroupMod.Type type, Command command) {
    if (type == null) {
      throw in.bad(OfError.OFPGMFC_BAD_TYPE);
    }
    if (type != GroupMod.Type.SELECT) {
      throw in.bad(OfError.OFPBPC_BAD_VALUE);
    }
    switch (command) {
      case ADD, MODIFY, ADD_OR_MODIFY -> {}
      case DELETE, INSERT_BUCKET, REMOVE_BUCKET -> throw in.bad(OfError.OFPBPC_BAD_VALUE);
      case null -> throw in.bad(OfError.OFPGMFC_BAD_COMMAND);
    }
  }

  private static Selection readSelection(WireReader in) {
    String method = in.skip(4).text(GroupWriter.METHOD_BYTES);
    long parameter = in.u64();
    boolean hash = method.equals("hash");
    if (!hash && (!method.equals("dp_hash") || !in.isEmpty())) {
      throw in.bad(OfError.OFPBPC_BAD_VALUE);
    }
    return new Selection(method, parameter, readFields(in));
  }

  private static List<HashField> readFields(WireReader in) {
    List<HashField> fields = new ArrayList<>();
    Set<Field> seen = new HashSet<>();
    while (!in.isEmpty()) {
      Oxm.Entry entry = Oxm.readMask(in);
      if (!seen.add(entry.field())) {
        throw in.bad(OfError.OFPBMC_DUP_FIELD);
      }
      fields.add(new HashField(entry.field(), entry.high(), entry.low()));
    }
    fields.sort((a, b) -> a.field().compareTo(b.field()));
    return fields;
  }
}
