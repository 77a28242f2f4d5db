/**
 * Application-level gateways: protocols whose payload announces connections that nobody opened a
 * port for, and the expectations made from those announcements.
 */
package org.sluice.datapath.conntrack.alg;
