/**
 * Connections that come, change and go, as a stream for programs: {@link
 * org.sluice.datapath.conntrack.event.EventRing}.
 */
package org.sluice.datapath.conntrack.event;
