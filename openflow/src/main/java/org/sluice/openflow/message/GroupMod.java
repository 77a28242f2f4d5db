package org.sluice.openflow.message;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;

/**
 * Adds, changes or deletes a group.
 *
 * @param groupId {@link #ALL} to delete every group
 * @param commandBucketId where {@link Command#INSERT_BUCKET} and {@link Command#REMOVE_BUCKET} work
 */
public record GroupMod(
    Command command,
    int groupId,
    Type type,
    int commandBucketId,
    List<Bucket> buckets,
    Selection selection)
    implements OfMessage {
  /** The highest number that a group can have. */
  public static final int MAX_ID = 0xffff_ff00;

  public static final int ALL = 0xffff_fffc;
  public static final int ANY = 0xffff_ffff;

  public GroupMod {
    buckets = List.copyOf(buckets);
  }

  /** What to do. */
  public enum Command {
    ADD(0),
    MODIFY(1),
    DELETE(2),
    INSERT_BUCKET(3),
    REMOVE_BUCKET(5),
    /** Adds a group or changes one that there is; not in any standard. */
    ADD_OR_MODIFY(0x8000);

    private final int wire;

    Command(int wire) {
      this.wire = wire;
    }

    /** The number on the wire. */
    public int wire() {
      return wire;
    }

    /** What that number means, or null. */
    public static Command ofWire(int number) {
      for (Command command : values()) {
        if (command.wire == number) {
          return command;
        }
      }
      return null;
    }

    /** Whether it is about some buckets rather than the group, which only 1.0 and 1.5 can say. */
    public boolean isAboutBuckets() {
      return this == INSERT_BUCKET || this == REMOVE_BUCKET;
    }
  }

  /** How the buckets are used, in wire order. */
  public enum Type {
    ALL("all"),
    SELECT("select"),
    INDIRECT("indirect"),
    FAST_FAILOVER("ff");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** As {@code ovs-ofctl} writes it. */
    public String text() {
      return text;
    }

    /** The number on the wire. */
    public int wire() {
      return ordinal();
    }

    /** What that number means, or null. */
    public static Type ofWire(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }
  }

  /**
   * One way that packets of the group can take.
   *
   * @param id its number in the group; {@link #ID_ALL} where the switch is to choose one
   * @param weight its share of a select group
   * @param watchPort it is alive while this port is; {@link OfPort#ANY} for no such condition
   * @param watchGroup it is alive while this group is; {@link GroupMod#ANY} for no such condition
   */
  public record Bucket(int id, int weight, int watchPort, int watchGroup, List<OfAction> actions) {
    public static final int MAX_ID = 0xffff_ff00;
    public static final int ID_FIRST = 0xffff_fffd;
    public static final int ID_LAST = 0xffff_fffe;
    public static final int ID_ALL = 0xffff_ffff;

    public Bucket {
      actions = List.copyOf(actions);
    }

    /** Whether being alive depends on something. */
    public boolean isWatched() {
      return watchPort != OfPort.ANY || watchGroup != ANY;
    }

    /** Whether {@code id} is the number of one bucket. */
    public static boolean isBucketId(int id) {
      return Integer.compareUnsigned(id, MAX_ID) <= 0;
    }
  }

  /**
   * How a select group chooses a bucket, as the Netronome extension says it.
   *
   * @param method {@code hash}, {@code dp_hash} or empty for the switch's own
   * @param fields what is hashed, in the field table's order
   */
  public record Selection(String method, long parameter, List<HashField> fields) {
    /** The switch's own way. */
    public static final Selection DEFAULT = new Selection("", 0, List.of());

    public Selection {
      fields = List.copyOf(fields);
    }
  }

  /** A field and which of its bits are hashed. */
  public record HashField(Field field, long maskHigh, long maskLow) {}

  /**
   * A group as the switch tells it.
   *
   * @param type null where it is none that is known
   */
  public record Description(int groupId, Type type, List<Bucket> buckets, Selection selection) {
    public Description {
      buckets = List.copyOf(buckets);
    }
  }
}
