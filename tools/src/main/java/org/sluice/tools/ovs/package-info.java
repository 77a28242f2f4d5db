/** The commands that bear the names of Open vSwitch's programs and take their options. */
package org.sluice.tools.ovs;
