package org.sluice.datapath.hook;

/** What a hook says of a packet. */
public enum HookVerdict {
  /** It may go on. */
  ACCEPT,
  /** It ends here, and is counted as {@code datapath_drop_hook}. */
  DROP,
  /** The hook has taken what it wants of it; it ends here and is nobody's loss. */
  STOLEN,
  /** It ends here and a copy waits in {@link HookQueue} for a program to let it go on. */
  QUEUE,
  /** The hook wants to see it once more. */
  REPEAT
}
