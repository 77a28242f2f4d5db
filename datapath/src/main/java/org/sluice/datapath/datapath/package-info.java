/**
 * The packet loop: receive, look up, act, transmit; and what it asks for when a lookup misses
 * ({@link org.sluice.datapath.datapath.Upcall}, implemented above this module).
 */
package org.sluice.datapath.datapath;
