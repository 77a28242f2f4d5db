package org.sluice.base.unixctl;

/**
 * Carries out a command.
 *
 * <p>Called on a virtual thread of the client's connection: it may block, but state that belongs to
 * an agent it asks for by a command to that agent.
 */
@FunctionalInterface
public interface UnixctlHandler {
  UnixctlReply handle(UnixctlRequest request);
}
