package org.sluice.datapath.datapath;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Word;
import org.sluice.datapath.flow.WordMask;

/**
 * Tuple-space search: the megaflows of one packet thread, grouped by mask.
 *
 * <p>A lookup probes the {@linkplain MegaflowIndex hash table} once per mask until one answers.
 * Megaflows never contradict each other (each covers all that its translation looked at), so the
 * first answer is the only one and the order is free: a tuple that has answered more often than the
 * one before it changes places with that, so that who answers most is soon in front.
 *
 * <p><b>How the number of probes is bounded.</b> A sender can provoke a mask for nearly every
 * combination of prefixes that a policy distinguishes, thousands of them, and a search through all
 * is what makes such switches collapse. A mask may always cover more than was looked at: the
 * megaflow only gets narrower. So when there are {@code maskLimit} tuples, a new megaflow goes to
 * the one with the fewest bits that includes its mask; where none does, to the widest tuple of all,
 * which covers the union of the masks so far. The number of tuples then grows only when a megaflow
 * looks at a bit that none looked at before.
 *
 * <p>Owned by one packet thread. Others read the {@link #copyOut registry}: slots of an array that
 * the owner fills and empties one by one, so a reader sees each megaflow or does not, and never
 * waits.
 */
final class MegaflowTable {
  private static final int INITIAL_REGISTRY = 64;

  /** Answers that are kept: a sender can provoke thousands of masks. */
  private static final int MAX_CHOSEN = 1 << 12;

  private final int maskLimit;
  private final MegaflowHash hash;
  private final MegaflowIndex index = new MegaflowIndex();
  private final FlowMask union = new FlowMask();
  private MegaflowTuple[] tuples = new MegaflowTuple[0];

  /** What {@link #tupleFor} has answered with these tuples. */
  private final Map<WordMask, MegaflowTuple> chosen = new HashMap<>();

  private volatile Megaflow[] registry = new Megaflow[INITIAL_REGISTRY];
  private int[] freeSlots = new int[INITIAL_REGISTRY];
  private int freeCount;
  private int registered;
  private int count;
  private long probes;
  private long lookups;

  MegaflowTable(int maskLimit, long seed) {
    this.maskLimit = maskLimit;
    this.hash = new MegaflowHash(seed);
  }

  /** The megaflow that a key's words agree with; null where there is none. */
  Megaflow find(long[] words) {
    MegaflowTuple[] all = tuples;
    long lookup = ++lookups;
    long origin = MegaflowTuple.originBit(words[Word.META_PORT]);
    for (int i = 0; i < all.length; i++) {
      MegaflowTuple tuple = all[i];
      if (tuple.mayHold(origin)) {
        probes++;
        Megaflow found = index.find(tuple, tuple.hash(words, lookup), words);
        if (found != null) {
          tuple.hits++;
          if (i > 0 && tuple.hits > all[i - 1].hits) {
            all[i] = all[i - 1];
            all[i - 1] = tuple;
          }
          return found;
        }
      }
    }
    return null;
  }

  /** Megaflows installed. */
  int count() {
    return count;
  }

  /** Tuples at present, that is masks. */
  int maskCount() {
    return tuples.length;
  }

  /** Probes since this was asked last. */
  long takeProbes() {
    long taken = probes;
    probes = 0;
    return taken;
  }

  /** Every bit that some megaflow looks at. */
  FlowMask union() {
    return union;
  }

  /** The tuple that a megaflow with this mask belongs into, made if need be. */
  MegaflowTuple tupleFor(FlowMask wanted) {
    WordMask key = WordMask.of(wanted);
    MegaflowTuple known = chosen.get(key);
    if (known == null) {
      known = choose(wanted);
      if (chosen.size() == MAX_CHOSEN) {
        chosen.clear();
      }
      chosen.put(key, known);
    }
    return known;
  }

