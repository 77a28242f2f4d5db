/** Devices that are connected to nothing but the program: for tests, scripts and measurements. */
package org.sluice.datapath.netdev.dummy;
