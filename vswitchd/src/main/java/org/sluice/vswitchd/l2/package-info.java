/**
 * What a learning switch knows and decides: which port a station is behind, which VLANs a port
 * carries, where a frame of the {@code NORMAL} action goes.
 */
package org.sluice.vswitchd.l2;
