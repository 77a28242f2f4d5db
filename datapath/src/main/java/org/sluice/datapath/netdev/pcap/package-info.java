/** Capture files in the classic pcap format: read, written, and as devices. */
package org.sluice.datapath.netdev.pcap;
