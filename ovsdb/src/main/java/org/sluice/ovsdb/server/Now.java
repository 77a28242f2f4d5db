package org.sluice.ovsdb.server;

/**
 * The time at which a batch is worked on.
 *
 * @param monotonicMs for timeouts
 * @param wallMs time of day, for the file
 */
record Now(long monotonicMs, long wallMs) {}
