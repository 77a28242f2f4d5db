package org.sluice.datapath.datapath;

/**
 * Is told of errors in the program itself (never in a packet, never in a peer), after they were
 * caught at an agent's boundary and counted. Called by packet threads.
 */
@FunctionalInterface
public interface FaultSink {
  /** {@code where} names the agent. */
  void fault(String where, Throwable cause);
}
