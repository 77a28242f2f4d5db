/**
 * Measuring two programs in turn: what is measured, how often, the table that shows both, and what
 * the benchmarks' command lines have in common. Knows neither databases nor switches.
 */
package org.sluice.bench.contest;
