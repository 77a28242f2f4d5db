/**
 * Devices of the kernel's: an existing interface through a packet socket, and TAP devices of our
 * own making.
 */
package org.sluice.datapath.netdev.linux;
