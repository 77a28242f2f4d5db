/**
 * The database's configuration made to run, and what runs reported back: {@link
 * org.sluice.vswitchd.bridge.DesiredConfiguration} reads rows into values, {@link
 * org.sluice.vswitchd.bridge.Reconciler} makes the switch like them, {@link
 * org.sluice.vswitchd.bridge.StatusWriter} writes back what became of it.
 */
package org.sluice.vswitchd.bridge;
