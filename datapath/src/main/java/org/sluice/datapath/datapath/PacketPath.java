package org.sluice.datapath.datapath;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.Tracker;
import org.sluice.datapath.conntrack.Vanguard;
import org.sluice.datapath.flow.FlowExtractor;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

/**
 * The way of a batch through one packet thread: parse, look up, act.
 *
 * <pre>
 *   for all packets: parse, key, hash     (independent of each other, so their
 *   for all packets: find the microflow    memory accesses overlap)
 *   for each packet: microflow found ---- follow its trajectory ----------------- done
 *                         | not                | tracking says something else
 *                         v                    v
 *                    extract the whole key, find the megaflow, run its actions &lt;-+
 *                         | none                                |                 |
 *                    Upcall, install                            +-- recirculate --+
 * </pre>
 *
 * <p>Packets of a batch are finished one after another in order of arrival, so no flow is
 * reordered. Owned by its packet thread, with everything it holds.
 */
final class PacketPath {
  /** Megaflows that one packet may hit, the first included. */
  static final int MAX_DEPTH = 9;

  /** Trajectories and megaflows that the processor keeps near by itself. */
  private static final int NEAR_TRAJECTORIES = 256;

  private final PacketThread thread;
  private final DatapathOptions options;
  private final Upcall upcall;
  private final MegaflowLedger ledger;
  private final ThreadCounters counters;
  private final Tracker tracker;
  private final Vanguard vanguard;
  private final ActionExecutor executor;
  private final HookedPath hooks;
  private final MegaflowTable megaflows;
  private final TrajectoryTable trajectories;
  private final MicroflowCache microflows;
  private final TrajectoryRecorder recorder = new TrajectoryRecorder();
  private final FlowKey key = new FlowKey();
  private final long[] entries = new long[PacketBatch.CAPACITY];
  private final Trajectory[] pending = new Trajectory[PacketBatch.CAPACITY];
  private int pendingCount;
  private int depth;
  private int next;
  private int insertions;
  private PolledPort polled;
  private long nowNs;

  /** Written so that what it was computed from is read. */
  @SuppressWarnings("UnusedVariable")
  private int approached;

  PacketPath(PacketThread thread, DatapathParts parts, OutputTable outputs) {
    this.thread = thread;
    this.options = parts.options();
    this.upcall = parts.upcall();
    this.ledger = parts.ledger();
    this.tracker = parts.conntrack().newTracker();
    this.vanguard = tracker.vanguard();
    this.counters = thread.counters();
    this.hooks = thread.hooks();
    this.executor = new ActionExecutor(this, parts, outputs, tracker, recorder);
    this.megaflows = new MegaflowTable(options.maskLimit(), options.seed());
    this.trajectories = new TrajectoryTable(options.microflowLimit());
    this.microflows = new MicroflowCache(options.microflowLimit(), options.seed(), trajectories);
    microflows.cover(megaflows.union());
  }

  /** What the thread counts. */
  ThreadCounters counters() {
    return counters;
  }

  /** Takes the time for all that follows. */
  void setNow(long ns) {
    nowNs = ns;
    executor.setNow(ns);
    if (hooks != null) {
      hooks.setNow(ns);
    }
  }

  // --- A batch.

  /** Sees every packet of a batch to its end; they came in by {@code from}. */
  void process(PacketBatch batch, PolledPort from) {
    polled = from;
    int port = from.port.number();
    int count = batch.count();
    // Where preparing fails, nothing of this batch can be gone on with.
    next = count;
    counters.add(ThreadCounters.RECEIVED, count);
    for (int i = 0; i < count; i++) {
      prepare(batch.get(i), port, i);
    }
    for (int i = 0; i < count; i++) {
      entries[i] = microflows.find(i);
    }
    if (trajectories.count() > NEAR_TRAJECTORIES) {
      approachTrajectories(count);
    }
    if (microflows.isByTuple()) {
      approachConnections(count);
    }
    if (vanguard.isWanted()) {
      approachStrangers(batch);
    }
    insertions = microflows.insertions();
    next = 0;
    finishRest(batch);
  }

