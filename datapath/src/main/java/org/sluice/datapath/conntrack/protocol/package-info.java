/**
 * What tracking knows of each protocol: which packets may start a connection, how packets move it
 * on, and which tuple a packet is looked up by.
 */
package org.sluice.datapath.conntrack.protocol;
