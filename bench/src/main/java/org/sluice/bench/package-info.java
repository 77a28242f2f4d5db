/**
 * Whole-system benchmarks: the switch's own code over captures replayed from memory, and the peers
 * that it is measured against.
 */
package org.sluice.bench;
