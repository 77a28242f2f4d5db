package org.sluice.ovsdb.server;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits to be written to one client: filled by the writer thread, emptied by the connection's
 * own. Bounded: when more comes while more than the limit waits already, the client is too slow. A
 * single big message always fits, or nobody could be sent a big database.
 */
final class Outbox {
  private final long maxBytes;
  private final ReentrantLock mutex = new ReentrantLock();
  private final Condition changed = mutex.newCondition();
  private final ArrayDeque<byte[]> messages = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  Outbox(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Adds a message; false if the client is too slow for it. */
  boolean offer(byte[] message) {
    mutex.lock();
    try {
      if (bytes > maxBytes) {
        return false;
      }
      messages.add(message);
      bytes += message.length;
      changed.signalAll();
      return true;
    } finally {
      mutex.unlock();
    }
  }

  /** How many bytes wait. */
  long bytes() {
    mutex.lock();
    try {
      return bytes;
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

  /** Waits for a message; null when closed. */
  byte[] take() throws InterruptedException {
    mutex.lockInterruptibly();
    try {
      while (messages.isEmpty() && !closed) {
        changed.await();
      }
      byte[] message = closed ? null : messages.poll();
      bytes -= message == null ? 0 : message.length;
      changed.signalAll();
      return message;
    } finally {
      mutex.unlock();
    }
  }

  /** Drops everything and ends {@link #take}. */
  void close() {
    mutex.lock();
    try {
      closed = true;
      messages.clear();
      bytes = 0;
      changed.signalAll();
    } finally {
      mutex.unlock();
    }
  }
}
