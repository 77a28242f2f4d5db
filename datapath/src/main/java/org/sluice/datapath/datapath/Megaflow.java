package org.sluice.datapath.datapath;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.sluice.datapath.flow.CompactKey;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Word;

/**
 * An installed translation: what to do with every packet that agrees with a key under a mask.
 *
 * <p>Belongs to the packet thread that installed it, which alone runs it and counts in it. Other
 * threads hold references to it, read key, mask, actions and counters at any time, and send
 * commands through {@link Datapath}. When {@link #isRemoved} has become true the counters are
 * final.
 *
 * <p>Another translation is first announced by whoever revalidates, and then adopted by the packet
 * thread. What is shown and compared is the one announced last: whoever changes his mind before the
 * packet thread has come to it must see that he has to say so.
 */
public final class Megaflow {
  private static final VarHandle PACKETS = counter("packets", long.class);
  private static final VarHandle BYTES = counter("bytes", long.class);
  private static final VarHandle USED = counter("usedNs", long.class);
  private static final VarHandle FLAGS = counter("tcpFlags", int.class);

  final MegaflowTuple tuple;
  final long[] values;
  final int hash;
  final TrajectoryList trajectories = new TrajectoryList(this);

  /** Whether it is about to go or to change, so that no new trajectory may lead through it. */
  boolean closing;

  ActionProgram program;
  int registryIndex = -1;

  /** Null until it is installed. */
  private CompactKey firstKey;

  private final PacketThread thread;
  private volatile Translation translation;
  private volatile boolean leaving;
  private volatile boolean removed;
  private long packets;
  private long bytes;

  @SuppressWarnings("UnusedVariable") // read and written through its handle
  private long usedNs;

  private int tcpFlags;
  private long creditedPackets;
  private long creditedBytes;

  Megaflow(MegaflowTuple tuple, long[] values, PacketThread thread, Translation translation) {
    this.tuple = tuple;
    this.values = values;
    this.hash = tuple.hashOfValues(values);
    this.thread = thread;
    this.translation = translation.under(tuple.mask());
    adopt();
  }

  private static VarHandle counter(String name, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(Megaflow.class, name, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The thread that it belongs to. */
  public PacketThread thread() {
    return thread;
  }

  /** Its name for tools. */
  public Ufid ufid() {
    return Ufid.of(values, tuple.mask(), tuple.seed());
  }

  /** The values that it asks for, as a fresh key; bits outside the mask are 0. */
  public FlowKey key() {
    FlowKey key = new FlowKey();
    tuple.scatter(values, key.words());
    return key;
  }

  /** What it was made for, every bit of it, as a fresh key: what Open vSwitch's tools are shown. */
  public FlowKey firstKey() {
    return firstKey.toFlowKey();
  }

  /** The bits that it looks at, as a fresh mask. At least what the translation looked at. */
  public FlowMask mask() {
    return tuple.mask().copy();
  }

  /** What it does, now or soon. */
  public List<DpAction> actions() {
    return translation.actions();
  }

  /** The translation that it carries out, now or soon; its mask is {@link #mask}, shared. */
  public Translation translation() {
    return translation;
  }

  /** Packets that it has carried. */
  public long packets() {
    return (long) PACKETS.getOpaque(this);
  }

  /** Bytes that it has carried. */
  public long bytes() {
    return (long) BYTES.getOpaque(this);
  }

  /** Whether it has carried anything. */
  public boolean isUsed() {
    return packets() != 0;
  }

  /** When it last carried a packet, or, if it never has, when it was installed. */
  public long usedNs() {
    return (long) USED.getOpaque(this);
  }

  /** The union of its packets' TCP flags. */
  public int tcpFlags() {
    return (int) FLAGS.getOpaque(this);
  }

  /** Whether it has left its table: it carries nothing any more. */
  public boolean isRemoved() {
    return removed;
  }

  /**
   * Tells the translation's sink of what was carried since the last call. For one thread only: the
   * revalidating one.
   */
  public void creditStatistics() {
    long newPackets = packets();
    long newBytes = bytes();
    if (newPackets == creditedPackets) {
      return;
    }
    Translation.StatisticsSink sink = translation.statistics();
    if (sink != null) {
      sink.credit(newPackets - creditedPackets, newBytes - creditedBytes, usedNs(), tcpFlags());
    }
    creditedPackets = newPackets;
    creditedBytes = newBytes;
  }

  /** Whether {@link #creditStatistics} would have something to tell somebody. */
  boolean hasUncredited() {
    return translation.statistics() != null && packets() != creditedPackets;
  }

  void announce(Translation newTranslation) {
    translation = newTranslation.under(tuple.mask());
  }

  /** Carries out from now on what was announced last. */
  void adopt() {
    program = ActionProgram.compile(translation);
  }

  /** Whether nobody has asked before that it be removed. */
  boolean startLeaving() {
    boolean first = !leaving;
    leaving = true;
    return first;
  }

  /** From now on others may see it; {@code first} is what it is made for. */
  void markInstalled(FlowKey first, long nowNs) {
    firstKey = new CompactKey(first);
    USED.setOpaque(this, nowNs);
  }

  void markRemoved() {
    removed = true;
  }

  void count(long morePackets, long moreBytes, int flags, long nowNs) {
    PACKETS.setOpaque(this, packets + morePackets);
    BYTES.setOpaque(this, bytes + moreBytes);
    FLAGS.setOpaque(this, tcpFlags | flags);
    USED.setOpaque(this, nowNs);
  }

  /** The recirculation it is for. */
  int recircId() {
    return (int) tuple.valueOf(values, Word.META_PORT);
  }
}
