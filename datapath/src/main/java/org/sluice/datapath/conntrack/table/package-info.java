/**
 * The connection table: records in off-heap slabs, found by either direction's key, freed by timer
 * wheels. Knows no protocol.
 */
package org.sluice.datapath.conntrack.table;
