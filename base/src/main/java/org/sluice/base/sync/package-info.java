/** Agents (loops that somebody else may step) and what they share: queues of commands. */
package org.sluice.base.sync;
