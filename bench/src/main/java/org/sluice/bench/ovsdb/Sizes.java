package org.sluice.bench.ovsdb;

/**
 * How much is measured. Immutable.
 *
 * @param seconds how long each rate is measured, after as long to warm up
 * @param rows rows of the large table
 * @param monitors clients that watch while one thing changes
 * @param ports ports of the large bridge
 * @param rounds how often what takes a time is repeated; the median counts
 */
record Sizes(int seconds, int rows, int monitors, int ports, int rounds) {}
