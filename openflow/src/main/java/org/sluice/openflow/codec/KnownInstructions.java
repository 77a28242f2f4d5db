package org.sluice.openflow.codec;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.SharedActions;
import org.sluice.openflow.message.OfVersion;

/**
 * What instructions read last mean, by their bytes. A hundred thousand rules do a hundred different
 * things: most of their instructions need no reading, only comparing, and have one list of actions
 * in memory. Only what was read without a remark is known. Bounded; any thread.
 */
final class KnownInstructions {
  private static final int KNOWN = 1024;

  /** Longer ones are rare, and would be kept for long. */
  private static final int MAX_BYTES = 512;

  private static final AtomicReferenceArray<Entry> LATEST = new AtomicReferenceArray<>(KNOWN);

  private KnownInstructions() {}

  /** What {@code bytes} mean in {@code version} to a switch with {@code options}. */
  private static final class Entry {
    private final byte[] bytes;
    private final OfVersion version;
    private final OptionLayout options;
    private final List<OfAction> actions;

    Entry(byte[] bytes, OfVersion version, OptionLayout options, List<OfAction> actions) {
      this.bytes = bytes;
      this.version = version;
      this.options = options;
      this.actions = actions;
    }

    boolean isNext(WireReader in, OfVersion readAs) {
      return version == readAs && Objects.equals(options, in.options()) && in.isRest(bytes);
    }
  }

  /** The instructions up to the reader's end, in 1.0 the actions. */
  static List<OfAction> read(WireReader in, OfVersion version) {
    if (in.left() > MAX_BYTES) {
      return SharedActions.of(new InstructionReader(version).read(in));
    }
    int slot = in.hashOfRest() & KNOWN - 1;
    Entry known = LATEST.get(slot);
    if (known != null && known.isNext(in, version)) {
      in.skip(in.left());
      return known.actions;
    }
    byte[] bytes = in.peekRest();
    int remarks = in.notes().size();
    List<OfAction> actions = SharedActions.of(new InstructionReader(version).read(in));
    if (in.notes().size() == remarks) {
      LATEST.set(slot, new Entry(bytes, version, in.options(), actions));
    }
    return actions;
  }
}
