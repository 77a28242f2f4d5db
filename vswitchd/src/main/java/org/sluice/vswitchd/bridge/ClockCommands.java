package org.sluice.vswitchd.bridge;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.sluice.base.clock.WarpClock;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.vswitchd.ofproto.RequestOrder;

/**
 * What a test does to the time: {@code time/stop} and {@code time/warp}. A warp goes step by step,
 * and everything in the switch takes its turn after each. One warp at a time.
 */
final class ClockCommands {
  private static final long NANOS_PER_MILLISECOND = 1_000_000L;

  private static final long PAUSE_MS = 10;

  private final WarpClock clock;
  private final RequestOrder requests;
  private final Supplier<CompletableFuture<Void>> turn;

  /**
   * No warp moves the time while one of {@code requests} is being handled; {@code turn} completes
   * when everything has taken notice of the time.
   */
  ClockCommands(WarpClock clock, RequestOrder requests, Supplier<CompletableFuture<Void>> turn) {
    this.clock = clock;
    this.requests = requests;
    this.turn = turn;
  }

  void registerIn(UnixctlCommands commands) {
    commands.register("time/stop", "", 0, 0, _ -> stop());
    commands.registerDeferred("time/warp", "[large_msecs] msecs", 1, 2, this::warp);
  }

  private UnixctlReply stop() {
    clock.stop();
    return UnixctlReply.NOTHING;
  }

  private CompletableFuture<UnixctlReply> warp(UnixctlRequest request) {
    long stepMs = number(request.args().getLast());
    long totalMs = request.args().size() == 1 ? stepMs : number(request.args().getFirst());
    if (stepMs <= 0 || totalMs < 0) {
      return CompletableFuture.completedFuture(UnixctlReply.error("invalid MSECS"));
    }
    CompletableFuture<UnixctlReply> reply = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("time-warp")
        .start(() -> {
          warp(Math.max(totalMs, 1), stepMs);
          reply.complete(UnixctlReply.text("warped"));
        });
    return reply;
  }

  private synchronized void warp(long totalMs, long stepMs) {
    pause();
    requests.enter();
    try {
      for (long leftMs = totalMs; leftMs > 0; leftMs -= stepMs) {
        clock.advanceNs(Math.min(leftMs, stepMs) * NANOS_PER_MILLISECOND);
        turn.get().join();
      }
    } finally {
      requests.leave();
    }
  }

  /** Lets what was sent to the switch before arrive before the time moves. */
  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,12}") ? Long.parseLong(text) : -1;
  }
}
