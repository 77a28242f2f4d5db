package org.sluice.vswitchd.ofproto;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Has the requests of all peers handled one after another, in the order in which they came. Peers
 * have threads of their own, so that one that is slow holds up nobody; but where the time is a
 * test's, so is the order: what was sent before the time moves is done before it moves, and what
 * was sent before another peer's barrier, before that is answered.
 */
public final class RequestOrder {
  /** Requests are handled as they come, side by side. */
  public static final RequestOrder NONE = new RequestOrder(null);

  private static final long PAUSE_NS = 5_000_000L;

  /** How long a thread that has let others go first need not do so again. */
  private static final long STREAM_NS = 20_000_000L;

  private final ReentrantLock turn;
  private final AtomicInteger peers = new AtomicInteger();

  /** Who asked last for others to go first, and when; of whoever has the turn. */
  private Thread lastPolite;

  private long lastPoliteNs;

  private RequestOrder(ReentrantLock turn) {
    this.turn = turn;
  }

  /** One after another. */
  public static RequestOrder strict() {
    return new RequestOrder(new ReentrantLock(true));
  }

  /** One peer more has its requests handled. */
  public void join() {
    peers.incrementAndGet();
  }

  /** One peer less. */
  public void quit() {
    peers.decrementAndGet();
  }

  /** Waits until it is the caller's turn; the same thread must {@link #leave}. */
  public void enter() {
    if (turn != null) {
      turn.lock();
    }
  }

  /**
   * Has what other peers have sent already be handled before the caller, whose turn it is, goes on:
   * each peer's thread learns of its next request only when it is done with the one before. Asked
   * again and again, as after each flow of a long list, it does so the first time.
   *
   * @param nowNs what {@link System#nanoTime} says
   * @return whether others were let
   */
  public boolean letOthersGoFirst(long nowNs) {
    if (turn == null || peers.get() < 2) {
      return false;
    }
    Thread self = Thread.currentThread();
    boolean isStream = self == lastPolite && nowNs - lastPoliteNs < STREAM_NS;
    lastPolite = self;
    lastPoliteNs = nowNs;
    if (!isStream) {
      turn.unlock();
      LockSupport.parkNanos(PAUSE_NS);
      turn.lock();
    }
    return !isStream;
  }

  /**
   * Has others take their turns while {@code wait} lasts, which is for a peer that may never read;
   * then it is the caller's again, if it was before.
   */
  public void aside(Runnable wait) {
    boolean isTurn = turn != null && turn.isHeldByCurrentThread();
    leave();
    try {
      wait.run();
    } finally {
      if (isTurn) {
        turn.lock();
      }
    }
  }

  /** Lets the next have its turn; does nothing for a thread that has none. */
  public void leave() {
    if (turn != null && turn.isHeldByCurrentThread()) {
      turn.unlock();
    }
  }
}
