package org.sluice.datapath.datapath;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The packet threads of a datapath, which ports each of them receives from, and how both change
 * while packets go on.
 *
 * <p>A port moves by two commands: the thread that has it gives it up, and then sends the other one
 * for it, so that never two receive from one device. Devices are locked for transmission before a
 * second thread comes, and no longer when it has gone. A thread that is to go first gives up its
 * ports and its megaflows; what it has counted is kept.
 *
 * <p>Reading is for any thread; changes are made one after the other, under the datapath's lock.
 */
final class Crew {
  private final DatapathParts parts;
  private volatile State state;
  private int wanted;
  private int missesPerSecond;

  /** The threads as they are, and the counters of those that are no more. */
  private record State(List<PacketThread> threads, ThreadCounters retired) {}

  Crew(DatapathParts parts) {
    this.parts = parts;
    this.wanted = parts.options().threads();
    this.missesPerSecond = parts.options().missesPerSecond();
    List<PacketThread> made = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      made.add(new PacketThread(i, parts, wanted > 1));
    }
    this.state = new State(List.copyOf(made), new ThreadCounters());
  }

  List<PacketThread> threads() {
    return state.threads;
  }

  /** The counters of all threads that ever were. */
  List<ThreadCounters> counters() {
    State now = state;
    List<ThreadCounters> all = new ArrayList<>();
    now.threads.forEach(thread -> all.add(thread.counters()));
    all.add(now.retired);
    return all;
  }

  void send(PacketThread.Command command) {
    threads().forEach(thread -> thread.send(command));
  }

  /** Completes when every one of {@code threads} has carried out all commands sent before. */
  static CompletableFuture<Void> fence(List<PacketThread> threads) {
    CompletableFuture<?>[] passed = new CompletableFuture<?>[threads.size()];
    for (int i = 0; i < passed.length; i++) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      threads.get(i).send((self, nowNs) -> done.complete(null));
      passed[i] = done;
    }
    return CompletableFuture.allOf(passed);
  }

  /** The thread with the fewest ports, of those that are to stay. */
  PacketThread leastLoaded(Collection<Port> ports) {
    return threads().get(lightest(load(ports)));
  }

  private int lightest(int[] load) {
    int best = 0;
    for (int i = 1; i < wanted; i++) {
      if (load[i] < load[best]) {
        best = i;
      }
    }
    return best;
  }

  private int[] load(Collection<Port> ports) {
    int[] load = new int[Math.max(wanted, threads().size())];
    ports.forEach(port -> load[port.thread().index()]++);
    return load;
  }

  // --- Changes.

  void setMissesPerSecond(int misses) {
    missesPerSecond = misses;
    send((self, nowNs) -> self.setMissesPerSecond(misses, nowNs));
  }

  /** Before a second thread comes: the first one is about to have company on its devices. */
  CompletableFuture<Void> prepare(int count) {
    if (count > 1) {
      send((self, nowNs) -> self.shareDevices(true));
    }
    return fence(threads());
  }

  /**
   * Goes over to {@code count} threads; {@code started} is told of each new one, and has to step it
   * from then on. Completes with those that have nothing to do any more; they have to be retired
   * before the next change.
   */
  CompletableFuture<List<PacketThread>> resize(
      int count, Collection<Port> ports, Consumer<PacketThread> started) {
    for (int i = threads().size(); i < count; i++) {
      grow(ports, started);
    }
    wanted = count;
    List<PacketThread> leaving = threads().subList(count, threads().size());
    return balance(ports)
        .thenCompose(_ -> {
          leaving.forEach(thread -> thread.send((self, nowNs) -> self.flush()));
          return fence(leaving);
        })
        .thenApply(_ -> leaving);
  }

  private void grow(Collection<Port> ports, Consumer<PacketThread> started) {
    List<PacketThread> now = threads();
    PacketThread made = new PacketThread(now.size(), parts, true);
    int misses = missesPerSecond;
    made.send((self, nowNs) -> self.setMissesPerSecond(misses, nowNs));
    ports.forEach(port -> made.send((self, nowNs) -> self.attach(port, nowNs)));
    started.accept(made);
    List<PacketThread> all = new ArrayList<>(now);
    all.add(made);
    state = new State(List.copyOf(all), state.retired);
    wanted = all.size();
  }

  /** Moves ports until every thread that stays has as many as any other, or one more. */
  private CompletableFuture<Void> balance(Collection<Port> ports) {
    int[] load = load(ports);
    List<CompletableFuture<Void>> moves = new ArrayList<>();
    for (Port port : ports) {
      int from = port.thread().index();
      int to = lightest(load);
      if (from >= wanted || load[from] > load[to] + 1) {
        load[from]--;
        load[to]++;
        moves.add(move(port, threads().get(to)));
      }
    }
    return CompletableFuture.allOf(moves.toArray(CompletableFuture<?>[]::new));
  }

  private static CompletableFuture<Void> move(Port port, PacketThread to) {
    CompletableFuture<Void> moved = new CompletableFuture<>();
    PacketThread from = port.thread();
    port.giveTo(to);
    from.send((self, nowNs) -> {
      self.release(port);
      to.send((other, laterNs) -> {
        other.receiveFrom(port, laterNs);
        moved.complete(null);
      });
    });
    return moved;
  }

  /** Strikes off threads that nobody steps any more. */
  void retire(Collection<PacketThread> gone) {
    List<PacketThread> staying =
        threads().stream().filter(thread -> !gone.contains(thread)).toList();
    gone.forEach(thread -> thread.endIn(staying.getFirst()));
    List<ThreadCounters> counted = new ArrayList<>(List.of(state.retired));
    gone.forEach(thread -> counted.add(thread.counters()));
    state = new State(staying, ThreadCounters.sum(counted));
    if (staying.size() == 1) {
      send((self, nowNs) -> self.shareDevices(false));
    }
  }
}
