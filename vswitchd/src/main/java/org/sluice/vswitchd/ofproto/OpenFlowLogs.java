package org.sluice.vswitchd.ofproto;

import org.sluice.base.log.Vlog;

/**
 * Where OpenFlow connections write what is to be said of them.
 *
 * @param connmgr what peers do, in sum
 * @param rconn of connections as such
 * @param vconn every message, at debug level
 */
public record OpenFlowLogs(Vlog connmgr, Vlog rconn, Vlog vconn) {}
