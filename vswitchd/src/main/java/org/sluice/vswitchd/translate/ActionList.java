package org.sluice.vswitchd.translate;

import java.util.ArrayList;
import java.util.List;
import org.sluice.datapath.datapath.DpAction;

/** Datapath actions as they are composed. Belongs to one walk. */
final class ActionList {
  private final List<DpAction> actions = new ArrayList<>();
  private int bytes;

  void add(DpAction action) {
    actions.add(action);
    bytes += bytesOf(action);
  }

  /** All actions so far. */
  List<DpAction> all() {
    return actions;
  }

  int size() {
    return actions.size();
  }

  void clear() {
    actions.clear();
    bytes = 0;
  }

  /** How much room the actions would take in a netlink message, which is what limits are in. */
  int bytes() {
    return bytes;
  }

  /** Puts the actions from {@code start} on into a clone. */
  void wrapInClone(int start) {
    add(new DpAction.Clone(takeFrom(start)));
  }

  /** Takes the actions from {@code start} on out, to become part of one; their room stays taken. */
  List<DpAction> takeFrom(int start) {
    List<DpAction> tail = actions.subList(start, actions.size());
    List<DpAction> taken = List.copyOf(tail);
    tail.clear();
    return taken;
  }

  /** Whether what the actions from {@code start} on do to the packet can be undone by others. */
  boolean isReversibleFrom(int start) {
    return actions.subList(start, actions.size()).stream().allMatch(ActionList::isReversible);
  }

  private static boolean isReversible(DpAction action) {
    return switch (action) {
      case DpAction.Output _,
          DpAction.Userspace _,
          DpAction.Recirculate _,
          DpAction.SetField _,
          DpAction.PushVlan _,
          DpAction.PopVlan _,
          DpAction.Clone _,
          DpAction.CheckLength _ ->
          true;
      case DpAction.Track _,
          DpAction.TrackClear _,
          DpAction.Truncate _,
          DpAction.Hash _,
          DpAction.Meter _,
          DpAction.Drop _ ->
          false;
    };
  }

  private static int bytesOf(DpAction action) {
    return switch (action) {
      case DpAction.Output _,
          DpAction.Recirculate _,
          DpAction.Truncate _,
          DpAction.Meter _,
          DpAction.PushVlan _,
          DpAction.Drop _ ->
          8;
      case DpAction.PopVlan _, DpAction.TrackClear _, DpAction.Clone _ -> 4;
      case DpAction.Hash _ -> 12;
      case DpAction.CheckLength _ -> 20;
      case DpAction.SetField _ -> 36;
      case DpAction.Userspace _ -> 60;
      case DpAction.Track _ -> 64;
    };
  }
}
