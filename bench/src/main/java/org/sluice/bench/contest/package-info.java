/**
 * Measuring two programs in turn: what is measured, how often, and the table that shows both. Knows
 * neither databases nor switches.
 */
package org.sluice.bench.contest;