  private MegaflowTuple choose(FlowMask wanted) {
    for (MegaflowTuple tuple : tuples) {
      if (tuple.isOf(wanted)) {
        return tuple;
      }
    }
    if (tuples.length < maskLimit) {
      return add(wanted);
    }
    MegaflowTuple narrowest = narrowestIncluding(wanted);
    if (narrowest != null) {
      return narrowest;
    }
    FlowMask all = union.copy();
    all.cover(wanted);
    return add(all);
  }

  private MegaflowTuple narrowestIncluding(FlowMask wanted) {
    MegaflowTuple best = null;
    for (MegaflowTuple tuple : tuples) {
      if (tuple.mask().includes(wanted) && (best == null || best.mask().includes(tuple.mask()))) {
        best = tuple;
      }
    }
    return best;
  }

  private MegaflowTuple add(FlowMask mask) {
    chosen.clear();
    FlowMask visible = datapathPart(mask);
    MegaflowTuple tuple = new MegaflowTuple(visible, hash, restOf(visible));
    tuples = Arrays.copyOf(tuples, tuples.length + 1);
    tuples[tuples.length - 1] = tuple;
    union.cover(visible);
    return tuple;
  }

  private MegaflowHash.Rest restOf(FlowMask mask) {
    for (MegaflowTuple tuple : tuples) {
      if (tuple.rest().isOf(mask)) {
        return tuple.rest();
      }
    }
    return hash.new Rest(mask);
  }

  private static FlowMask datapathPart(FlowMask mask) {
    FlowMask visible = mask.copy();
    Arrays.fill(visible.words(), Word.DATAPATH_COUNT, visible.words().length, 0);
    return visible;
  }

  /** Installs a megaflow that was made for one of the tuples here; no other may agree with it. */
  void insert(Megaflow megaflow) {
    assert index.find(megaflow.tuple, megaflow.hash, megaflow.key().words()) == null
        : "installed twice: " + megaflow.ufid();
    index.insert(megaflow);
    megaflow.tuple.add(megaflow);
    register(megaflow);
    count++;
  }

  private void register(Megaflow megaflow) {
    Megaflow[] current = registry;
    int at = freeCount > 0 ? freeSlots[--freeCount] : registered++;
    megaflow.registryIndex = at;
    if (at == current.length) {
      current = Arrays.copyOf(current, current.length * 2);
    }
    current[at] = megaflow;
    registry = current;
  }

  /** Takes a megaflow out; false if it was not in. */
  boolean remove(Megaflow megaflow) {
    if (megaflow.registryIndex < 0 || !index.remove(megaflow)) {
      return false;
    }
    megaflow.tuple.remove(megaflow);
    unregister(megaflow);
    count--;
    if (megaflow.tuple.count() == 0) {
      drop(megaflow.tuple);
    }
    return true;
  }

  private void unregister(Megaflow megaflow) {
    Megaflow[] current = registry;
    current[megaflow.registryIndex] = null;
    registry = current;
    if (freeCount == freeSlots.length) {
      freeSlots = Arrays.copyOf(freeSlots, freeSlots.length * 2);
    }
    freeSlots[freeCount++] = megaflow.registryIndex;
    megaflow.registryIndex = -1;
  }

  private void drop(MegaflowTuple tuple) {
    chosen.clear();
    MegaflowTuple[] rest = new MegaflowTuple[tuples.length - 1];
    int kept = 0;
    for (MegaflowTuple other : tuples) {
      if (other != tuple) {
        rest[kept++] = other;
      }
    }
    tuples = rest;
  }

  /** Moves the tuples that answer most to the front and tidies up; to be called now and then. */
  void sort() {
    Arrays.sort(tuples, Comparator.comparingLong((MegaflowTuple t) -> t.hits).reversed());
    union.clear();
    for (MegaflowTuple tuple : tuples) {
      tuple.hits >>>= 1;
      union.cover(tuple.mask());
    }
  }

  /** What is installed. Any thread may call it. */
  List<Megaflow> copyOut() {
    List<Megaflow> result = new ArrayList<>();
    for (Megaflow megaflow : registry) {
      if (megaflow != null) {
        result.add(megaflow);
      }
    }
    return result;
  }
}
