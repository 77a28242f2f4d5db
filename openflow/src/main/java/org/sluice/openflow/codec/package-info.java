/**
 * OpenFlow on the wire, versions 1.0 to 1.5: bytes to messages and back. A decoder never throws at
 * its caller: it gives a message, or the error to send back.
 */
package org.sluice.openflow.codec;
