package org.sluice.datapath.datapath;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What other threads ask of one packet thread, done in the order in which it was sent, in portions
 * that do not keep packets waiting: a command that turns out to be long leaves the rest of itself
 * as the next one.
 *
 * <p>Any thread sends; the packet thread runs. When the packet thread has ended for good, what is
 * sent to it goes to another one.
 */
final class CommandQueue {
  private static final int PORTION = 1024;

  private final Queue<PacketThread.Command> waiting = new ConcurrentLinkedQueue<>();
  private PacketThread.Command unfinished;
  private int budget;
  private volatile Runnable wakeUp = () -> {};
  private volatile PacketThread successor;

  void send(PacketThread.Command command) {
    waiting.add(command);
    if (successor != null) {
      handOver();
    }
    wakeUp.run();
  }

  void onCommand(Runnable newWakeUp) {
    wakeUp = newWakeUp;
  }

  /**
   * Sends to {@code next} what is waiting and what is still to come, in the same order: each
   * command is either seen here, or its sender sees that there is a successor.
   */
  void endIn(PacketThread next) {
    if (unfinished != null) {
      next.send(unfinished);
      unfinished = null;
    }
    successor = next;
    handOver();
  }

  /** By one at a time: two could take two commands and pass them on the other way round. */
  private synchronized void handOver() {
    PacketThread next = successor;
    for (var command = waiting.poll(); command != null; command = waiting.poll()) {
      next.send(command);
    }
  }

  // --- By the packet thread.

  /** Runs a portion of what is waiting; says how many commands that were. */
  int run(PacketThread self, long nowNs) {
    budget = PORTION;
    int done = 0;
    while (budget > 0) {
      PacketThread.Command command = next();
      if (command == null) {
        break;
      }
      budget--;
      done++;
      self.run(command, nowNs);
    }
    return done;
  }

  private PacketThread.Command next() {
    PacketThread.Command rest = unfinished;
    unfinished = null;
    return rest != null ? rest : waiting.poll();
  }

  /** Pieces of work that the command that runs now may still do. */
  int budget() {
    return budget;
  }

  void spend(int pieces) {
    budget -= pieces;
  }

  /** Has {@code rest} run before any other command, in the next portion if this one is used up. */
  void continueWith(PacketThread.Command rest) {
    unfinished = rest;
  }
}
