package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Word;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;

/**
 * A walk that stopped half way, to go on when the packet comes back with more known about it. Two
 * equal states share one recirculation id.
 *
 * @param bridge the name of the bridge to resume in
 * @param table where to look the packet up, if {@code actions} is empty
 * @param metadata {@code in_port} (OpenFlow's), metadata, registers, tunnel; the rest is 0
 * @param stack values pushed and not yet popped, the next to pop first
 * @param conntracked whether what connection tracking found is to be seen
 * @param actions to run instead of a lookup
 * @param actionSet written so far
 * @param cookie of the rule that stopped
 */
public record FrozenState(
    String bridge,
    int table,
    FlowKey metadata,
    List<StackValue> stack,
    boolean conntracked,
    List<OfAction> actions,
    List<OfAction> actionSet,
    Bytes userdata,
    long cookie) {
  private static final FlowMask METADATA = metadataMask();

  public FrozenState {
    metadata = metadata.masked(METADATA);
    stack = List.copyOf(stack);
    actions = List.copyOf(actions);
    actionSet = List.copyOf(actionSet);
  }

  /** A value on the pipeline's stack: its bits and how many there are. */
  public record StackValue(long high, long low, int bits) {}

  /** This with the metadata that {@code key} has. */
  public FrozenState withMetadata(FlowKey key) {
    return new FrozenState(
        bridge, table, key, stack, conntracked, actions, actionSet, userdata, cookie);
  }

  /** Puts the metadata back into {@code key}. */
  public void thawInto(FlowKey key) {
    long[] words = key.words();
    for (int i = 0; i < Word.COUNT; i++) {
      long frozen = METADATA.word(i);
      words[i] = (words[i] & ~frozen) | metadata.word(i);
    }
  }

  private static FlowMask metadataMask() {
    FlowMask mask = new FlowMask();
    mask.cover(Field.IN_PORT);
    for (int i = Word.TUN_ID; i < Word.NSH; i++) {
      mask.words()[i] = -1L;
    }
    for (int i = Word.METADATA; i < Word.COUNT; i++) {
      mask.words()[i] = i == Word.CONJUNCTION ? 0 : -1L;
    }
    return mask;
  }
}
