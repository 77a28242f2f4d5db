/**
 * Header and metadata values of a packet as words, masks over them, and the table of fields that
 * names every bit.
 */
package org.sluice.datapath.flow;
