/**
 * Devices: what a port's frames come from and go to. {@link org.sluice.datapath.netdev.Netdev} is
 * the interface; each kind of device (a Linux interface, a TAP, a capture, a dummy) is a provider
 * of it.
 */
package org.sluice.datapath.netdev;
