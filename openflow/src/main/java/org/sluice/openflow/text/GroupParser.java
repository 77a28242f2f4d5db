package org.sluice.openflow.text;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.GroupMod.Bucket;
import org.sluice.openflow.message.GroupMod.Command;
import org.sluice.openflow.message.GroupMod.HashField;
import org.sluice.openflow.message.GroupMod.Selection;
import org.sluice.openflow.message.OfVersion;

/**
 * Reads one group as {@code ovs-ofctl add-group} takes it, such as {@code
 * group_id=1,type=select,bucket=weight:2,actions=output:1}. Used by one thread, for one group.
 */
public final class GroupParser {
  private static final int MAX_METHOD_CHARACTERS = 15;
  private static final String BUCKET = "bucket=";

  private static final List<Map.Entry<String, Command>> COMMANDS =
      List.of(
          Map.entry("add", Command.ADD),
          Map.entry("delete", Command.DELETE),
          Map.entry("modify", Command.MODIFY),
          Map.entry("add_or_mod", Command.ADD_OR_MODIFY),
          Map.entry("insert_bucket", Command.INSERT_BUCKET),
          Map.entry("remove_bucket", Command.REMOVE_BUCKET));

  private final Command command;
  private final Names names;
  private EnumSet<FlowFormat> formats = EnumSet.allOf(FlowFormat.class);
  private int groupId = GroupMod.ANY;
  private int commandBucketId = Bucket.ID_ALL;
  private boolean hasCommandBucketId;
  private GroupMod.Type type;
  private String method = "";
  private long parameter;
  private final List<HashField> fields = new ArrayList<>();

  private GroupParser(Command command, Names names) {
    this.command = command;
    this.names = names;
  }

  /** The group mod that {@code text} asks for. */
  public static Parsed<GroupMod> parse(Command command, String text, Names names)
      throws OfSyntaxException {
    return new GroupParser(command, names).parse(text);
  }

