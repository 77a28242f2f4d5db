/**
 * From OpenFlow to the datapath: walks a packet through bridges and flow tables once, and returns
 * datapath actions with the mask of all that the walk looked at; later sees to it that what the
 * datapath cached stays true.
 *
 * <p>{@link org.sluice.vswitchd.translate.Translator} changes nothing: what has to happen beside
 * (learning, packet-ins, counting) is returned as {@link org.sluice.vswitchd.translate.Effect}
 * values that {@link org.sluice.vswitchd.translate.UpcallHandler} and {@link
 * org.sluice.vswitchd.translate.Revalidator} perform through {@link
 * org.sluice.vswitchd.translate.Edge}.
 */
package org.sluice.vswitchd.translate;