  /**
   * Reads a little of every connection that the batch is about to meet. Independent of each other,
   * the accesses are under way together; one packet's after the other's, each would be waited for.
   */
  private void approachConnections(int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      long entry = entries[i];
      if (entry != 0) {
        sum += tracker.approach(microflows.connection(entry, 0));
      }
    }
    approached = sum;
  }

  /** The same for what looking up the connections of the others is going to meet. */
  private void approachStrangers(PacketBatch batch) {
    for (int i = 0; i < batch.count(); i++) {
      if (entries[i] == 0) {
        vanguard.expect(batch.get(i));
      }
    }
    approached = vanguard.advance();
  }

  /** The same for trajectories and their first megaflows, where there are many. */
  private void approachTrajectories(int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      long entry = entries[i];
      if (entry != 0) {
        Trajectory trajectory = microflows.trajectory(entry);
        sum += trajectory == null ? 0 : trajectory.first.registryIndex;
      }
    }
    approached = sum;
  }

  /** Goes on with a batch behind a packet that the program failed on. */
  void resume(PacketBatch batch) {
    executor.recover();
    finishRest(batch);
  }

  private void finishRest(PacketBatch batch) {
    int count = batch.count();
    while (next < count) {
      int slot = next++;
      long entry = insertions == microflows.insertions() ? entries[slot] : microflows.find(slot);
      finish(batch.get(slot), slot, OffHeap.pointer(entry));
    }
    settle();
  }

  private void prepare(Packet packet, int port, int slot) {
    packet.inPort = port;
    if (Parser.parse(packet) && (hooks == null || isAccepted(packet))) {
      microflows.load(packet, slot);
    } else {
      microflows.skip(slot);
    }
  }

  /** Whether hooks let a packet in; one that they do not has no bytes any more. */
  private boolean isAccepted(Packet packet) {
    if (hooks.arrived(packet)) {
      return true;
    }
    packet.length = 0;
    packet.l3Offset = Packet.ABSENT;
    return false;
  }

  private void finish(Packet packet, int slot, long entry) {
    executor.begin();
    depth = 0;
    Trajectory trajectory = entry == 0 ? null : microflows.trajectory(entry);
    if (trajectory == null) {
      forward(packet, slot);
    } else {
      follow(trajectory, entry, packet, slot);
    }
  }

  private void follow(Trajectory trajectory, long entry, Packet packet, int slot) {
    int bytes = packet.length;
    int flags = tcpFlags(packet);
    if (!trajectory.isStraight) {
      if (!executor.follow(trajectory, microflows, entry, packet)) {
        rememberIfComplete(slot);
        return;
      }
    } else if (trajectory.steps == 0 || executor.moveOn(trajectory, microflows, entry, packet)) {
      executor.end(trajectory, packet);
    } else {
      rememberIfComplete(slot);
      return;
    }
    if (trajectory.pendingPackets++ == 0) {
      pending[pendingCount++] = trajectory;
    }
    trajectory.pendingBytes += bytes;
    trajectory.pendingFlags |= flags;
  }

  /** Tells the megaflows what their trajectories carried in this batch. */
  private void settle() {
    int hits = 0;
    for (int i = 0; i < pendingCount; i++) {
      Trajectory trajectory = pending[i];
      settle(trajectory.first, trajectory);
      for (int next = 1; next < trajectory.length; next++) {
        settle(trajectory.chain[next], trajectory);
      }
      hits += trajectory.pendingPackets;
      trajectory.pendingPackets = 0;
      trajectory.pendingBytes = 0;
      trajectory.pendingFlags = 0;
      pending[i] = null;
    }
    pendingCount = 0;
    counters.add(ThreadCounters.MICROFLOW_HITS, hits);
  }

  private void settle(Megaflow megaflow, Trajectory trajectory) {
    megaflow.count(
        trajectory.pendingPackets, trajectory.pendingBytes, trajectory.pendingFlags, nowNs);
  }

  // --- The general way.

  private void forward(Packet packet, int slot) {
    if (packet.l3Offset == Packet.ABSENT) {
      if (packet.length != 0) {
        counters.drop(DropReason.RX_INVALID_PACKET);
      }
      return;
    }
    recorder.begin();
    lookup(packet);
    rememberIfComplete(slot);
  }

  private void rememberIfComplete(int slot) {
    if (recorder.isComplete() && microflows.accepts(slot)) {
      remember(slot);
    }
  }

  private void remember(int slot) {
    if (recorder.tracks() && !microflows.isByTuple()) {
      microflows.coverTuple();
      microflows.cover(megaflows.union());
      return;
    }
    long place = microflows.place(slot);
    if (place == 0) {
      return;
    }
    Trajectory trajectory = trajectories.intern(recorder);
    if (trajectory != null) {
      microflows.put(place, slot, trajectory, recorder.connections());
    }
  }

  /** Finds what to do with a parsed packet as it is now, and does it. */
  private void lookup(Packet packet) {
    FlowExtractor.extract(packet, key.words());
    Megaflow megaflow = megaflows.find(key.words());
    if (megaflow == null) {
      miss(packet);
      return;
    }
    counters.add(ThreadCounters.MEGAFLOW_HITS, 1);
    recorder.hit(megaflow);
    run(megaflow, packet);
  }

  private void run(Megaflow megaflow, Packet packet) {
    megaflow.count(1, packet.length, tcpFlags(packet), nowNs);
    executor.run(megaflow.program, 0, packet);
  }

  /** Looks a packet up again, as the actions so far have left it. */
  void recirculate(Packet packet, int recircId) {
    if (++depth >= MAX_DEPTH) {
      counters.drop(DropReason.RECIRCULATION_LIMIT);
      recorder.giveUp();
    } else {
      packet.recircId = recircId;
      lookup(packet);
    }
    depth--;
  }

  /**
   * Goes on in the general way from the step of a trajectory that tracking disagreed at, and
   * records where that leads: the connection has changed, and its next packets go the new way.
   */
  void leave(Trajectory trajectory, int step, long entry, Packet packet) {
    int at = trajectory.stepMegaflows[step];
    recorder.begin();
    for (int i = 0; i <= at; i++) {
      recorder.hit(trajectory.chain[i]);
      trajectory.chain[i].count(1, packet.length, tcpFlags(packet), nowNs);
    }
    for (int i = 0; i < step; i++) {
      recorder.tracked(trajectory.stepStates[i], microflows.connection(entry, i));
    }
    if (step > 0) {
      executor.resume(trajectory, step - 1, microflows.connection(entry, step - 1), packet);
    }
    depth = at;
    packet.recircId = trajectory.chain[at].recircId();
    executor.run(trajectory.chain[at].program, trajectory.stepPositions[step], packet);
  }

  // --- Misses.

  private void miss(Packet packet) {
    counters.add(ThreadCounters.MISSES, 1);
    if (!polled.admitsMiss(nowNs)) {
      lose(DropReason.UPCALL_LIMITED);
      return;
    }
    Translation translation = upcall.miss(packet, key, nowNs);
    if (translation == null) {
      lose(DropReason.UPCALL_ERROR);
      return;
    }
    credit(translation, packet); // a megaflow counts those that come after it
    if (translation.install() && ledger.hasRoom()) {
      Megaflow megaflow = install(key, translation);
      recorder.hit(megaflow);
      executor.run(megaflow.program, 0, packet);
    } else {
      recorder.giveUp();
      executor.run(ActionProgram.compile(translation), 0, packet);
    }
  }

  /** What no megaflow counts is told at once. */
  private void credit(Translation translation, Packet packet) {
    if (translation.statistics() != null) {
      translation.statistics().credit(1, packet.length, nowNs, tcpFlags(packet));
    }
  }

  private void lose(DropReason reason) {
    recorder.giveUp();
    counters.add(ThreadCounters.LOST, 1);
    counters.drop(reason);
  }

  /** Installs a translation for the packets that agree with {@code values} under its mask. */
  Megaflow install(FlowKey values, Translation translation) {
    int masks = megaflows.maskCount();
    MegaflowTuple tuple = megaflows.tupleFor(translation.mask());
    long[] gathered = tuple.gather(values.words());
    Megaflow megaflow = new Megaflow(tuple, gathered, thread, translation);
    megaflow.markInstalled(values, nowNs);
    megaflows.insert(megaflow);
    ledger.noteInstalled();
    if (megaflows.maskCount() != masks) {
      microflows.cover(megaflows.union());
    }
    return megaflow;
  }

  // --- For the executor.

  void userspace(Packet packet, DpAction.UserspaceReason reason) {
    FlowExtractor.extract(packet, key.words());
    upcall.userspace(packet, key, reason, nowNs);
  }

  /** Runs actions on a packet that nobody received. */
  void execute(Packet packet, ActionProgram program, PolledPort from) {
    executor.recover();
    polled = from;
    recorder.begin();
    recorder.giveUp();
    executor.begin();
    depth = 0;
    executor.run(program, 0, packet);
  }

  /** Null where there are no hooks. */
  HookedPath hooks() {
    return hooks;
  }

  // --- For commands and readers.

  MegaflowTable megaflows() {
    return megaflows;
  }

  /** What agrees with {@code values}; null where there is none. */
  Megaflow find(FlowKey values) {
    return megaflows.find(values.words());
  }

  /**
   * Prepares a megaflow to go or to change: no new trajectory leads through it, and up to {@code
   * most} of those that do are ended.
   *
   * @return how many that were; it is ready when none is left
   */
  int close(Megaflow megaflow, int most) {
    megaflow.closing = true;
    return trajectories.end(megaflow, most);
  }

  /** Takes out a megaflow that is closed. */
  void remove(Megaflow megaflow) {
    assert megaflow.trajectories.isEmpty();
    if (megaflows.remove(megaflow)) {
      megaflow.markRemoved();
      ledger.noteDeparted(megaflow);
    }
  }

  /** Has a megaflow that is closed do what was announced last. */
  void adopt(Megaflow megaflow) {
    assert megaflow.trajectories.isEmpty();
    if (!megaflow.isRemoved()) {
      megaflow.adopt();
    }
    megaflow.closing = false;
  }

  /** Gives its memory back; nothing may be asked of it any more. */
  void close() {
    microflows.close();
    tracker.close();
    executor.close();
  }

  /** Housekeeping, to be called now and then. */
  void maintain() {
    executor.expireFragments();
    tracker.maintain();
    FlowMask before = megaflows.union().copy();
    megaflows.sort();
    if (!before.equals(megaflows.union())) {
      microflows.cover(megaflows.union());
    }
  }

  /** Sets the counters that are sizes. */
  void publish() {
    counters.add(ThreadCounters.PROBES, megaflows.takeProbes());
    counters.set(ThreadCounters.MASKS, megaflows.maskCount());
    counters.set(ThreadCounters.MEGAFLOWS, megaflows.count());
    counters.set(ThreadCounters.MICROFLOWS, microflows.occupied());
  }

  private static int tcpFlags(Packet packet) {
    if (packet.ipProtocol != IpProtocol.TCP || packet.l4Offset == Packet.ABSENT) {
      return 0;
    }
    return OffHeap.getUnsignedShortBe(packet.l4() + 12) & 0xfff;
  }
}