  /** A line that may begin with a command, which may be cut short. */
  public static Parsed<GroupMod> parseLine(String line, Names names) throws OfSyntaxException {
    String text = line.strip();
    int end = 0;
    while (end < text.length() && ", \t".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    for (Map.Entry<String, Command> entry : COMMANDS) {
      if (entry.getKey().startsWith(text.substring(0, end))) {
        return parse(entry.getValue(), text.substring(end), names);
      }
    }
    return parse(Command.ADD, text, names);
  }

  private boolean takesType() {
    return command != Command.DELETE && !command.isAboutBuckets();
  }

  private boolean takesBuckets() {
    return command != Command.DELETE && command != Command.REMOVE_BUCKET;
  }

  private Parsed<GroupMod> parse(String text) throws OfSyntaxException {
    if (command.isAboutBuckets()) {
      retainWithSelection();
    }
    if (command == Command.DELETE && text.isEmpty()) {
      groupId = GroupMod.ALL;
      return result(List.of());
    }
    int at = text.indexOf(BUCKET);
    if (at >= 0 && !takesBuckets()) {
      throw new OfSyntaxException("bucket is not needed");
    }
    KeyValues pairs = new KeyValues(at < 0 ? text : text.substring(0, at));
    while (pairs.next()) {
      put(pairs.key(), pairs.value());
    }
    check();
    List<Bucket> buckets = at < 0 ? List.of() : parseBuckets(text.substring(at));
    if (type == GroupMod.Type.INDIRECT && buckets.size() > 1) {
      throw new OfSyntaxException("Indirect groups can have at most one bucket.");
    }
    return result(buckets);
  }

  private Parsed<GroupMod> result(List<Bucket> buckets) {
    Selection selection = new Selection(method, parameter, fields);
    GroupMod.Type shown = type == null ? GroupMod.Type.ALL : type;
    GroupMod mod = new GroupMod(command, groupId, shown, commandBucketId, buckets, selection);
    return new Parsed<>(mod, formats, List.of());
  }

  /** Only 1.0, as an extension, and 1.5 can say how to select, or change single buckets. */
  private void retainWithSelection() {
    EnumSet<FlowFormat> able = EnumSet.copyOf(UsableFormats.OF10_FAMILY);
    able.addAll(FlowFormat.since(OfVersion.OF15));
    formats.retainAll(able);
  }

  private void put(String name, String value) throws OfSyntaxException {
    switch (name) {
      case "command_bucket_id" -> putCommandBucketId(value);
      case "group_id" -> groupId = groupId(value);
      case "type" -> {
        require(takesType(), "type is not needed");
        type = type(value);
      }
      case "selection_method" -> {
        require(takesType(), "selection method is not needed");
        require(
            value.length() <= MAX_METHOD_CHARACTERS,
            "selection method is longer than " + MAX_METHOD_CHARACTERS + " bytes long");
        method = value;
        retainWithSelection();
      }
      case "selection_method_param" -> {
        require(takesType(), "selection method param is not needed");
        parameter = Numbers.u64(value);
        retainWithSelection();
      }
      case "fields" -> {
        require(takesType(), "fields are not needed");
        parseFields(value);
        retainWithSelection();
      }
      default -> throw new OfSyntaxException("unknown keyword " + name);
    }
  }

  private static void require(boolean condition, String otherwise) throws OfSyntaxException {
    if (!condition) {
      throw new OfSyntaxException(otherwise);
    }
  }

  private void putCommandBucketId(String value) throws OfSyntaxException {
    require(command.isAboutBuckets(), "command bucket id is not needed");
    commandBucketId =
        switch (value) {
          case "all" -> Bucket.ID_ALL;
          case "first" -> Bucket.ID_FIRST;
          case "last" -> Bucket.ID_LAST;
          default -> Numbers.u32(value);
        };
    boolean special = Integer.compareUnsigned(commandBucketId, Bucket.ID_FIRST) >= 0;
    require(
        special || Bucket.isBucketId(commandBucketId),
        "invalid command bucket id " + Integer.toUnsignedString(commandBucketId));
    require(
        commandBucketId != Bucket.ID_ALL || command == Command.REMOVE_BUCKET,
        "command_bucket_id=all is not permitted");
    hasCommandBucketId = true;
  }

  private static int groupId(String value) throws OfSyntaxException {
    if (value.equals("all")) {
      return GroupMod.ALL;
    }
    int id = Numbers.u32(value);
    require(
        id == GroupMod.ALL || Integer.compareUnsigned(id, GroupMod.MAX_ID) <= 0,
        "invalid group id " + Integer.toUnsignedString(id));
    return id;
  }

  private static GroupMod.Type type(String value) throws OfSyntaxException {
    return switch (value) {
      case "all" -> GroupMod.Type.ALL;
      case "select" -> GroupMod.Type.SELECT;
      case "indirect" -> GroupMod.Type.INDIRECT;
      case "ff", "fast_failover" -> GroupMod.Type.FAST_FAILOVER;
      default -> throw new OfSyntaxException("invalid group type " + value);
    };
  }

  private void parseFields(String text) throws OfSyntaxException {
    KeyValues pairs = new KeyValues(text);
    while (pairs.next()) {
      Field field = Field.byName(pairs.key());
      require(field != null, "unknown field " + pairs.key());
      require(
          fields.stream().noneMatch(hash -> hash.field() == field),
          pairs.key() + ": duplicate field");
      FieldValue mask = FieldValue.exact(field, -1L, -1L);
      if (!pairs.value().isEmpty()) {
        FieldValue value = FieldText.parse(field, pairs.value(), names);
        require(
            (value.high() | value.low()) != 0,
            pairs.value() + ": values are wildcards here and must not be all-zeros");
        mask = new FieldValue(0, 0, value.high(), value.low());
      }
      formats.retainAll(UsableFormats.exact(field));
      fields.add(new HashField(field, mask.maskHigh(), mask.maskLow()));
    }
  }

  private void check() throws OfSyntaxException {
    require(groupId != GroupMod.ANY, "must specify a group_id");
    require(type != null || !takesType(), "must specify a type");
    require(
        method.equals("hash") || fields.isEmpty(),
        "fields may only be specified with \"selection_method=hash\"");
    require(
        !method.isEmpty() || parameter == 0,
        "selection_method_param is only allowed with \"selection_method\"");
    require(
        command != Command.INSERT_BUCKET || hasCommandBucketId, "must specify a command bucket id");
  }

  private List<Bucket> parseBuckets(String text) throws OfSyntaxException {
    List<Bucket> buckets = new ArrayList<>();
    int at = 0;
    while (at >= 0) {
      int next = text.indexOf(BUCKET, at + BUCKET.length());
      int end = next < 0 ? text.length() : next;
      Bucket bucket = parseBucket(text.substring(at + BUCKET.length(), end));
      buckets.add(bucket);
      boolean weighs = type == GroupMod.Type.SELECT || command == Command.INSERT_BUCKET;
      require(weighs || bucket.weight() == 0, "Only select groups can have bucket weights.");
      at = next;
    }
    return buckets;
  }

  private Bucket parseBucket(String text) throws OfSyntaxException {
    int weight = type == GroupMod.Type.SELECT ? 1 : 0;
    int id = Bucket.ID_ALL;
    int port = OfPort.ANY;
    int group = GroupMod.ANY;
    StringBuilder actions = new StringBuilder();
    KeyValues pairs = new KeyValues(text);
    while (pairs.next()) {
      String value = pairs.value();
      switch (pairs.key().toLowerCase(Locale.ROOT)) {
        case "weight" -> weight = Numbers.u16(value, "weight");
        case "watch_port" -> port = watchPort(value);
        case "watch_group" -> group = bounded(value, GroupMod.MAX_ID, "watch_group");
        case "bucket_id" -> id = bounded(value, Bucket.MAX_ID, "bucket_id");
        case "action", "actions" -> actions.append(value).append(',');
        default -> actions.append(pairs.key()).append('(').append(value).append("),");
      }
    }
    require(!actions.isEmpty(), "bucket must specify actions");
    require(
        type != GroupMod.Type.FAST_FAILOVER || port != OfPort.ANY || group != GroupMod.ANY,
        "fast failover bucket requires watch_port or watch_group");
    List<OfAction> parsed = new ActionParser(names).parseActions(actions.toString());
    // The last bucket alone decides, as in Open vSwitch.
    formats = EnumSet.copyOf(UsableFormats.ANY);
    formats.retainAll(UsableFormats.ofNested(parsed));
    return new Bucket(id, weight, port, group, parsed);
  }

  private int watchPort(String value) throws OfSyntaxException {
    int port = names.port(value);
    boolean special = port == OfPort.ANY || port == OfPort.CONTROLLER;
    require(port >= 0 && (port < OfPort.MAX || special), value + ": invalid watch_port");
    return port;
  }

  private static int bounded(String value, int max, String what) throws OfSyntaxException {
    int number = Numbers.u32(value);
    require(
        Integer.compareUnsigned(number, max) <= 0,
        "invalid " + what + " id " + Integer.toUnsignedString(number));
    return number;
  }
}
