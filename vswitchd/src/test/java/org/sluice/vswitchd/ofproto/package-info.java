/** Examples for the OpenFlow switch. */
package org.sluice.vswitchd.ofproto;
