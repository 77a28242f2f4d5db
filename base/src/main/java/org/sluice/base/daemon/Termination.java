package org.sluice.base.daemon;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.sluice.base.linux.Processes;
import org.sluice.base.log.Vlog;

/**
 * How a daemon ends: whatever ends it, its files go. SIGTERM, SIGINT, SIGHUP and SIGALRM are
 * logged, and the process then dies by that signal, as its parent may want to see.
 *
 * <p>Thread-safe.
 */
public final class Termination {
  private static final Map<String, String> SIGNALS =
      Map.of("TERM", "Terminated", "INT", "Interrupt", "HUP", "Hangup", "ALRM", "Alarm clock");

  private final Vlog log;
  private final Deque<Runnable> hooks = new ArrayDeque<>();

  public Termination(Vlog log) {
    this.log = log;
  }

  /** Starts handling the signals. */
  public void handleSignals() {
    SIGNALS.keySet().forEach(name -> Signals.handle(name, number -> onSignal(name, number)));
  }

  /** Has {@code hook} run at the end, before those that were added earlier. */
  public synchronized void atEnd(Runnable hook) {
    hooks.push(hook);
  }

  /** Runs what was to be run at the end, once. */
  public synchronized void run() {
    while (!hooks.isEmpty()) {
      try {
        hooks.pop().run();
      } catch (RuntimeException e) {
        log.err("ending: %s", e.toString());
      }
    }
  }

  private void onSignal(String name, int number) {
    log.warn("terminating with signal %d (%s)", number, SIGNALS.get(name));
    run();
    Processes.dieBy(number);
  }
}
