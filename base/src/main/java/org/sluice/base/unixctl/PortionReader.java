package org.sluice.base.unixctl;

import java.io.Reader;

/**
 * Text that is made while it is read, a portion at a time: for a reply that is too long to be held.
 * Between two portions others have a turn, because nobody takes its processor from a virtual
 * thread. For one thread at a time.
 */
public final class PortionReader extends Reader {
  /** Where the portions come from. */
  @FunctionalInterface
  public interface Source {
    /** Appends the next portion, which may be empty; false if it was the last. */
    boolean append(StringBuilder out);
  }

  private final Source source;
  private final StringBuilder portion = new StringBuilder();
  private int at;
  private boolean hasMore = true;

  /** The whole of what {@code source} makes, none of which is made yet. */
  public PortionReader(Source source) {
    this("", source);
  }

  /** What {@code source} makes, behind {@code head}. */
  public PortionReader(String head, Source source) {
    this.source = source;
    portion.append(head);
  }

  @Override
  public int read(char[] to, int from, int length) {
    while (at == portion.length()) {
      if (!hasMore) {
        return -1;
      }
      makeNext();
    }
    int count = Math.min(length, portion.length() - at);
    portion.getChars(at, at + count, to, from);
    at += count;
    return count;
  }

  @SuppressWarnings("ThreadPriorityCheck") // see the class
  private void makeNext() {
    portion.setLength(0);
    at = 0;
    hasMore = source.append(portion);
    Thread.yield();
  }

  @Override
  public void close() {
    hasMore = false;
    portion.setLength(0);
    at = 0;
  }
}
