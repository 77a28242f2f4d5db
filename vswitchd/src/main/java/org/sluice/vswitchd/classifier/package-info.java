/**
 * One OpenFlow table's rules and the search among them: the best rule for a packet, and which bits
 * of the packet the answer rests on.
 */
package org.sluice.vswitchd.classifier;
