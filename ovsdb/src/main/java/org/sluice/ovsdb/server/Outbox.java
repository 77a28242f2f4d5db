package org.sluice.ovsdb.server;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What waits to be written to one client: filled by the writer thread, emptied by the connection's
 * own. Bounded: when more comes while more than the limit waits already, the client is too slow. A
 * single big message always fits, or nobody could be sent a big database.
 */
final class Outbox {
  private final long maxBytes;
  private final ReentrantLock mutex = new ReentrantLock();
  private final Condition changed = mutex.newCondition();
  private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();

  /** What was taken last, while it is being written; or null. */
  private byte[] current;

  private long bytes;
  private boolean closed;

  Outbox(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Adds a message, in pieces; false if the client is too slow for it. */
  boolean offer(byte[]... message) {
    mutex.lock();
    try {
      if (bytes > maxBytes) {
        return false;
      }
      for (byte[] piece : message) {
        pieces.add(piece);
        bytes += piece.length;
      }
      changed.signalAll();
      return true;
    } finally {
      mutex.unlock();
    }
  }

  /** How many bytes wait, or are being written. */
  long bytes() {
    mutex.lock();
    try {
      return bytes;
    } finally {
      mutex.unlock();
    }
  }

  /** Shows every piece that waits, or is being written. */
  void forEach(Consumer<byte[]> action) {
    mutex.lock();
    try {
      if (current != null) {
        action.accept(current);
      }
      pieces.forEach(action);
    } finally {
      mutex.unlock();
    }
  }

  /** Waits until no more than {@code limit} bytes wait, or for the end. */
  void awaitRoom(long limit) {
    mutex.lock();
    try {
      while (bytes > limit && !closed) {
        changed.awaitUninterruptibly();
      }
    } finally {
      mutex.unlock();
    }
  }

  /** Waits for a message, or the next piece of one, to be {@link #written}; null when closed. */
  byte[] take() throws InterruptedException {
    mutex.lockInterruptibly();
    try {
      while (pieces.isEmpty() && !closed) {
        changed.await();
      }
      current = closed ? null : pieces.poll();
      return current;
    } finally {
      mutex.unlock();
    }
  }

  /** What was taken is written. */
  void written() {
    mutex.lock();
    try {
      bytes -= current == null ? 0 : current.length;
      current = null;
      changed.signalAll();
    } finally {
      mutex.unlock();
    }
  }

  /** Drops everything and ends {@link #take}. */
  void close() {
    mutex.lock();
    try {
      closed = true;
      pieces.clear();
      current = null;
      bytes = 0;
      changed.signalAll();
    } finally {
      mutex.unlock();
    }
  }
}
